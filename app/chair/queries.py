"""Statements about what happened at the chair, as its rules ask for it."""

from uuid import UUID

from sqlalchemy import bindparam, literal_column, select

from app.infusions.tables import SideEffect, Vitals
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.records.tables import Precision, Status

READINGS, EFFECTS = table_of(Vitals), table_of(SideEffect)

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
        *(READINGS.c[name] for name in ("id", "effective_at", "planned_minute")),
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
