"""Statements about credentials.

Those at the top run before anyone is signed in. They are functions of the database, which ask for
a hash or a name and answer one row: the login role can do nothing else.
"""

from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import Table, bindparam, case, func, insert, select, update

from app.access.policy import Caller, Viewer
from app.access.tables import (
    Client,
    ClientSecret,
    Device,
    Enrolment,
    Invitation,
    RecoveryCode,
    RefreshToken,
    SecondFactor,
    Staff,
    Token,
)
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of

VIEWER_OF = "SELECT * FROM viewer_of($1)"
ENDED_TOKEN = "SELECT * FROM ended_token($1)"  # noqa: S105  # a statement, no secret
STAFF_BY_EMAIL = "SELECT * FROM staff_by_email($1, $2)"
CLIENT_BY_ID = "SELECT * FROM client_by_id($1)"
ENROLMENT_BY_CODE = "SELECT * FROM enrolment_by_code($1)"
INVITATION_BY_CODE = "SELECT * FROM invitation_by_code($1)"
REFRESH_BY_TOKEN = "SELECT * FROM refresh_by_token($1)"  # noqa: S105  # a statement, no secret
FAILURES_OF = "SELECT * FROM failures_of($1)"
NOTE_FAILURE = "SELECT note_failure($1, $2)"
FORGET_FAILURES = "SELECT forget_failures($1)"
FORGET_EXPIRED = "SELECT forget_expired($1)"


async def viewer_of(connection: asyncpg.Connection, sha256: bytes) -> Viewer | None:
    """Whoever holds this token, while it lasts: one look-up by a unique key."""
    row = await connection.fetchrow(VIEWER_OF, sha256)
    if row is None:
        return None
    return Viewer(
        id=row["subject_id"],
        clinic_id=row["clinic_id"],
        caller=Caller(row["caller"]),
        role=row["role"],
        scope=row["scope"],
        patient_id=row["patient_id"],
        time_zone=row["time_zone"] or "",
        patient_voided=bool(row["voided"]),
    )


async def ended_token(connection: asyncpg.Connection, sha256: bytes) -> Viewer | None:
    """Whoever held this token, which was ended before its time."""
    row = await connection.fetchrow(ENDED_TOKEN, sha256)
    if row is None:
        return None
    caller, patient_id = Caller(row["caller"]), row["patient_id"]
    return Viewer(row["subject_id"], row["clinic_id"], caller, row["role"], "", patient_id)


async def staff_by_email(connection: asyncpg.Connection, slug: str, email: str) -> Row | None:
    """A member of staff of the clinic with this slug, active or not, and the clinic."""
    row: Row | None = await connection.fetchrow(STAFF_BY_EMAIL, slug, email)
    return row


async def client_by_id(connection: asyncpg.Connection, client_id: UUID) -> Row | None:
    """A client with the hashes of its live secrets."""
    row: Row | None = await connection.fetchrow(CLIENT_BY_ID, client_id)
    return row


async def enrolment_by_code(connection: asyncpg.Connection, sha256: bytes) -> Row | None:
    """The enrolment that a code opens, redeemed or expired ones too."""
    row: Row | None = await connection.fetchrow(ENROLMENT_BY_CODE, sha256)
    return row


async def invitation_by_code(connection: asyncpg.Connection, sha256: bytes) -> Row | None:
    """The invitation that a code opens, redeemed, revoked or expired ones too."""
    row: Row | None = await connection.fetchrow(INVITATION_BY_CODE, sha256)
    return row


async def refresh_by_token(connection: asyncpg.Connection, sha256: bytes) -> Row | None:
    """A refresh token with its device."""
    row: Row | None = await connection.fetchrow(REFRESH_BY_TOKEN, sha256)
    return row


async def failures_of(connection: asyncpg.Connection, key: bytes) -> Row | None:
    """How often and when last someone failed at this door."""
    row: Row | None = await connection.fetchrow(FAILURES_OF, key)
    return row


async def note_failure(connection: asyncpg.Connection, key: bytes, at: datetime) -> None:
    """Count a failure."""
    await connection.execute(NOTE_FAILURE, key, at)


async def forget_failures(connection: asyncpg.Connection, key: bytes) -> None:
    """Someone got in: the count starts anew."""
    await connection.execute(FORGET_FAILURES, key)


async def forget_expired(connection: asyncpg.Connection, at: datetime) -> None:
    """Delete, in every clinic, tokens, answers to Idempotency-Keys and failures that expired."""
    await connection.execute(FORGET_EXPIRED, at)


def _insert(table: Table) -> Sql:
    named = (c for c in table.c if c.server_default is None)
    return Sql(insert(table).values({c.name: bindparam(c.name, type_=c.type) for c in named}))


ADD_STAFF = _insert(table_of(Staff))
ADD_CLIENT = _insert(table_of(Client))
ADD_SECRET = _insert(table_of(ClientSecret))
ADD_DEVICE = _insert(table_of(Device))
ADD_ENROLMENT = _insert(table_of(Enrolment))
ADD_REFRESH = _insert(table_of(RefreshToken))
ADD_TOKEN = _insert(table_of(Token))

