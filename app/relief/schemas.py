"""Relief on the wire. What each field means is the relief method's, sections 1 and 2."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from app.records.schemas import Outward
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
