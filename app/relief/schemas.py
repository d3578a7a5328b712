"""Relief on the wire. What each field means is the relief method's, sections 1 and 2."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.kit.values import Day, Instant, Note, Number
from app.records.schemas import ClinicalIn, ClinicalOut, Outward
from app.relief.tables import Choice
from app.science.relief import State


class Threshold(Outward):
    """A number that the answer depends on, and who says so."""

    name: str
    value: Any
    source: str
    version: str
    trust: Literal["found", "recalled", "derived", "default", "clinic"]


class ReliefCourse(Outward):
    """A course of treatment and what it is measured against."""

    course_id: UUID | None
    number: int
    started_at: datetime
    instrument: str | None
    baseline: float | None = Field(description="Points above the best possible score")
    baseline_source: Literal["explicit", "score", "carried_forward"] | None
    baseline_ids: list[UUID] = Field(description="The assessments, or the baseline, it rests on")
    evaluable: bool
    reason: Literal["no_scores", "no_baseline", "baseline_zero", "baseline_too_low"] | None


class Onset(Outward):
    """Relief began after `lower_days` and by `upper_days`."""

    lower_days: float
    upper_days: float


class Remission(Outward):
    """Scores in the range of the well: seen first at `at_days`."""

    at_days: float
    lower_days: float
    upper_days: float | None
    censoring: Literal["interval", "right"]


class CoTreatment(Outward):
    """Something else that was changed while an episode was followed."""

    kind: Literal[
        "ect",
        "tms",
        "medication_change",
        "hospitalization",
        "psychotherapy_start",
        "medication_started",
        "medication_stopped",
    ]
    record_id: UUID
    at_days: float = Field(description="Since the infusion; negative for a stay that began before")
    what: str | None = Field(description="The medication")


class Episode(Outward):
    """What one infusion brought. All days are elapsed days since its start."""

    infusion_id: UUID
    course_id: UUID | None
    number_in_course: int
    status: Literal["lost", "held", "no_response", "indeterminate", "unobserved", "not_evaluable"]
    n_checkins: int
    onset: Onset | None
    lower_days: float | None = Field(description="Relief lasted at least so long")
    upper_days: float | None = Field(description="And was gone by then; null: not seen to end")
    censoring: Literal["interval", "right", "left"] | None
    censor_reason: Literal["next_infusion", "end_of_follow_up", "gap", "unconfirmed"] | None
    re_response: bool
    best_improvement: float | None = Field(description="Largest share of the baseline gone")
    remission: Remission | None
    rests_on: list[UUID] = Field(description="The assessments it rests on, in order of time")
    co_treatment: list[CoTreatment] = Field(
        description="Other changes of treatment that it overlaps; they change no number here"
    )


class CurrentState(Outward):
    """How the patient is doing, as far as the last reading tells."""

    state: State
    days_since_last_infusion: float | None
    last_reading_at: datetime | None
    days_since_last_reading: float | None
    score: float | None
    change_from_baseline_percent: float | None = Field(description="Negative is better")
    unknown_from: datetime | None = Field(description="When this state is too old to be told")


class NoForecast(Outward):
    """Why there is no forecast."""

    name: str = Field(examples=["intended_use_not_accepted"])
    says: str


class Spread(Outward):
    """Relief is lost between these days with so much probability; null: later than 180 days."""

    lower_days: float | None
    upper_days: float | None
    lower_at: datetime | None
    upper_at: datetime | None


class Intervals(Outward):
    """In each is the end of relief with that many percent."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    fifty: Spread = Field(alias="50")
    eighty: Spread = Field(alias="80")
    ninety_five: Spread = Field(alias="95")


class Named(Outward):
    """Something to know, by name and in words."""

    name: str
    says: str


class ForecastOut(Outward):
    """When relief will be lost if no further infusion is given: tried on simulated clinics only."""

    infused_at: datetime
    as_of: datetime
    days_since_infusion: float
    median_days: float | None = Field(description="Since the infusion; null: over 180 days")
    intervals: Intervals
    probability_lost_by_day: list[float] = Field(
        description="By day 0 to 180 since the infusion", min_length=181, max_length=181
    )
    probability_already_lost: float = Field(ge=0, le=1)
    probability_no_relief: float = Field(ge=0, le=1, description="That this infusion brought none")
    probability_no_relief_at_next: float = Field(ge=0, le=1)
    probability_score_above_limit: dict[str, float] = Field(
        description="By days from now: that a score taken then would be above the line of loss"
    )
    explanation: dict[str, Any] = Field(
        description="Three medians, each knowing more than the one before, and what they rest on"
    )
    rests_on: list[UUID] = Field(description="The assessments, and what states the baseline")
    warnings: list[Named]
    parameters_version: str


class Held(Outward):
    """A safety alert that stands in the way of the next infusion until someone has closed it."""

    rule: str
    alert_id: UUID
    sentence: str | None


class WindowOut(Outward):
    """When the next infusion might be talked about. Dose and safety are outside it."""

    opens_on: date | None
    closes_on: date | None = Field(description="The day recommended; null: no open day in a year")
    latest_on: date
    mode: Literal["cumulative", "lead"]
    threshold: float
    probability_lost_by_close: float | None
    probability_lost_now: float
    check_in_first: bool = Field(description="Relief is probably lost: ask before booking")
    reasons: list[Named]
    held_by: list[Held]
    parameters: dict[str, Any] = Field(description="The numbers in force")


class ReliefOut(Outward):
    """How long relief lasted after each infusion, and what says so."""

    patient_id: UUID
    as_of: datetime
    known_at: datetime | None
    policy: list[Threshold]
    courses: list[ReliefCourse]
    episodes: list[Episode]
    current: CurrentState
    notes: list[str] = Field(description="What was left out, and why")
    method_version: str
    forecast: ForecastOut | None
    forecast_reason: NoForecast | None = Field(description="Why there is no forecast")
    window: WindowOut | None = Field(
        description="Of the present alone, and where there is a forecast"
    )


class DecisionIn(ClinicalIn):
    """What a clinician decided about the next treatment, and why."""

    clock = "decided"

    decision: Choice
    decided_at: Instant
    planned_on: Day | None = Field(None, description="The day of the infusion or of the review")
    planned_dose_mg_per_kg: Annotated[Number, Field(ge=0, le=20)] | None = None
    reason: Annotated[Note, Field(min_length=1)]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "decision": "repeat",
        "decided_at": "2026-11-23T09:30:00-07:00",
        "planned_on": "2026-12-04",
        "planned_dose_mg_per_kg": 0.5,
        "reason": "Relief fades in the third week, as after the last two infusions",
    }


class OutcomeOut(Outward):
    """How a decision turned out, as far as is known."""

    next_infusion_id: UUID | None
    next_infusion_at: datetime | None
    days_after: float | None = Field(description="From the decision to the next infusion")
    as_planned: bool | None = Field(
        description="Within two days of the plan; null: none, or not yet"
    )
    relief_lost_before: bool | None = Field(description="Before that infusion; null: nobody knows")
    last_score: float | None = Field(description="The last until then, in the instrument's points")
    last_score_at: datetime | None


class DecisionOut(ClinicalOut):
    """A decision, with what was shown when it was recorded."""

    decision: Choice
    decided_at: datetime
    planned_on: date | None
    planned_dose_mg_per_kg: float | None
    reason: str
    snapshot: dict[str, Any] = Field(
        description="Relief, forecast, window, open alerts, readings and versions as they were "
        "shown. Nothing changes it"
    )
    outcome: OutcomeOut | None = Field(description="Worked out within seconds; null: not yet")
