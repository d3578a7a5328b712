"""Giving people and programs a way in."""

from uuid import UUID

from app.access import passwords, queries
from app.access.policy import Role
from app.access.queries import proofs
from app.kit import clock
from app.kit.db import Db
from app.kit.ids import new_id


async def hire(db: Db, *, email: str, role: Role, name: str | None = None) -> tuple[UUID, str]:
    """Someone new who works at the clinic: their id, and the password made for them."""
    staff_id, password = new_id(), passwords.new_password()
    await queries.add(
        db,
        queries.ADD_STAFF,
        id=staff_id,
        email=email.lower(),
        name=name,
        role=role.value,
        password_hash=passwords.HASHER.hash(password),
        active=True,
        created_at=clock.now(),
    )
    return staff_id, password


async def reset(db: Db, email: str) -> tuple[UUID, str] | None:
    """A new password for whoever signs in by this e-mail; None for nobody.

    Their second factor is taken off, their sessions and invitations end, and they may come in
    again if they had left: it is the last resort of whoever owns the database.
    """
    password, now = passwords.new_password(), clock.now()
    staff_id = await proofs.reset(db, email, passwords.HASHER.hash(password))
    if staff_id is None:
        return None
    await proofs.drop_factor(db, staff_id)
    await proofs.revoke_invitations(db, staff_id, now)
    await queries.end_sessions(db, staff_id, now)
    return staff_id, password


async def register(db: Db, *, name: str, scope: str) -> tuple[UUID, str]:
    """A new program that works for the clinic: its client_id, and its secret."""
    client_id, secret, now = new_id(), passwords.new_secret("agc"), clock.now()
    await queries.add(
        db,
        queries.ADD_CLIENT,
        id=client_id,
        name=name,
        scope=scope,
        active=True,
        created_at=now,
    )
    await queries.add(
        db,
        queries.ADD_SECRET,
        id=new_id(),
        client_id=client_id,
        sha256=passwords.fingerprint(secret),
        created_at=now,
        revoked_at=None,
        last_used_at=None,
    )
    return client_id, secret
