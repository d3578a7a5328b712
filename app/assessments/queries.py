"""Statements about assessments and schedules."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Boolean,
    ColumnElement,
    DateTime,
    Double,
    FromClause,
    Numeric,
    Text,
    Uuid,
    and_,
    bindparam,
    case,
    cast,
    column,
    extract,
    func,
    literal_column,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.assessments.tables import Assessment, Schedule
from app.kit.db import Db, Row, Sql
from app.kit.tables import instant, table_of
from app.records.queries import Statements, clinical_columns
from app.science.instruments import INSTRUMENTS

A, S = table_of(Assessment), table_of(Schedule)

# Infusions are a package of the same layer: named by their table alone, tied by the foreign key.
INFUSIONS = table(
    "infusions",
    column("clinic_id", Uuid()),
    column("id", Uuid()),
    column("patient_id", Uuid()),
    column("status", Text()),
    column("dose_mg", Double()),
    column("effective_at", DateTime(timezone=True)),
)

GIVEN = and_(
    INFUSIONS.c.status.in_(
        [
            literal_column("'in_progress'"),
            literal_column("'completed'"),
            literal_column("'stopped'"),
        ]
    ),
    or_(INFUSIONS.c.dose_mg.is_(None), INFUSIONS.c.dose_mg > literal_column("0")),
)
"""What counts as given: in progress, completed or stopped, with a dose above 0 or unknown."""


def last_infusion(t: FromClause) -> ColumnElement[Any]:
    """When the infusion before an assessment started."""
    earlier = select(INFUSIONS.c.effective_at).where(
        INFUSIONS.c.clinic_id == t.c.clinic_id,
        INFUSIONS.c.patient_id == t.c.patient_id,
        INFUSIONS.c.effective_at <= t.c.effective_at,
        GIVEN,
    )
    latest = earlier.order_by(INFUSIONS.c.effective_at.desc()).limit(literal_column("1"))
    return latest.correlate(t).scalar_subquery()


def hours_since(t: FromClause) -> ColumnElement[Any]:
    """Hours from the last infusion to the assessment, to two decimals."""
    seconds = extract("epoch", t.c.effective_at - last_infusion(t))
    return func.trim_scale(func.round(seconds / literal_column("3600"), literal_column("2")))


def recall_hours(t: FromClause) -> ColumnElement[Any]:
    """How far back the instrument asks: data of science.instruments, as SQL."""
    told: dict[Any, Any] = {
        literal_column(f"'{code}'"): literal_column(str(instrument.recall_hours))
        for code, instrument in INSTRUMENTS.items()
    }
    return case(told, value=t.c.instrument)


def assessment_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """An assessment as the API shows it."""
    as_sent = ("answers", "total_source", "reported_total", "complete", "band", "scoring_version")
    also = ("self_harm", "infusion_id", "answered_by", "language", "slot_id", "supersedes", "note")
    hours = hours_since(t)
    total = func.trim_scale(func.round(cast(t.c.total, Numeric()), literal_column("3")))
    overlaps = func.coalesce(hours < recall_hours(t), literal_column("false", Boolean()))
    return [
        *clinical_columns(t),
        t.c.instrument,
        instant(t.c.taken_at),
        t.c.taken_on,
        total.label("total"),
        *(t.c[name] for name in as_sent + also),
        hours.label("hours_since_last_infusion"),
        overlaps.label("recall_overlaps_infusion"),
    ]


LATER = A.alias("later")

SUPERSEDED = (
    select(LATER.c.id)
    .where(
        LATER.c.patient_id == bindparam("patient_id", type_=A.c.patient_id.type),
        LATER.c.supersedes == bindparam("id", type_=A.c.id.type),
    )
    .exists()
    .label("superseded")
)
"""Whether a later answer that amends an assessment came before it."""

ASSESSMENT = Statements(A, assessment_columns, asked=(SUPERSEDED,))

HAS_SESSION = Sql(
    select(INFUSIONS.c.id).where(
        INFUSIONS.c.id == bindparam("id"), INFUSIONS.c.patient_id == bindparam("patient_id")
    )
)

RETIRE = Sql(
    update(A)
    .where(
        A.c.id == bindparam("old"),
        A.c.patient_id == bindparam("patient_id"),
        A.c.device_at.is_not(None),
        A.c.status != "entered_in_error",
    )
    .values(
        status="entered_in_error",
        version=A.c.version + 1,
        changed_at=bindparam("at", type_=A.c.changed_at.type),
        changed_by=bindparam("by", type_=A.c.changed_by.type),
        change_reason="superseded by a later answer",
    )
    .returning(A.c.id)
)

SCHEDULE_OF = Sql(select(S.c.slots).where(S.c.id == bindparam("patient_id")))

_PUT_SCHEDULE = insert(S).values({c.name: bindparam(c.name, type_=c.type) for c in S.c})
PUT_SCHEDULE = Sql(
    _PUT_SCHEDULE.on_conflict_do_update(
        index_elements=[S.c.clinic_id, S.c.id],
        set_={name: _PUT_SCHEDULE.excluded[name] for name in ("slots", "changed_at", "changed_by")},
    )
)

GIVEN_SINCE = Sql(
    select(INFUSIONS.c.effective_at)
    .where(
        INFUSIONS.c.patient_id == bindparam("patient_id"),
        INFUSIONS.c.effective_at > bindparam("since", type_=DateTime(timezone=True)),
        GIVEN,
    )
    .order_by(INFUSIONS.c.effective_at)
)

ANSWERED_SINCE = Sql(
    select(A.c.slot_id).where(
        A.c.patient_id == bindparam("patient_id"),
        A.c.effective_at > bindparam("since", type_=A.c.effective_at.type),
        A.c.slot_id.is_not(None),
        A.c.status != "entered_in_error",
    )
)


async def has_session(db: Db, patient_id: UUID, infusion_id: UUID) -> bool:
    """Whether this is a session of the patient."""
    return await db.value(HAS_SESSION, id=infusion_id, patient_id=patient_id) is not None


async def retire(db: Db, patient_id: UUID, old: UUID, *, at: datetime, by: UUID) -> bool:
    """Take an earlier answer from a phone out of the record; False when there is none."""
    row = await db.value(RETIRE, patient_id=patient_id, old=old, at=at, by=by)
    return row is not None


async def slots_of(db: Db, patient_id: UUID) -> list[dict[str, Any]]:
    """The slots a clinician set; none where the default plan holds."""
    slots: list[dict[str, Any]] | None = await db.value(SCHEDULE_OF, patient_id=patient_id)
    return slots or []


async def put_slots(
    db: Db, patient_id: UUID, slots: list[dict[str, Any]], *, at: datetime, by: UUID
) -> None:
    """Set a patient's slots in the place of those they had."""
    told = {"id": patient_id, "slots": slots, "changed_at": at, "changed_by": by}
    await db.run(PUT_SCHEDULE, clinic_id=db.clinic_id, **told)


async def given_since(db: Db, patient_id: UUID, since: datetime) -> list[Row]:
    """When the infusions since a moment started, oldest first."""
    return await db.rows(GIVEN_SINCE, patient_id=patient_id, since=since)


async def answered_since(db: Db, patient_id: UUID, since: datetime) -> frozenset[str]:
    """The slots that have been answered."""
    rows = await db.rows(ANSWERED_SINCE, patient_id=patient_id, since=since)
    return frozenset(row["slot_id"] for row in rows)
