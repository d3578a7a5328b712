"""Invitations: a code with which somebody chooses a password, once. No password goes on paper."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from app.access import passwords, queries
from app.access.actions import NO_CODE, SignIn
from app.access.policy import Caller, Viewer
from app.access.queries import proofs
from app.clinics import queries as clinics
from app.kit import clock
from app.kit.db import Db, Row
from app.kit.errors import NotFound
from app.kit.ids import new_id

LIFE = timedelta(hours=72)
"""As an enrolment's: it lasts over a weekend."""


async def invite(db: Db, staff_id: UUID, by: UUID | None) -> tuple[str, datetime]:
    """A new code for a member of staff, and until when it is good. Earlier ones are no longer."""
    code, now = passwords.new_code(), clock.now()
    await proofs.revoke_invitations(db, staff_id, now)
    await queries.add(
        db,
        queries.ADD_INVITATION,
        id=new_id(),
        staff_id=staff_id,
        sha256=passwords.fingerprint(passwords.plain_code(code)),
        created_at=now,
        created_by=by,
        expires_at=now + LIFE,
        redeemed_at=None,
        revoked_at=None,
    )
    return code, now + LIFE


async def redeem(signing: SignIn, code: str, password: str, address: str) -> dict[str, Any]:
    """Choose a password by a code: who may now sign in, and where. Their sessions end.

    Raises NotFound for any code that fails, TooMany for many.
    """
    knocks = [passwords.door("invitation", address)]
    sha256 = passwords.fingerprint(passwords.plain_code(code))
    async with signing.pool.connection() as connection:
        find = partial(queries.invitation_by_code, connection, sha256)
        row = await signing.wait(connection, knocks, find)
    if row is None or not good(row, clock.now()):
        await signing.failed(knocks, invited(row), NotFound)
        raise NotFound(NO_CODE)
    password_hash = await passwords.hashed(password)
    async with signing.pool.confined(row["clinic_id"], actor=row["staff_id"]) as db:
        now = clock.now()
        if not await proofs.redeem_invitation(db, row["id"], now):
            raise NotFound(NO_CODE)
        someone = await proofs.set_password(db, row["staff_id"], password_hash)
        await queries.end_sessions(db, row["staff_id"], now)
        clinic = await clinics.get(db)
    return {"clinic": clinic["slug"], **dict(someone)}


def invited(row: Row | None) -> Viewer | None:
    """Whoever an invitation was made for."""
    return Viewer(row["staff_id"], row["clinic_id"], Caller.STAFF, "invited") if row else None


def good(row: Row, now: datetime) -> bool:
    """Whether an invitation can be redeemed."""
    used = row["redeemed_at"] is not None or row["revoked_at"] is not None
    return bool(row["active"]) and not used and row["expires_at"] > now