ADD_INVITATION = _insert(table_of(Invitation))
ADD_FACTOR = _insert(table_of(SecondFactor))
ADD_RECOVERY_CODE = _insert(table_of(RecoveryCode))

D, E, T = table_of(Device), table_of(Enrolment), table_of(Token)
P = table_of(ClientSecret)

LOCK_DEVICE = Sql(select(D).where(D.c.id == bindparam("id")).with_for_update())

USE_GENERATION = Sql(
    update(D)
    .where(D.c.id == bindparam("device_id"))
    .values(
        used_generation=bindparam("generation"),
        used_refresh_id=bindparam("refresh_id"),
        last_seen_at=bindparam("at", type_=D.c.last_seen_at.type),
    )
)

REVOKE_DEVICE = Sql(
    update(D)
    .where(D.c.id == bindparam("device_id"), D.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at", type_=D.c.revoked_at.type))
)

REVOKE_TOKENS = Sql(
    update(T)
    .where(T.c.subject_id == bindparam("subject_id"), T.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at", type_=T.c.revoked_at.type))
)

REVOKE_TOKEN = Sql(
    update(T)
    .where(T.c.sha256 == bindparam("sha256"), T.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at", type_=T.c.revoked_at.type))
)

REDEEM = Sql(
    update(E)
    .where(E.c.id == bindparam("enrolment_id"), E.c.redeemed_at.is_(None), E.c.revoked_at.is_(None))
    .values(redeemed_at=bindparam("at", type_=E.c.redeemed_at.type))
    .returning(E.c.id)
)

DEVICES_OF = Sql(
    select(D.c.id, D.c.name, D.c.held_by, D.c.enrolled_at, D.c.last_seen_at, D.c.revoked_at)
    .where(D.c.patient_id == bindparam("patient_id"))
    .order_by(D.c.enrolled_at, D.c.id)
)


ENROLMENT = (
    E.c.id,
    E.c.patient_id,
    E.c.held_by,
    E.c.created_at,
    E.c.created_by,
    E.c.expires_at,
    E.c.redeemed_at,
    E.c.revoked_at,
)

ENROLMENTS_OF = Sql(
    select(*ENROLMENT)
    .where(E.c.patient_id == bindparam("patient_id"))
    .order_by(E.c.created_at, E.c.id)
)

REVOKE_ENROLMENT = Sql(
    update(E)
    .where(E.c.id == bindparam("enrolment_id"))
    .values(
        revoked_at=case(
            (E.c.redeemed_at.is_not(None), E.c.revoked_at),
            else_=func.coalesce(E.c.revoked_at, bindparam("at", type_=E.c.revoked_at.type)),
        )
    )
    .returning(*ENROLMENT)
)


async def enrolments_of(db: Db, patient_id: UUID) -> list[Row]:
    """The codes that were given for a patient's phones, in their order."""
    return await db.rows(ENROLMENTS_OF, patient_id=patient_id)


async def revoke_enrolment(db: Db, enrolment_id: UUID, at: datetime) -> Row | None:
    """Make a code worthless, unless it was redeemed; None where there is none."""
    return await db.row(REVOKE_ENROLMENT, enrolment_id=enrolment_id, at=at)


async def add(db: Db, sql: Sql, **values: Any) -> None:
    """Keep a new credential; every column is named."""
    await db.run(sql, clinic_id=db.clinic_id, **values)


async def devices_of(db: Db, patient_id: UUID) -> list[Row]:
    """A patient's phones, revoked ones too, in the order they were enrolled."""
    return await db.rows(DEVICES_OF, patient_id=patient_id)


async def revoke_device(db: Db, device_id: UUID, at: datetime) -> None:
    """End a phone's access at once."""
    await db.run(REVOKE_DEVICE, device_id=device_id, at=at)
    await db.run(REVOKE_TOKENS, subject_id=device_id, at=at)


async def redeem(db: Db, enrolment_id: UUID, at: datetime) -> bool:
    """Use a code up; False when it was used before."""
    return await db.value(REDEEM, enrolment_id=enrolment_id, at=at) is not None


USE_SECRET = Sql(
    update(P)
    .where(P.c.client_id == bindparam("of_client"), P.c.sha256 == bindparam("secret"))
    .values(last_used_at=bindparam("at", type_=P.c.last_used_at.type))
)


async def use_secret(db: Db, client_id: UUID, sha256: bytes, at: datetime) -> None:
    """Note when a client's secret last got a token."""
    await db.run(USE_SECRET, of_client=client_id, secret=sha256, at=at)


END_SESSIONS = Sql(
    update(T)
    # The clinic too: the owner of the database ends sessions, and no wall holds the owner.
    .where(
        T.c.clinic_id == bindparam("of_clinic"),
        T.c.subject_id == bindparam("subject_id"),
        T.c.revoked_at.is_(None),
    )
    .values(revoked_at=bindparam("at", type_=T.c.revoked_at.type))
)


async def end_sessions(db: Db, staff_id: UUID, at: datetime) -> None:
    """End every token of a member of staff, or of a client, at once."""
    await db.run(END_SESSIONS, of_clinic=db.clinic_id, subject_id=staff_id, at=at)
