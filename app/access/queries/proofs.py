"""Statements about how somebody shows who they are: passwords, invitations, second factors.

Those that a reset runs name the clinic themselves: the owner runs it, whom no wall holds.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, delete, select, update

from app.access.tables import Invitation, RecoveryCode, SecondFactor, Staff
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of

F, N, R = table_of(SecondFactor), table_of(Invitation), table_of(RecoveryCode)
S = table_of(Staff)

SET_PASSWORD = Sql(
    update(S)
    .where(S.c.id == bindparam("staff_id"))
    .values(password_hash=bindparam("new_hash"), version=S.c.version + 1)
    .returning(S.c.email, S.c.name, S.c.role)
)


async def set_password(db: Db, staff_id: UUID, password_hash: str) -> Row:
    """Keep a new password's hash; whose it is."""
    row = await db.row(SET_PASSWORD, staff_id=staff_id, new_hash=password_hash)
    assert row is not None, "an invitation has its member of staff"
    return row


RESET = Sql(
    update(S)
    .where(S.c.clinic_id == bindparam("of_clinic"), S.c.email == bindparam("of_email"))
    .values(password_hash=bindparam("new_hash"), active=True, version=S.c.version + 1)
    .returning(S.c.id)
)


async def reset(db: Db, email: str, password_hash: str) -> UUID | None:
    """A new password's hash for whoever signs in so, who is active again; None for nobody."""
    given = {"of_clinic": db.clinic_id, "of_email": email, "new_hash": password_hash}
    staff_id: UUID | None = await db.value(RESET, **given)
    return staff_id


def _open(*conditions: Any) -> Any:
    return update(N).where(N.c.redeemed_at.is_(None), N.c.revoked_at.is_(None), *conditions)


REVOKE_INVITATIONS = Sql(
    _open(N.c.clinic_id == bindparam("of_clinic"), N.c.staff_id == bindparam("of_staff")).values(
        revoked_at=bindparam("at", type_=N.c.revoked_at.type)
    )
)

REDEEM_INVITATION = Sql(
    _open(N.c.id == bindparam("invitation_id"))
    .values(redeemed_at=bindparam("at", type_=N.c.redeemed_at.type))
    .returning(N.c.id)
)


async def revoke_invitations(db: Db, staff_id: UUID, at: datetime) -> None:
    """A member of staff's open invitations are no longer good."""
    await db.run(REVOKE_INVITATIONS, of_clinic=db.clinic_id, of_staff=staff_id, at=at)


async def redeem_invitation(db: Db, invitation_id: UUID, at: datetime) -> bool:
    """Use an invitation up; False when it was used or revoked before."""
    return await db.value(REDEEM_INVITATION, invitation_id=invitation_id, at=at) is not None


FIND_FACTOR = Sql(select(F).where(F.c.staff_id == bindparam("staff_id")).with_for_update())

DROP_FACTOR = Sql(
    delete(F).where(F.c.clinic_id == bindparam("of_clinic"), F.c.staff_id == bindparam("of_staff"))
)

DROP_RECOVERY_CODES = Sql(
    delete(R).where(R.c.clinic_id == bindparam("of_clinic"), R.c.staff_id == bindparam("of_staff"))
)

CONFIRM_FACTOR = Sql(
    update(F)
    .where(F.c.staff_id == bindparam("of_staff"))
    .values(confirmed_at=bindparam("at", type_=F.c.confirmed_at.type), used_step=bindparam("step"))
)

TAKE_STEP = Sql(
    update(F)
    .where(F.c.staff_id == bindparam("of_staff"), F.c.used_step < bindparam("step"))
    .values(used_step=bindparam("step"))
    .returning(F.c.id)
)

USE_RECOVERY_CODE = Sql(
    update(R)
    .where(
        R.c.staff_id == bindparam("of_staff"),
        R.c.sha256 == bindparam("code"),
        R.c.used_at.is_(None),
    )
    .values(used_at=bindparam("at", type_=R.c.used_at.type))
    .returning(R.c.id)
)


async def find_factor(db: Db, staff_id: UUID) -> Row | None:
    """A member of staff's second factor, confirmed or not, held: of two codes one is first."""
    return await db.row(FIND_FACTOR, staff_id=staff_id)


async def drop_factor(db: Db, staff_id: UUID) -> None:
    """Take a second factor off, with its recovery codes."""
    for sql in (DROP_FACTOR, DROP_RECOVERY_CODES):
        await db.run(sql, of_clinic=db.clinic_id, of_staff=staff_id)


async def confirm_factor(db: Db, staff_id: UUID, step: int, at: datetime) -> None:
    """From now on a code is asked for, and the one that was shown is used."""
    await db.run(CONFIRM_FACTOR, of_staff=staff_id, step=step, at=at)


async def take_step(db: Db, staff_id: UUID, step: int) -> bool:
    """Use a half minute's code up; False when it, or a later one, was used before."""
    return await db.value(TAKE_STEP, of_staff=staff_id, step=step) is not None


async def use_recovery_code(db: Db, staff_id: UUID, sha256: bytes, at: datetime) -> bool:
    """Use a recovery code up; False when there is none such, or it was used."""
    return await db.value(USE_RECOVERY_CODE, of_staff=staff_id, code=sha256, at=at) is not None
