"""Whom we tell: one row for every change, in the transaction that made it."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import BigInteger, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, Owned, one_of


class Became(StrEnum):
    """What became of a record."""

    CREATED = "created"
    CHANGED = "changed"
    VOIDED = "voided"
    MOVED = "moved"
    MERGED = "merged"


class Outbox(Owned, Base):
    """Something happened to a record. Those that must be delivered are their own queue.

    The id is of version 7: within a transaction rows are in the order they were written in.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        one_of("change", Became),
        Index("ix_outbox_order", "clinic_id", "xid", "id"),
        Index("ix_outbox_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index(
            "ix_outbox_written_at",
            "written_at",
            postgresql_using="brin",
            postgresql_with={"autosummarize": "on"},
        ),
    )

    xid: Mapped[int] = mapped_column(
        BigInteger, server_default=text("(pg_current_xact_id()::text)::bigint")
    )
    """The transaction (xid8), by which a reader follows in commit order and misses nothing.

    What a backup brought along has 1: it was written before anything that is counted here.
    """
    kind: Mapped[str]
    """The table's name."""
    record_id: Mapped[UUID]
    patient_id: Mapped[UUID | None]
    former_patient_id: Mapped[UUID | None]
    """Whose a record was that has moved to another patient."""
    version: Mapped[int] = mapped_column(BigInteger)
    change: Mapped[str] = mapped_column(server_default=text("'changed'"))
    at: Mapped[datetime]
    written_at: Mapped[datetime] = mapped_column(server_default=text("now()"))
    """By the database's clock: an import tells of years ago, and is kept as long as news is."""
    due_at: Mapped[datetime | None]
    """When to try next to deliver it; null: nothing to deliver, delivered, or given up."""
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    delivered_at: Mapped[datetime | None]


class Feed(Base):
    """The outbox as those who follow it see it: one row for the whole database."""

    __tablename__ = "feed"

    epoch: Mapped[UUID] = mapped_column(primary_key=True)
    """What every cursor names. Another one after a restore: transactions are counted anew."""
    place: Mapped[str]
    """The server and the database that the epoch began on; `new` and `restored`: not begun."""
    forgotten_xid: Mapped[int] = mapped_column(BigInteger)
    """No event of this transaction or an earlier one can be told any more for certain."""
