"""Statements about sessions and the doses within them."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Interval,
    all_,
    and_,
    any_,
    bindparam,
    case,
    func,
    literal_column,
    select,
    update,
)

from app.infusions.queries.shown import DOSES, SESSIONS, VOIDED, word
from app.infusions.tables import SessionStatus
from app.kit.db import Db, Row, Sql
from app.kit.errors import NotFound

NEAR = timedelta(hours=12)
"""Two starts of one drug this close may be one session told twice; API, section 5."""

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


def _timed(t: FromClause) -> ColumnElement[Any]:
    """When a session started or is meant to; null where nobody said."""
    started = case((t.c.started_on.is_not(None), t.c.effective_at))
    return func.coalesce(t.c.started_at, started, t.c.scheduled_at)


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
        _timed(SESSIONS).is_not(None),
        SESSIONS.c.id != all_(bindparam("apart", type_=SESSIONS.c.separate_from.type)),
        bindparam("id") != all_(SESSIONS.c.separate_from),
    )
    .order_by(SESSIONS.c.effective_at, SESSIONS.c.id)
    .limit(literal_column("1"))
)

EVENTS_OF = Sql(
    select(
        *(DOSES.c[name] for name in ("id", "at", "kind", "rate_mg_per_minute", "dose_mg")),
        *(DOSES.c[name] for name in ("reason", "status", "version")),
    )
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


ONE, OTHER = SESSIONS.alias("one"), SESSIONS.alias("other")


def _stands(t: FromClause) -> ColumnElement[bool]:
    none = (SessionStatus.CANCELLED, SessionStatus.ENTERED_IN_ERROR)
    return and_(_timed(t).is_not(None), *(t.c.status != word(status) for status in none))


_APART = bindparam("apart", type_=SESSIONS.c.separate_from.type)
_SPAN = bindparam("near", type_=Interval())

TWIN = Sql(
    select(OTHER.c.id)
    .select_from(ONE.join(OTHER, OTHER.c.drug == ONE.c.drug))
    .where(
        ONE.c.id == any_(bindparam("ids", type_=SESSIONS.c.separate_from.type)),
        OTHER.c.patient_id == bindparam("to", type_=SESSIONS.c.patient_id.type),
        OTHER.c.id != ONE.c.id,
        _stands(ONE),
        _stands(OTHER),
        OTHER.c.effective_at >= ONE.c.effective_at - _SPAN,
        OTHER.c.effective_at <= ONE.c.effective_at + _SPAN,
        *(t.c.id != all_(_APART) for t in (ONE, OTHER)),
        ONE.c.id != all_(OTHER.c.separate_from),
        OTHER.c.id != all_(ONE.c.separate_from),
    )
    .order_by(OTHER.c.effective_at, OTHER.c.id)
    .limit(literal_column("1"))
)


async def twin(
    db: Db, session_ids: Collection[UUID], patient_id: UUID, apart: Collection[UUID]
) -> UUID | None:
    """A patient's session that may be one of these, unless either is said to be apart."""
    told = {"ids": list(session_ids), "to": patient_id, "apart": list(apart), "near": NEAR}
    found: UUID | None = await db.value(TWIN, **told)
    return found


async def nearest(db: Db, like: Like, besides: UUID, apart: Sequence[UUID]) -> UUID | None:
    """A session that may be this one, unless either says that it is apart from the other."""
    told = asdict(like) | {"id": besides, "apart": list(apart)}
    found: UUID | None = await db.value(NEAREST, **told)
    return found
