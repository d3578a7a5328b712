"""Statements that only pages need."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, column, func, literal_column, select, table, update
from sqlalchemy.dialects.postgresql import ARRAY, distinct_on

from app.access.tables import Staff, Token
from app.alerts.tables import Alert
from app.assessments.tables import Assessment
from app.infusions.tables import Infusion, SessionStatus
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.patients.queries import CLINICAL, VOIDED
from app.patients.tables import Consent, Patient
from app.relief.tables import Decision

T, S = table_of(Token), table_of(Staff)
N, P, A, Q, D = map(table_of, (Infusion, Patient, Alert, Assessment, Decision))
C = table_of(Consent)

ABOUT_TODAY = (
    SessionStatus.PLANNED,
    SessionStatus.IN_PROGRESS,
    SessionStatus.COMPLETED,
    SessionStatus.STOPPED,
)

LONGEST = timedelta(hours=14)
"""A session ends after this, however busy: nobody works longer."""

EXTEND = Sql(
    update(T)
    .where(
        T.c.sha256 == bindparam("own"),
        T.c.revoked_at.is_(None),
        T.c.issued_at > bindparam("oldest", type_=T.c.issued_at.type),
    )
    .values(expires_at=bindparam("until", type_=T.c.expires_at.type))
    .returning(T.c.id)
)

REVOKE = Sql(
    update(T)
    .where(T.c.sha256 == bindparam("own"))
    .values(revoked_at=bindparam("at", type_=T.c.revoked_at.type))
)

REVOKE_ALL = Sql(
    update(T)
    .where(T.c.subject_id == bindparam("subject_id"), T.c.revoked_at.is_(None))
    .values(revoked_at=bindparam("at", type_=T.c.revoked_at.type))
)

WHO = Sql(select(S.c.name, S.c.email).where(S.c.id == bindparam("id")))


async def extend(db: Db, sha256: bytes, now: datetime, life: timedelta) -> bool:
    """Let a session live on; whether it may."""
    told = {"own": sha256, "until": now + life, "oldest": now - LONGEST}
    return await db.value(EXTEND, **told) is not None


async def revoke(db: Db, sha256: bytes, at: datetime) -> None:
    """End one session."""
    await db.run(REVOKE, own=sha256, at=at)


async def revoke_all(db: Db, at: datetime, subject_id: object) -> None:
    """End every session of a member of staff."""
    await db.run(REVOKE_ALL, subject_id=subject_id, at=at)


async def who(db: Db, staff_id: object) -> Row | None:
    """A member of staff by name."""
    return await db.row(WHO, id=staff_id)


NAMED = (N.c.id, N.c.patient_id, P.c.given_name, P.c.family_name, N.c.chair, N.c.status)

TODAY = Sql(
    select(
        *NAMED,
        *(N.c[name] for name in ("drug", "route", "scheduled_at", "started_at", "ended_at")),
        *(N.c[name] for name in ("arrived_at", "discharged_at", "planned_mg_per_kg", "chair")),
    )
    .select_from(N.join(P, (P.c.clinic_id == N.c.clinic_id) & (P.c.id == N.c.patient_id)))
    .where(
        N.c.effective_at >= bindparam("since", type_=N.c.effective_at.type),
        N.c.effective_at < bindparam("until", type_=N.c.effective_at.type),
        N.c.status.in_([literal_column(f"'{one}'") for one in ABOUT_TODAY]),
    )
    .order_by(N.c.effective_at, N.c.id)
)

OPEN_ALERTS = Sql(
    select(A.c.level, func.count().label("count"))
    .where(A.c.status == literal_column("'open'"))
    .group_by(A.c.level)
)


async def sessions_between(db: Db, since: datetime, until: datetime) -> list[Row]:
    """The sessions planned, running or given between two instants, with whom they are for."""
    return await db.rows(TODAY, since=since, until=until)


async def open_alerts(db: Db) -> dict[str, int]:
    """How many alerts nobody has acknowledged, by level."""
    return {row["level"]: row["count"] for row in await db.rows(OPEN_ALERTS)}


NAMES = Sql(
    select(P.c.id, P.c.given_name, P.c.family_name).where(
        P.c.id == func.any(bindparam("ids", type_=ARRAY(P.c.id.type)))
    )
)

STAFF_NAMES = Sql(
    select(S.c.id, func.coalesce(S.c.name, S.c.email).label("name")).where(
        S.c.id == func.any(bindparam("ids", type_=ARRAY(S.c.id.type)))
    )
)


async def names_of(db: Db, ids: list[UUID]) -> dict[str, Row]:
    """Patients' names, by id as text."""
    return {str(row["id"]): row for row in await db.rows(NAMES, ids=ids)}


