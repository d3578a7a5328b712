"""Statements about what happened at the chair, as its rules ask for it."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    TableClause,
    Uuid,
    any_,
    bindparam,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.infusions.tables import DoseEvent, Infusion, MedicationGiven, SideEffect, Vitals
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.records.tables import Precision, Status

READINGS, EFFECTS = table_of(Vitals), table_of(SideEffect)
SESSIONS, DOSES, GIVEN = table_of(Infusion), table_of(DoseEvent), table_of(MedicationGiven)

MEASURED = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "heart_rate_bpm",
    "spo2_percent",
    "respiratory_rate_per_minute",
    "temperature_celsius",
    "sedation_moaas",
)
"""What is watched at the chair."""

READINGS_OF = Sql(
    select(
        *(READINGS.c[name] for name in ("id", "version", "status", "effective_at")),
        READINGS.c.planned_minute,
        *(READINGS.c[name] for name in ("not_done_reason", "symptomatic", *MEASURED)),
    )
    .where(
        READINGS.c.infusion_id == bindparam("infusion_id"),
        READINGS.c.status != literal_column(f"'{Status.ENTERED_IN_ERROR}'"),
        READINGS.c.precision == literal_column(f"'{Precision.INSTANT}'"),
    )
    .order_by(READINGS.c.effective_at, READINGS.c.id)
)

EFFECTS_OF = Sql(
    select(
        *(EFFECTS.c[name] for name in ("id", "effect", "other_text", "present", "severity")),
        *(EFFECTS.c[name] for name in ("grade", "onset_at", "resolved_at", "effective_at")),
    )
    .where(
        EFFECTS.c.infusion_id == bindparam("infusion_id"),
        EFFECTS.c.status != literal_column(f"'{Status.ENTERED_IN_ERROR}'"),
    )
    .order_by(EFFECTS.c.effective_at, EFFECTS.c.recorded_at, EFFECTS.c.id)
)


async def readings_of(db: Db, infusion_id: UUID) -> list[Row]:
    """A session's readings whose instant is known, and what was not done, in order of time."""
    return await db.rows(READINGS_OF, infusion_id=infusion_id)


async def effects_of(db: Db, infusion_id: UUID) -> list[Row]:
    """What was told of side effects in a session, in the order of time."""
    return await db.rows(EFFECTS_OF, infusion_id=infusion_id)


def versions_of(t: TableClause) -> ColumnElement[Any]:
    """The versions of a session's records of a kind, added up: every change makes it higher."""
    own = select(func.sum(t.c.version)).where(t.c.infusion_id == SESSIONS.c.id)
    return func.coalesce(own.scalar_subquery(), literal_column("0"))


MARKS = Sql(
    select(
        SESSIONS.c.id,
        (
            SESSIONS.c.version
            + versions_of(READINGS)
            + versions_of(EFFECTS)
            + versions_of(DOSES)
            + versions_of(GIVEN)
        ).label("mark"),
    ).where(SESSIONS.c.id == any_(bindparam("ids", type_=ARRAY(Uuid()))))
)

LAST_SESSION = Sql(
    select(
        *(SESSIONS.c[name] for name in ("drug", "route", "planned_mg_per_kg", "planned_dose_mg")),
        *(SESSIONS.c[name] for name in ("planned_minutes", "weight_kg", "weight_kind", "setting")),
        SESSIONS.c.effective_at,
    )
    .where(
        SESSIONS.c.patient_id == bindparam("patient_id"),
        SESSIONS.c.status.in_(
            [literal_column(f"'{one}'") for one in ("in_progress", "completed", "stopped")]
        ),
    )
    .order_by(SESSIONS.c.effective_at.desc(), SESSIONS.c.id.desc())
    .limit(literal_column("1"))
)


async def marks(db: Db, infusion_ids: Collection[UUID]) -> dict[UUID, int]:
    """A number for each session, higher after everything that is stored of it at the chair."""
    return {row["id"]: row["mark"] for row in await db.rows(MARKS, ids=list(infusion_ids))}


async def last_session(db: Db, patient_id: UUID) -> Row | None:
    """How a patient's last session was planned."""
    return await db.row(LAST_SESSION, patient_id=patient_id)
