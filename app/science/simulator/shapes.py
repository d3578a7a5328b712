"""What a simulated clinic consists of. Instants are aware; units are in the names."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from app.science.simulator.figures import Archetype, Plan


@dataclass(frozen=True, slots=True)
class Vitals:
    """One reading; `planned_minute` counts from the start of the infusion."""

    measured_at: datetime
    planned_minute: int
    systolic_mmhg: int
    diastolic_mmhg: int
    heart_rate_bpm: int
    spo2_percent: int
    sedation_moaas: int
    """5 is alert, 0 does not respond."""


@dataclass(frozen=True, slots=True)
class SideEffect:
    """What was asked of one session; absent ones have no severity and no times."""

    effect: str
    present: bool
    severity: int | None
    """0 to 10."""
    onset_at: datetime | None
    resolved_at: datetime | None
    action_taken: Literal["none", "stopped"]


@dataclass(frozen=True, slots=True)
class Session:
    """An infusion, given or planned. What a planned one cannot have yet is None or empty."""

    status: Literal["completed", "stopped", "planned", "in_progress"]
    scheduled_at: datetime
    planned_mg_per_kg: float
    planned_minutes: int
    weight_kg: float
    planned_dose_mg: float
    started_at: datetime | None = None
    ended_at: datetime | None = None
    monitoring_ended_at: datetime | None = None
    dose_mg: float | None = None
    """What was given."""
    stop_reason: str | None = None
    vitals: tuple[Vitals, ...] = ()
    side_effects: tuple[SideEffect, ...] = ()
    chair: str | None = None


@dataclass(frozen=True, slots=True)
class Checkin:
    """What the phone sent: nine answers of 0 to 3 for PHQ-9, one rating for MOOD-10.

    A MOOD-10 rating is 0 to 10, higher is better.
    """

    instrument: Literal["PHQ-9", "MOOD-10"]
    taken_at: datetime
    answers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SimulatedPatient:
    """A made-up patient with everything that was recorded, oldest first."""

    given_name: str
    family_name: str
    birth_date: date
    sex: Literal["female", "male", "other"]
    archetype: Archetype
    plan: Plan
    hypertensive: bool
    baseline: int
    """The PHQ-9 total that the relief is measured against: the first check-in's, before the first
    infusion."""
    sessions: tuple[Session, ...]
    checkins: tuple[Checkin, ...]
