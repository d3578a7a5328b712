"""Screenings on the wire: checklists, tests and look-ups before treatment."""

from collections.abc import Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from app.background.tables import ConditionName, ScreeningKind, ScreeningResult
from app.kit.values import Day, Instant, Note, Text
from app.records.schemas import ClinicalIn, ClinicalOut


class Answer(StrEnum):
    """What was answered about a condition."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


KNOWN = ScreeningResult

RESULTS: Mapping[ScreeningKind, frozenset[ScreeningResult]] = {
    ScreeningKind.PREGNANCY: frozenset(
        {KNOWN.POSITIVE, KNOWN.NEGATIVE, KNOWN.UNKNOWN, KNOWN.NOT_APPLICABLE}
    ),
    ScreeningKind.PRESCRIPTION_MONITORING: frozenset({KNOWN.CLEAR, KNOWN.CONCERN}),
    ScreeningKind.DRUG_SCREEN: frozenset({KNOWN.POSITIVE, KNOWN.NEGATIVE, KNOWN.UNKNOWN}),
}
"""What each kind can find. Contraindications are answers, condition by condition."""


class ScreeningIn(ClinicalIn):
    """A checklist that was answered, a test, or a look-up."""

    clock = "answered"
    columns_apart = frozenset({"answers"})

    kind: ScreeningKind
    form_version: Text | None = Field(None, description="Of the form that was answered")
    answered_at: Instant | None = None
    answered_on: Day | None = None
    answered_by: Text | None = Field(None, description="Who answered, or looked it up")
    answers: Annotated[dict[ConditionName, Answer], Field(min_length=1)] | None = Field(
        None, description="Of contraindications, by condition"
    )
    result: ScreeningResult | None = Field(None, description="Of every other kind")
    expires_on: Day | None = Field(
        None, description="The first day on which it holds no longer; default: by kind"
    )
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "kind": "contraindications",
        "form_version": "2026-1",
        "answered_on": "2026-11-20",
        "answered_by": "patient, with a nurse",
        "answers": {"psychosis": "no", "uncontrolled_hypertension": "unknown"},
    }

    @model_validator(mode="after")
    def says_what_its_kind_says(self) -> Self:
        """Answers and who gave them to which form for contraindications, else a result."""
        if self.kind == ScreeningKind.CONTRAINDICATIONS:
            if self.answers is None or self.form_version is None or self.answered_by is None:
                raise ValueError("contraindications need answers, form_version and answered_by")
            if self.result is not None:
                raise ValueError("contraindications have answers and no result")
            return self
        if self.answers is not None:
            raise ValueError("answers belong to contraindications")
        allowed = RESULTS[self.kind]
        if self.result not in allowed:
            raise ValueError(f"result must be one of {', '.join(sorted(allowed))}")
        if self.result == ScreeningResult.CONCERN and not self.note:
            raise ValueError("a concern needs a note")
        return self


class ScreeningOut(ClinicalOut):
    """A screening as we keep it."""

    kind: ScreeningKind
    form_version: str | None
    answered_at: datetime | None
    answered_on: date | None
    answered_by: str | None
    answers: dict[ConditionName, Answer] | None
    result: ScreeningResult | None
    expires_on: date | None
    expires_by_default: bool
    note: str | None
