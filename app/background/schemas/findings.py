"""Allergies, conditions and laboratory results on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from app.background.tables import ConditionName, LabCode, Severity
from app.kit.values import Day, Flag, Instant, Note, Number, Text
from app.records.schemas import ClinicalIn, ClinicalOut

Loinc = Annotated[Text, Field(pattern=r"^\d{1,7}-\d$", examples=["1742-6"])]


class AllergyIn(ClinicalIn):
    """What a patient must not be given."""

    clock = "noted"
    needs_time = False

    substance: Text
    reaction: Text | None = None
    severity: Severity | None = None
    noted_on: Day | None = None
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "substance": "ondansetron",
        "reaction": "rash",
        "severity": "mild",
        "noted_on": "2026-09-01",
    }

    @property
    def instant(self) -> datetime | None:
        """A day at most is known."""
        return None


class AllergyOut(ClinicalOut):
    """An allergy as we keep it."""

    substance: str
    reaction: str | None
    severity: Severity | None
    noted_on: date | None
    note: str | None


class ConditionIn(ClinicalIn):
    """What a patient has or had, or was asked about and never had."""

    clock = "since"
    needs_time = False

    condition: ConditionName
    other_text: Text | None = None
    present: Flag = Field(default=True, description="False: asked about and absent")
    since_on: Day | None = None
    resolved_on: Day | None = Field(None, description="Over since: it was there before")
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"condition": "cystitis", "since_on": "2026-09-01"}

    @property
    def instant(self) -> datetime | None:
        """A day at most is known."""
        return None

    @model_validator(mode="after")
    def agrees_with_itself(self) -> Self:
        """What is other says what, what is absent has no dates, and nothing ends unbegun."""
        since, over = self.since_on, self.resolved_on
        if (self.condition == ConditionName.OTHER) != (self.other_text is not None):
            raise ValueError("other_text belongs to condition other, which needs it")
        if not self.present and (since is not None or over is not None):
            raise ValueError("what is absent has no since_on and no resolved_on")
        if since is not None and over is not None and over < since:
            raise ValueError("resolved_on must not lie before since_on")
        return self


class ConditionOut(ClinicalOut):
    """A condition as we keep it."""

    condition: ConditionName
    other_text: str | None
    present: bool
    since_on: date | None
    resolved_on: date | None
    note: str | None


class LabIn(ClinicalIn):
    """One laboratory result: a number with its unit, or words."""

    clock = "collected"

    code: LabCode
    loinc: Loinc | None = None
    other_text: Text | None = None
    value: Number | None = None
    unit: Text | None = None
    text_result: Text | None = None
    abnormal: Flag | None = None
    reference: Text | None = Field(None, description="What is usual, as the laboratory says it")
    collected_at: Instant | None = None
    collected_on: Day | None = None
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "code": "alt",
        "loinc": "1742-6",
        "value": 31,
        "unit": "U/L",
        "reference": "7 to 56 U/L",
        "abnormal": False,
        "collected_on": "2026-11-20",
    }

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """A result, a unit to each number, and what is other says what."""
        if self.value is None and self.text_result is None:
            raise ValueError("send value or text_result")
        if self.value is not None and self.unit is None:
            raise ValueError("a value needs its unit")
        if (self.code == LabCode.OTHER) != (self.other_text is not None):
            raise ValueError("other_text belongs to code other, which needs it")
        return self


class LabOut(ClinicalOut):
    """A laboratory result as we keep it."""

    code: LabCode
    loinc: str | None
    other_text: str | None
    value: float | None
    unit: str | None
    text_result: str | None
    abnormal: bool | None
    reference: str | None
    collected_at: datetime | None
    collected_on: date | None
    note: str | None
