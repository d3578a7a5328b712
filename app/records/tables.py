"""What every record keeps: who, when, which version; and the history the database keeps of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, Owned, one_of


class Status(StrEnum):
    """Where a clinical record stands. Sessions have words of their own."""

    FINAL = "final"
    AMENDED = "amended"
    ENTERED_IN_ERROR = "entered_in_error"


class EntryMode(StrEnum):
    """How a record came in: as it happened, afterwards, or from another system's history."""

    LIVE = "live"
    LATE = "late"
    IMPORT = "import"


class Precision(StrEnum):
    """Whether the instant is known, or the day alone."""

    INSTANT = "instant"
    DAY = "day"


class Versioned(Owned):
    """A record that can change. A trigger keeps every row it was before (table `history`)."""

    version: Mapped[int] = mapped_column(BigInteger, sort_order=-18)
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[UUID]
    changed_at: Mapped[datetime]
    """When this version came to be: what was known at a moment is asked by it."""
    changed_by: Mapped[UUID]
    change_reason: Mapped[str | None]
    content_sha256: Mapped[bytes] = mapped_column(LargeBinary)
    """Of the original content: sending it again is recognised, other content is not."""


class Clinical(Versioned):
    """A fact about a patient. Never deleted; it becomes entered_in_error with a reason."""

    patient_id: Mapped[UUID] = mapped_column(sort_order=-17)
    status: Mapped[str]
    effective_at: Mapped[datetime]
    """The instant that everything uses; local noon where only the day is known."""
    precision: Mapped[str]
    entry_mode: Mapped[str]
    performed_by: Mapped[str | None]
    time_zone: Mapped[str]
    utc_offset_minutes: Mapped[int]
    source_system: Mapped[str | None]
    source_record_id: Mapped[str | None]
    source_version: Mapped[str | None]
    flags: Mapped[list[str]] = mapped_column(server_default=text("'{}'"))
    device_at: Mapped[datetime | None]
    """The phone's clock (sent_at) when this was sent; null for what no phone sent."""
    clock_skew_seconds: Mapped[float | None]
    late_seconds: Mapped[float | None]
    clock_suspect: Mapped[bool | None]


def clinical_rules(table: str, statuses: type[StrEnum] = Status) -> tuple[Any, ...]:
    """The constraints and indexes that every clinical table has."""
    return (
        one_of("status", statuses),
        one_of("precision", Precision),
        one_of("entry_mode", EntryMode),
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        Index(f"ix_{table}_patient_time", "clinic_id", "patient_id", "effective_at", "id"),
        Index(
            f"uq_{table}_source",
            "clinic_id",
            "source_system",
            "source_record_id",
            unique=True,
            postgresql_where=text("source_system IS NOT NULL"),
        ),
    )


class History(Owned, Base):
    """A row as it was, written by trigger at each change. Nobody may change or delete it."""

    __tablename__ = "history"
    __table_args__ = (
        Index("ix_history_record", "clinic_id", "record_id", "version"),
        Index("ix_history_patient", "clinic_id", "patient_id", "kind", "replaced_at"),
    )

    patient_id: Mapped[UUID | None]
    kind: Mapped[str]
    """The table's name."""
    record_id: Mapped[UUID]
    version: Mapped[int] = mapped_column(BigInteger)
    row: Mapped[dict[str, Any]]
    replaced_at: Mapped[datetime]
    replaced_by: Mapped[UUID | None]


class IdempotencyKey(Owned, Base):
    """The answer to a POST, kept for a day in the transaction that made it. Its id is a hash."""

    __tablename__ = "idempotency_keys"
    __table_args__ = (Index("ix_idempotency_keys_created_at", "created_at"),)

    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int]
    location: Mapped[str | None]
    version: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[str]
    created_at: Mapped[datetime]
