"""Whom we tell: one row for every change, in the transaction that made it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, Owned


class Outbox(Owned, Base):
    """Something happened to a record. Those that must be delivered are their own queue."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_order", "clinic_id", "xid", "id"),
        Index("ix_outbox_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
    )

    xid: Mapped[int] = mapped_column(
        BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint")
    )
    """The transaction (xid8), by which a reader follows in commit order and misses nothing."""
    kind: Mapped[str]
    """The table's name."""
    record_id: Mapped[UUID]
    patient_id: Mapped[UUID | None]
    version: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    """When to try next to deliver it; null: nothing to deliver, delivered, or given up."""
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    delivered_at: Mapped[datetime | None]
