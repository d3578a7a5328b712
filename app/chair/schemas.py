"""The chair on the wire."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from app.infusions.schemas.sessions import DischargeChecks, Reasons
from app.infusions.schemas.side_effects import Effect, Grade
from app.infusions.tables import SessionStatus
from app.kit.values import Instant
from app.records.schemas import Outward, Strict
from app.science.chair import State
from app.science.thresholds import Trust


class DueOut(Outward):
    """One reading of the plan."""

    planned_minute: int
    due_at: datetime | None = Field(description="Null while nobody knows when the session starts")
    state: State
    vitals_id: UUID | None
    not_done_reason: str | None
    late_minutes: float


class Next(Outward):
    """What to measure next."""

    planned_minute: int
    due_at: datetime
    minutes: float = Field(description="Until it is due; below zero: since it was")


class Latest(Outward):
    """The last value of one measure, and how far it is from the one before the dose."""

    measure: str
    value: float
    at: datetime
    vitals_id: UUID
    before: float | None
    before_vitals_id: UUID | None
    change: float | None


class Running(Outward):
    """A side effect as it was last told in this session."""

    side_effect_id: UUID
    effect: Effect
    other_text: str | None
    severity: float | None
    grade: Grade | None
    since: datetime
    minutes: float


class DoseSoFar(Outward):
    """What the dose events add up to by now."""

    given_mg: float
    planned_mg: float | None
    running: bool = Field(description="Whether the last event lets the rate run")


class ChairThreshold(Outward):
    """A number that the answer depends on, and who says so."""

    key: str
    value: Any
    unit: str | None
    source: str
    trust: Trust


class MonitoringOut(Outward):
    """A session as it is at the chair."""

    infusion_id: UUID
    patient_id: UUID
    status: SessionStatus
    as_of: datetime
    started_at: datetime | None
    minutes_from_start: float | None
    readings: list[DueOut]
    next: Next | None
    latest: list[Latest]
    side_effects: list[Running] = Field(description="There, as last told")
    asked_and_absent: list[Effect] = Field(description="Asked about and not there, as last told")
    dose: DoseSoFar
    rests_on: list[ChairThreshold]


class CriterionOut(Outward):
    """One thing that should be true before somebody goes home."""

    criterion: str
    rule: str | None
    met: bool | None = Field(description="Null: nobody knows; that is not met")
    sentence: str
    rests_on: list[UUID]
    source: str
    trust: Trust
    reason: str | None = Field(description="Why they left though it was not met")


class DischargeOut(Outward):
    """Whether somebody may go home, criterion by criterion. Whoever discharges decides."""

    infusion_id: UUID
    patient_id: UUID
    as_of: datetime
    discharged_at: datetime | None
    all_met: bool
    criteria: list[CriterionOut]
    thresholds: list[ChairThreshold]


class DischargeIn(Strict):
    """Somebody goes home."""

    at: Instant | None = Field(None, description="Default: now")
    checks: DischargeChecks = DischargeChecks()
    reasons: Reasons = Field(
        (), description="For each criterion that is not met: its name, or its rule's"
    )

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "at": "2026-11-23T11:30:00-07:00",
        "checks": {
            "gait_steady": True,
            "escort_present": True,
            "instructions_given": True,
            "told_not_to_drive": True,
            "aldrete": 10,
        },
        "reasons": [{"rule": "nausea", "reason": "Was not asked; ate and drank well."}],
    }