async def staff_names(db: Db, ids: list[UUID]) -> dict[str, str]:
    """What staff are called, by id as text."""
    return {str(row["id"]): row["name"] for row in await db.rows(STAFF_NAMES, ids=ids)}


COLLEAGUES = Sql(
    select(S.c.id, S.c.name, S.c.email).where(S.c.active).order_by(S.c.name, S.c.email)
)


async def colleagues(db: Db) -> list[Row]:
    """Who works at the clinic."""
    return await db.rows(COLLEAGUES)


OWN_ANSWERS = Sql(select(Q.c.id, Q.c.self_harm).where(Q.c.id == bindparam("id")))


async def own_answers(db: Db, record_id: UUID) -> Row | None:
    """Answers that were kept under the id that a form carries."""
    return await db.row(OWN_ANSWERS, id=record_id)


DECIDED = Sql(select(D.c.id).where(D.c.id == bindparam("id")))


async def is_decided(db: Db, record_id: UUID) -> bool:
    """Whether a decision was kept under the id that a form carries."""
    return await db.value(DECIDED, id=record_id) is not None


CONSENTS_OF = Sql(
    select(C)
    .where(C.c.patient_id == bindparam("patient_id"))
    .order_by(C.c.effective_at.desc(), C.c.id.desc())
)

TEXT_VERSIONS = Sql(
    select(C.c.kind, C.c.text_version)
    .ext(distinct_on(C.c.kind))
    .where(C.c.status != literal_column(f"'{VOIDED}'"))
    .order_by(C.c.kind, C.c.recorded_at.desc())
)


async def consents_of(db: Db, patient_id: UUID) -> list[Row]:
    """What a patient agreed to, the newest first, voided ones too."""
    return await db.rows(CONSENTS_OF, patient_id=patient_id)


async def text_versions(db: Db) -> dict[str, str]:
    """The version of each text that was last agreed to at the clinic, by kind of consent."""
    return {row["kind"]: row["text_version"] for row in await db.rows(TEXT_VERSIONS)}


SCORED = Sql(
    select(Q.c.id, Q.c.instrument, Q.c.total, Q.c.effective_at)
    .where(
        Q.c.patient_id == bindparam("patient_id"),
        Q.c.status != literal_column(f"'{VOIDED}'"),
        Q.c.total.is_not(None),
    )
    .order_by(Q.c.effective_at.desc(), Q.c.id.desc())
    .limit(literal_column("40"))
)

GIVEN = Sql(
    select(N.c.id, N.c.course_id, N.c.effective_at)
    .where(N.c.patient_id == bindparam("patient_id"), N.c.course_id.is_not(None))
    .order_by(N.c.effective_at, N.c.id)
)


async def scored(db: Db, patient_id: UUID) -> list[Row]:
    """A patient's last scores, the newest first."""
    return await db.rows(SCORED, patient_id=patient_id)


async def given(db: Db, patient_id: UUID) -> list[Row]:
    """A patient's infusions that are of a course, in the order they were given."""
    return await db.rows(GIVEN, patient_id=patient_id)


def _count(name: str) -> ColumnElement[int]:
    t = table(name, column("patient_id", P.c.id.type), column("status", P.c.status.type))
    mine = t.c.patient_id == bindparam("patient_id", type_=P.c.id.type)
    standing = t.c.status != literal_column(f"'{VOIDED}'")
    query = select(func.count()).select_from(t).where(mine, standing)
    return query.scalar_subquery().label(name)


COUNTS = Sql(select(*(_count(name) for name in CLINICAL)))


async def counts(db: Db, patient_id: UUID) -> dict[str, int]:
    """How much of each kind is recorded of a patient and stands."""
    (row,) = await db.rows(COUNTS, patient_id=patient_id)
    return dict(row)
