"""Assessments, schedules and instruments on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import Field, RootModel

from app.kit.values import Day, Instant, Note, Number, Text, Whole
from app.patients.schemas import Code
from app.records.schemas import ClinicalIn, ClinicalOut, Outward, Strict

Answers = Annotated[tuple[Whole | None, ...], Field(min_length=1, max_length=50)]


class AssessmentIn(ClinicalIn):
    """A questionnaire as it was answered: the answers, or only their total, or both."""

    clock = "taken"

    instrument: Code
    taken_at: Instant | None = None
    taken_on: Day | None = None
    answers: Answers | None = Field(
        None, description="In the published order, null where not answered"
    )
    total: Number | None = None
    infusion_id: UUID | None = None
    answered_by: Literal["patient", "proxy", "clinician", "observer"] | None = None
    language: Text | None = None
    slot_id: Text | None = None
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "instrument": "PHQ-9",
        "taken_at": "2026-11-23T09:30:00-07:00",
        "answers": [1, 1, 2, 0, 1, 0, 2, 0, 0],
        "answered_by": "patient",
    }


class SelfReportIn(AssessmentIn):
    """An assessment as a phone sends it."""

    supersedes: UUID | None = Field(None, description="An earlier answer of one's own, amended")


class AssessmentOut(ClinicalOut):
    """An assessment as it was answered and as it was scored."""

    instrument: str
    taken_at: datetime | None
    taken_on: date | None
    answers: list[int | None] | None
    total: float | None
    total_source: Literal["computed", "prorated", "reported"] | None
    reported_total: float | None
    complete: bool
    band: str | None
    scoring_version: str
    self_harm: Literal["none", "present", "unknown"]
    infusion_id: UUID | None
    answered_by: Literal["patient", "proxy", "clinician", "observer"] | None
    language: str | None
    slot_id: str | None
    supersedes: UUID | None
    note: str | None
    hours_since_last_infusion: float | None
    recall_overlaps_infusion: bool


class SlotIn(Strict):
    """When to ask for one instrument."""

    slot_id: Text | None = None
    instrument: Code
    opens_at: Instant
    due_at: Instant
    closes_at: Instant

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "instrument": "PHQ-9",
        "opens_at": "2026-11-30T06:00:00-07:00",
        "due_at": "2026-11-30T18:00:00-07:00",
        "closes_at": "2026-12-02T00:00:00-07:00",
    }


class ScheduleIn(RootModel[Annotated[list[SlotIn], Field(max_length=500)]]):
    """Everything a patient is asked. An empty list returns to the default plan."""

    EXAMPLE: ClassVar[list[Any]] = [SlotIn.EXAMPLE]


class SlotOut(Outward):
    """When one instrument is asked for."""

    slot_id: str
    instrument: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime
