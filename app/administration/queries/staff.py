"""Statements about who works at a clinic, and where they are signed in."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.access.tables import RecoveryCode, SecondFactor, Staff, Token
from app.administration.queries.listed import Listed, found
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of

S, T = table_of(Staff), table_of(Token)
F, R = table_of(SecondFactor), table_of(RecoveryCode)

CONFIRMED = (
    select(F.c.id)
    .where(F.c.staff_id == S.c.id, F.c.confirmed_at.is_not(None))
    .correlate(S)
    .exists()
)

SHOWN = (
    S.c.id,
    S.c.version,
    S.c.email,
    S.c.name,
    S.c.role,
    S.c.active,
    S.c.password_hash.is_not(None).label("has_password"),
    CONFIRMED.label("second_factor"),
    S.c.created_at,
)


LISTED = Listed(S, SHOWN, told=("email", "name", "role", "active"))

page, get, lock, versions = LISTED.page, LISTED.get, LISTED.lock, LISTED.versions

BY_EMAIL = Sql(select(S.c.id).where(S.c.email == bindparam("email")))

ADD = Sql(
    insert(S)
    .values({c.name: bindparam(c.name, type_=c.type) for c in S.c if c.server_default is None})
    .on_conflict_do_nothing()
    .returning(S.c.id)
)

CHANGE = Sql(
    update(S)
    .where(S.c.id == bindparam("staff_id"))
    .values(
        name=bindparam("new_name"),
        role=bindparam("new_role"),
        active=bindparam("new_active"),
        version=S.c.version + 1,
    )
)

ADMINS = Sql(
    select(S.c.id)
    .where(S.c.role == "admin", S.c.active, S.c.password_hash.is_not(None))
    .order_by(S.c.id)
    .with_for_update()
)


async def find_by_email(db: Db, email: str) -> UUID | None:
    """Who signs in by an e-mail."""
    staff_id: UUID | None = await db.value(BY_EMAIL, email=email)
    return staff_id


async def add(db: Db, **values: Any) -> bool:
    """Keep somebody new; False where the e-mail is taken."""
    return await db.value(ADD, clinic_id=db.clinic_id, **values) is not None


async def change(db: Db, staff_id: UUID, **values: Any) -> None:
    """Write a new version of somebody."""
    await db.run(CHANGE, staff_id=staff_id, **{f"new_{k}": v for k, v in values.items()})


async def lock_admins(db: Db) -> set[UUID]:
    """Everybody who can sign in as an admin, held: of two who step down one is the last."""
    return {row["id"] for row in await db.rows(ADMINS)}


HASH = Sql(select(S.c.password_hash).where(S.c.id == bindparam("staff_id"), S.c.active))


async def find_hash(db: Db, staff_id: UUID) -> str | None:
    """The hash of somebody's password."""
    kept: str | None = await db.value(HASH, staff_id=staff_id)
    return kept


LIVE = (T.c.revoked_at.is_(None), T.c.expires_at > bindparam("now", type_=T.c.expires_at.type))

SESSION = (T.c.id, T.c.issued_at, T.c.expires_at, T.c.revoked_at.label("ended_at"), T.c.sha256)

SESSIONS = Sql(
    select(*SESSION)
    .where(T.c.subject_id == bindparam("staff_id"), *LIVE)
    .order_by(T.c.issued_at.desc(), T.c.id.desc())
)

END_SESSION = Sql(
    update(T)
    .where(T.c.subject_id == bindparam("staff_id"), T.c.id == bindparam("session_id"))
    .values(revoked_at=func.coalesce(T.c.revoked_at, bindparam("now", type_=T.c.revoked_at.type)))
    .returning(*SESSION)
)

END_OTHERS = Sql(
    update(T)
    .where(T.c.subject_id == bindparam("staff_id"), T.c.sha256 != bindparam("keep"), *LIVE)
    .values(revoked_at=bindparam("now", type_=T.c.revoked_at.type))
    .returning(T.c.id)
)


async def sessions(db: Db, staff_id: UUID, now: datetime) -> list[Row]:
    """Where somebody is signed in, the latest first."""
    return await db.rows(SESSIONS, staff_id=staff_id, now=now)


async def end_session(db: Db, staff_id: UUID, session_id: UUID, now: datetime) -> Row:
    """End one session; again is harmless. Raises NotFound for anybody else's."""
    row = await db.row(END_SESSION, staff_id=staff_id, session_id=session_id, now=now)
    return found(row)


async def end_others(db: Db, staff_id: UUID, keep: bytes, now: datetime) -> int:
    """End somebody's sessions but the one whose token this is; how many there were."""
    return len(await db.rows(END_OTHERS, staff_id=staff_id, keep=keep, now=now))


CODES_LEFT = Sql(
    select(func.count())
    .select_from(R)
    .where(R.c.staff_id == bindparam("staff_id"), R.c.used_at.is_(None))
)


async def recovery_codes_left(db: Db, staff_id: UUID) -> int:
    """How many recovery codes are still good."""
    return int(await db.value(CODES_LEFT, staff_id=staff_id))
