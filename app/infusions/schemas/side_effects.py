"""Side effects on the wire: there, or asked about and absent."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.kit.values import Day, Flag, Instant, Note, Number, Text
from app.records.schemas import ClinicalIn, ClinicalOut, Outward, Strict


class Effect(StrEnum):
    """What was felt or seen."""

    NAUSEA = "nausea"
    VOMITING = "vomiting"
    DISSOCIATION = "dissociation"
    DIZZINESS = "dizziness"
    HEADACHE = "headache"
    BLURRED_VISION = "blurred_vision"
    DOUBLE_VISION = "double_vision"
    ANXIETY = "anxiety"
    DYSPHORIA = "dysphoria"
    SEDATION = "sedation"
    RAISED_BLOOD_PRESSURE = "raised_blood_pressure"
    LOW_BLOOD_PRESSURE = "low_blood_pressure"
    PALPITATIONS = "palpitations"
    CHEST_PAIN = "chest_pain"
    RESPIRATORY_DEPRESSION = "respiratory_depression"
    SYNCOPE = "syncope"
    SEIZURE = "seizure"
    HALLUCINATION = "hallucination"
    MANIA = "mania"
    URINARY_FREQUENCY = "urinary_frequency"
    DYSURIA = "dysuria"
    SUPRAPUBIC_PAIN = "suprapubic_pain"
    HAEMATURIA = "haematuria"
    CRAVING = "craving"
    MEMORY_PROBLEMS = "memory_problems"
    OTHER = "other"


class Grade(StrEnum):
    """How bad it was, as it is graded."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"
    LIFE_THREATENING = "life_threatening"


class ActionTaken(StrEnum):
    """What was done with the infusion."""

    NONE = "none"
    SLOWED = "slowed"
    PAUSED = "paused"
    STOPPED = "stopped"


class ReportedBy(StrEnum):
    """Who said so."""

    PATIENT = "patient"
    PROXY = "proxy"
    CLINICIAN = "clinician"


class InterventionIn(Strict):
    """What was given or done against it."""

    what: Text
    dose: Text | None = Field(None, description="With its unit: 4 mg")
    at: Instant | None = None


class SideEffectIn(ClinicalIn):
    """One effect, present or asked about and absent."""

    clock = "observed"
    needs_time = False

    observed_at: Instant | None = Field(
        None, description="Default: onset_at, else the session's end, else now"
    )
    observed_on: Day | None = None
    infusion_id: UUID | None = None
    effect: Effect
    other_text: Text | None = None
    present: Flag = Field(default=True, description="False: asked about and absent")
    severity: Annotated[Number, Field(ge=0, le=10)] | None = None
    grade: Grade | None = None
    onset_at: Instant | None = None
    peak_at: Instant | None = None
    resolved_at: Instant | None = None
    interventions: Annotated[tuple[InterventionIn, ...], Field(max_length=50)] = ()
    action_taken: ActionTaken | None = None
    serious: Flag | None = None
    relatedness: Text | None = None
    present_at_discharge: Flag | None = None
    reported_by: ReportedBy | None = None
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "observed_at": "2026-11-23T10:00:00-07:00",
        "effect": "nausea",
        "severity": 4,
        "interventions": [{"what": "ondansetron", "dose": "4 mg"}],
        "reported_by": "patient",
    }

    @property
    def instant(self) -> datetime | None:
        """When it was observed; its onset where nothing else is said."""
        if self.observed_at is None and self.observed_on is None:
            return self.onset_at
        return self.observed_at

    @field_validator("peak_at", "resolved_at")
    @classmethod
    def follows_the_onset(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        """Nothing peaks or ends before it begins."""
        onset = info.data.get("onset_at")
        if value is not None and onset is not None and value < onset:
            raise ValueError("must not lie before onset_at")
        return value

    @model_validator(mode="after")
    def agrees_with_itself(self) -> Self:
        """What is absent has no severity, and what is other says what."""
        if self.effect == Effect.OTHER and self.other_text is None:
            raise ValueError("effect other needs other_text")
        if not self.present and (self.severity or self.grade is not None):
            raise ValueError("what is absent has no severity and no grade")
        return self


class InterventionOut(Outward):
    """What was given or done against it."""

    what: str
    dose: str | None
    at: datetime | None


class SideEffectOut(ClinicalOut):
    """One effect as we keep it."""

    observed_at: datetime | None
    observed_on: date | None
    infusion_id: UUID | None
    effect: Effect
    other_text: str | None
    present: bool
    severity: float | None
    grade: Grade | None
    onset_at: datetime | None
    peak_at: datetime | None
    resolved_at: datetime | None
    interventions: list[InterventionOut]
    action_taken: ActionTaken | None
    serious: bool | None
    relatedness: str | None
    present_at_discharge: bool | None
    reported_by: ReportedBy | None
    note: str | None
