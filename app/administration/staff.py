"""What an admin does about who works at the clinic."""

from datetime import datetime
from typing import Any
from uuid import UUID

from app.access import invitations
from app.access.policy import Role
from app.access.queries import end_sessions, proofs
from app.administration.changing import patched
from app.administration.queries import staff as queries
from app.administration.schemas import StaffFields, StaffIn, StaffPatch
from app.kit import clock
from app.kit.bodies import Unread
from app.kit.db import Db, Row
from app.kit.errors import Conflict
from app.kit.ids import new_id

Json = dict[str, Any]


class EmailTaken(Conflict):
    """Somebody at the clinic signs in by that e-mail already."""

    name = "email-taken"
    title = "Somebody at the clinic has that e-mail"


class LastAdmin(Conflict):
    """Nobody would be left who may let others in."""

    name = "last-admin"
    title = "The clinic would have no admin left"


async def add(db: Db, by: UUID, unread: Unread[StaffIn]) -> Json:
    """Somebody new, with a code to choose a password by. Raises EmailTaken."""
    sent = unread.read()
    staff_id = new_id()
    kept = await queries.add(
        db,
        id=staff_id,
        email=sent.email,
        name=sent.name,
        role=sent.role.value,
        password_hash=None,
        active=True,
        created_at=clock.now(),
    )
    if not kept:
        raise EmailTaken(existing_id=str(await queries.find_by_email(db, sent.email)))
    code, expires_at = await invitations.invite(db, staff_id, by)
    own = dict(await queries.get(db, staff_id))
    return own | {"invitation_code": code, "invitation_expires_at": expires_at}


async def invite(db: Db, by: UUID, staff_id: UUID) -> Json:
    """A new code for somebody who never came, or who lost their password.

    Until it is redeemed the old password works. Raises NotFound, and Conflict for who has left.
    """
    row = await queries.lock(db, staff_id)
    if not row["active"]:
        raise Conflict("Whoever has left is not invited: set active first.")
    code, expires_at = await invitations.invite(db, staff_id, by)
    return {"staff_id": staff_id, "code": code, "expires_at": expires_at}


async def change(db: Db, staff_id: UUID, match: str | None, unread: Unread[StaffPatch]) -> Row:
    """Change a name, a role, or whether somebody works here.

    Another role and the end of work end every session at once. Raises LastAdmin.
    """
    admins = await queries.lock_admins(db)
    row = await queries.lock(db, staff_id)
    was = {name: row[name] for name in StaffFields.model_fields}
    after, changed = patched(StaffFields, row, was, match, unread)
    if not changed:
        return await queries.get(db, staff_id)
    stays = after.active and after.role == Role.ADMIN
    if admins == {staff_id} and not stays:
        raise LastAdmin
    values = after.model_dump() | {"role": after.role.value}
    await queries.change(db, staff_id, **values)
    if (after.role.value, after.active) != (row["role"], row["active"]):
        await end_sessions(db, staff_id, clock.now())
    if not after.active:
        await proofs.revoke_invitations(db, staff_id, clock.now())
    return await queries.get(db, staff_id)


async def remove_second_factor(db: Db, staff_id: UUID) -> Row:
    """Take off the second factor of somebody who lost it, and end their sessions. Again is fine."""
    await queries.lock(db, staff_id)
    await proofs.drop_factor(db, staff_id)
    await end_sessions(db, staff_id, clock.now())
    return await queries.get(db, staff_id)


async def sessions(db: Db, staff_id: UUID, own: bytes) -> Json:
    """Where somebody is signed in. `own` is the hash of the token that asks. Raises NotFound."""
    await queries.get(db, staff_id)
    rows = await queries.sessions(db, staff_id, clock.now())
    return {"items": [session(row, own) for row in rows], "next_cursor": None}


async def end_session(db: Db, staff_id: UUID, session_id: UUID, own: bytes) -> Json:
    """End one session at once. Again is harmless. Raises NotFound."""
    return session(await queries.end_session(db, staff_id, session_id, clock.now()), own)


async def end_others(db: Db, staff_id: UUID, own: bytes) -> Json:
    """End every session of somebody but the one that asks. Raises NotFound."""
    await queries.get(db, staff_id)
    now: datetime = clock.now()
    return {"ended": await queries.end_others(db, staff_id, own, now)}


def session(row: Row, own: bytes) -> Json:
    """A session as the API shows it: without the token's hash."""
    told = dict(row)
    return told | {"current": told.pop("sha256") == own}
