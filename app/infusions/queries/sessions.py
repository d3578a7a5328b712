"""Statements about sessions and the doses within them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import all_, bindparam, case, func, literal_column, select, update

from app.infusions.queries.shown import DOSES, SESSIONS, VOIDED, word
from app.infusions.tables import SessionStatus
from app.kit.db import Db, Row, Sql
from app.kit.errors import NotFound

SESSION = Sql(select(SESSIONS).where(SESSIONS.c.id == bindparam("id")))

SESSIONS_OF = Sql(
    select(
        *(SESSIONS.c[name] for name in ("id", "status", "effective_at", "dose_mg")),
        *(SESSIONS.c[name] for name in ("starts_course", "course_id", "number_in_course")),
    ).where(SESSIONS.c.patient_id == bindparam("patient_id"), SESSIONS.c.status != VOIDED)
)

PLACE = Sql(
    update(SESSIONS)
    .where(SESSIONS.c.id == bindparam("session_id", type_=SESSIONS.c.id.type))
    .values(
        course_id=bindparam("course_id", type_=SESSIONS.c.course_id.type),
        number_in_course=bindparam("number_in_course", type_=SESSIONS.c.number_in_course.type),
    )
)

RUNNING = Sql(
    select(SESSIONS.c.id).where(
        SESSIONS.c.patient_id == bindparam("patient_id"),
        SESSIONS.c.id != bindparam("id"),
        SESSIONS.c.status == word(SessionStatus.IN_PROGRESS),
    )
)

TIMED = func.coalesce(
    SESSIONS.c.started_at,
    case((SESSIONS.c.started_on.is_not(None), SESSIONS.c.effective_at)),
    SESSIONS.c.scheduled_at,
)
"""When a session started or is meant to; null where nobody said."""

NEAREST = Sql(
    select(SESSIONS.c.id)
    .where(
        SESSIONS.c.patient_id == bindparam("patient_id"),
        SESSIONS.c.effective_at >= bindparam("since"),
        SESSIONS.c.effective_at <= bindparam("until"),
        SESSIONS.c.id != bindparam("id"),
        SESSIONS.c.drug == bindparam("drug"),
        SESSIONS.c.status != VOIDED,
        SESSIONS.c.status != word(SessionStatus.CANCELLED),
        TIMED.is_not(None),
        SESSIONS.c.id != all_(bindparam("apart", type_=SESSIONS.c.separate_from.type)),
        bindparam("id") != all_(SESSIONS.c.separate_from),
    )
    .order_by(SESSIONS.c.effective_at, SESSIONS.c.id)
    .limit(literal_column("1"))
)

EVENTS_OF = Sql(
    select(*(DOSES.c[name] for name in ("id", "at", "kind", "rate_mg_per_minute", "dose_mg")))
    .where(DOSES.c.infusion_id == bindparam("infusion_id"), DOSES.c.status != VOIDED)
    .order_by(DOSES.c.at, DOSES.c.id)
)


async def session(db: Db, infusion_id: UUID) -> Row:
    """A session as its table has it. Raises NotFound."""
    row = await db.row(SESSION, id=infusion_id)
    if row is None:
        raise NotFound
    return row


async def sessions_of(db: Db, patient_id: UUID) -> list[Row]:
    """What courses are cut from: a patient's sessions that stand, in no order."""
    return await db.rows(SESSIONS_OF, patient_id=patient_id)


async def place(db: Db, session_id: UUID, course_id: UUID | None, number: int | None) -> None:
    """Write a session's place in its course; that is no new version of it."""
    told = {"session_id": session_id, "course_id": course_id, "number_in_course": number}
    await db.run(PLACE, **told)


async def running(db: Db, patient_id: UUID, besides: UUID) -> UUID | None:
    """The patient's session in progress, if it is another."""
    found: UUID | None = await db.value(RUNNING, patient_id=patient_id, id=besides)
    return found


async def events_of(db: Db, infusion_id: UUID) -> list[Row]:
    """A session's dose events that stand, in the order of time."""
    return await db.rows(EVENTS_OF, infusion_id=infusion_id)


@dataclass(frozen=True, slots=True)
class Like:
    """What makes two sessions look like one: patient, drug, and a start between two instants."""

    patient_id: UUID
    drug: str
    since: datetime
    until: datetime


async def nearest(db: Db, like: Like, besides: UUID, apart: Sequence[UUID]) -> UUID | None:
    """A session that may be this one, unless either says that it is apart from the other."""
    told = asdict(like) | {"id": besides, "apart": list(apart)}
    found: UUID | None = await db.value(NEAREST, **told)
    return found
