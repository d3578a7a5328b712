"""Other events on the wire: in hospital, another treatment, a fall."""

from datetime import date, datetime
from typing import Any, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.background.tables import EventKind
from app.kit.values import Day, Flag, Instant, Note, Text
from app.records.schemas import ClinicalIn, ClinicalOut


class EventIn(ClinicalIn):
    """Something that happened beside the infusions."""

    clock = "occurred"

    kind: EventKind
    other_text: Text | None = None
    occurred_at: Instant | None = None
    occurred_on: Day | None = None
    ended_on: Day | None = None
    worsening: Flag | None = Field(None, description="Whether it came of worsening depression")
    medication_id: UUID | None = Field(None, description="What a medication_change changed")
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "kind": "medication_change",
        "occurred_on": "2026-11-02",
        "medication_id": "0198c5a0-0000-7000-8000-000000000001",
        "note": "Tapered from 2 mg to 1 mg",
    }

    @model_validator(mode="after")
    def agrees_with_itself(self) -> Self:
        """What is other says what, and only a change of medication names one."""
        if (self.kind == EventKind.OTHER) != (self.other_text is not None):
            raise ValueError("other_text belongs to kind other, which needs it")
        if self.medication_id is not None and self.kind != EventKind.MEDICATION_CHANGE:
            raise ValueError("medication_id belongs to a medication_change")
        return self


class EventOut(ClinicalOut):
    """An event as we keep it."""

    kind: EventKind
    other_text: str | None
    occurred_at: datetime | None
    occurred_on: date | None
    ended_on: date | None
    worsening: bool | None
    medication_id: UUID | None
    note: str | None
