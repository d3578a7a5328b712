"""What needs attention, on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from app.records.schemas import Outward


class ReasonOut(Outward):
    """Why a patient needs attention."""

    reason: str = Field(
        description="alert, relief_lost, fading, window_open, window_opening, answers_overdue or "
        "review_due",
        examples=["fading"],
    )
    since: datetime
    sentence: str = Field(examples=["Relief is fading: PHQ-9 9 on 2026-11-20."])
    record_ids: list[UUID] = Field(description="The records that it rests on")


class WorklistItemOut(Outward):
    """A patient, and what they need."""

    patient_id: UUID
    given_name: str | None
    family_name: str | None
    responsible_clinician_id: UUID | None
    rank: int = Field(description="The most urgent is 1; 12 needs nothing", ge=1, le=12)
    reasons: list[ReasonOut] = Field(description="The most urgent first; empty: nothing")
    state: str | None = Field(description="As `current.state` of the relief; null: not yet read")
    score: float | None
    last_reading_at: datetime | None
    alerts: dict[str, int] = Field(description="How many are open, by level")
    window_opens_at: datetime | None
    window_closes_at: datetime | None
    forecast: dict[str, Any] | None = Field(description="Null where there is none")
    computed_at: datetime | None = Field(description="When this was worked out; null: not yet")
