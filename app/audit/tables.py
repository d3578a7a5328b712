"""What was done, as it arrived and as it was sealed. No row of either is ever changed.

Nothing here points at what it speaks of: it keeps what was asked for, there or not, and stays when
that is gone.
"""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, one_of


class Act(StrEnum):
    """What was done to a chart."""

    READ = "read"
    WRITE = "write"


class Told:
    """What every row says."""

    at: Mapped[datetime]
    caller: Mapped[str]
    """`staff`, `client`, `device`, or `system` for Afterglow's own commands."""
    actor_id: Mapped[UUID | None]
    """The member of staff, the client or the phone."""
    role: Mapped[str]
    """Of staff their role, of a phone whether the patient or a proxy holds it."""
    acting_for: Mapped[str | None]
    """For whom a client said it acts; nobody checks that."""
    patient_id: Mapped[UUID | None]
    """Null where no one patient was asked for: lists, searches, settings."""
    method: Mapped[str]
    route: Mapped[str]
    """The template, never the path: /v1/patients/{patient_id}/timeline."""
    record_id: Mapped[UUID | None]
    """The last id in the path, where it isn't the patient's."""
    act: Mapped[str]
    status: Mapped[int]


class AuditArrival(Told, Base):
    """A row that waits to be sealed, a second or so. It leaves only for the chain."""

    __tablename__ = "audit_arrivals"
    __table_args__ = (one_of("act", Act),)

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-19)
    """The request's id, as the caller was told it."""


class AuditEvent(Told, Base):
    """A row in its place in the clinic's chain."""

    __tablename__ = "audit_events"
    __table_args__ = (
        one_of("act", Act),
        Index("uq_audit_events_id_clinic_id", "id", "clinic_id", unique=True),
        Index("ix_audit_events_clinic_id_at_id", "clinic_id", "at", "id"),
        Index("ix_audit_events_clinic_id_patient_id", "clinic_id", "patient_id", "at", "id"),
        Index("ix_audit_events_clinic_id_actor_id", "clinic_id", "actor_id", "at", "id"),
        Index(
            "ix_audit_events_refused",
            "clinic_id",
            "at",
            "id",
            postgresql_where=text("status >= 400"),
        ),
    )

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True, sort_order=-20)
    position: Mapped[int] = mapped_column(BigInteger, primary_key=True, sort_order=-19)
    """1 is the first; no number is left out."""
    id: Mapped[UUID] = mapped_column(sort_order=-18)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
    """SHA-256 of the hash before it and of this row: audit.chain says how."""


class AuditHead(Base):
    """The last link of each clinic's chain, so that one cut off at the end is missed."""

    __tablename__ = "audit_heads"

    clinic_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(BigInteger)
    hash: Mapped[bytes] = mapped_column(LargeBinary)
