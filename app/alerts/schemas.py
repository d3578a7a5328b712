"""Alerts on the wire."""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from pydantic import Field

from app.alerts.tables import EvidenceStatus, Level, State
from app.kit.values import Note, Text
from app.records.schemas import Strict, VersionedOut


class Handling(Strict):
    """What whoever acknowledges or closes an alert has to say."""

    note: Note | None = None
    outcome: Text | None = Field(None, description="What came of it, in the clinic's words")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "note": "Called at 14:10, safe at home with her sister, seen tomorrow at 9",
        "outcome": "safety plan reviewed",
    }


class AlertOut(VersionedOut):
    """Something that can't wait, and who has dealt with it."""

    patient_id: UUID
    rule: str
    level: Level
    status: State
    raised_at: datetime = Field(description="When it was raised to this level")
    late: bool = Field(description="Raised over 72 hours after what it is about: nobody is paged")
    subject_kind: str
    subject_id: UUID = Field(description="The record that raised it")
    evidence: dict[str, Any] = Field(description="Record ids and numbers")
    evidence_status: EvidenceStatus
    assigned_to: UUID | None = Field(description="The patient's responsible clinician, then")
    due_at: datetime | None = Field(description="Acknowledge it by then")
    acknowledged_at: datetime | None
    acknowledged_by: UUID | None
    acknowledge_note: str | None
    escalated_at: datetime | None = Field(description="Passed on then: nobody had acknowledged it")
    escalated_to: list[UUID] | None = Field(description="The staff who were to look then")
    closed_at: datetime | None
    closed_by: UUID | None
    close_note: str | None
    outcome: str | None
