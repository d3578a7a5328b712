"""What can't wait."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped

from app.kit.tables import Base, one_of
from app.records.tables import Versioned


class Level(StrEnum):
    """How loud. `stop` needs a recorded reason to go on; software never blocks care silently."""

    INFO = "info"
    WARN = "warn"
    STOP = "stop"
    EMERGENCY = "emergency"


class State(StrEnum):
    """Who has dealt with it."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"


class EvidenceStatus(StrEnum):
    """Whether what raised it still stands. A correction never closes an alert."""

    CURRENT = "current"
    CORRECTED = "corrected"
    VOIDED = "voided"


class Alert(Versioned, Base):
    """Raised once for a rule and what it is about, seen by someone, closed with a note."""

    __tablename__ = "alerts"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        one_of("level", Level),
        one_of("status", State),
        one_of("evidence_status", EvidenceStatus),
        Index("uq_alerts_subject_rule", "clinic_id", "subject_id", "rule", unique=True),
        Index("ix_alerts_patient_time", "clinic_id", "patient_id", "raised_at", "id"),
        Index("ix_alerts_time", "clinic_id", "raised_at", "id"),
        Index("ix_alerts_unacknowledged", "raised_at", postgresql_where=text("status = 'open'")),
    )

    patient_id: Mapped[UUID]
    rule: Mapped[str]
    level: Mapped[str]
    status: Mapped[str]
    raised_at: Mapped[datetime]
    late: Mapped[bool]
    """Raised over 72 hours after what it is about: shown, but nobody is paged."""
    subject_kind: Mapped[str]
    subject_id: Mapped[UUID]
    """The record that raised it."""
    evidence: Mapped[dict[str, Any]]
    evidence_status: Mapped[str]
    assigned_to: Mapped[UUID | None]
    due_at: Mapped[datetime | None]
    acknowledged_at: Mapped[datetime | None]
    acknowledged_by: Mapped[UUID | None]
    acknowledge_note: Mapped[str | None]
    escalated_at: Mapped[datetime | None]
    """When it was passed on, as nobody had acknowledged it."""
    escalated_to: Mapped[list[UUID] | None]
    """The staff who were to look then."""
    closed_at: Mapped[datetime | None]
    closed_by: Mapped[UUID | None]
    close_note: Mapped[str | None]
    outcome: Mapped[str | None]
