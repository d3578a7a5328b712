"""What needs attention, worked out beforehand; and how far the facts have been followed."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, Owned


class Follower(Base):
    """How far a reader has followed the outbox: what its snapshot saw, it has dealt with."""

    __tablename__ = "followers"

    name: Mapped[str] = mapped_column(primary_key=True)
    snapshot: Mapped[str]
    """A pg_snapshot. A transaction that was open then is not seen in it, however old."""
    moved_at: Mapped[datetime]


class Attention(Owned, Base):
    """What a patient needs, as of `computed_at`. The id is the patient's.

    What changes with the clock alone is kept as the instants between which it holds (until null:
    for good), and compared with now on reading. A row is its own place in the queue.
    """

    __tablename__ = "worklist"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "id"], ["patients.clinic_id", "patients.id"]),
        Index("ix_worklist_due_at", "due_at"),
    )

    due_at: Mapped[datetime]
    """When to work it out anew: at once after a fact, else once a day."""
    computed_at: Mapped[datetime | None]
    state: Mapped[str | None]
    unknown_from: Mapped[datetime | None]
    score: Mapped[float | None]
    last_reading_at: Mapped[datetime | None]
    alerts: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """How many are open, by level."""
    alert_level: Mapped[str | None]
    """The loudest that is open; `seen` when all that are not closed were acknowledged."""
    alert_from: Mapped[datetime | None]
    lost_from: Mapped[datetime | None]
    lost_until: Mapped[datetime | None]
    fading_from: Mapped[datetime | None]
    fading_until: Mapped[datetime | None]
    window_opening_from: Mapped[datetime | None]
    window_opens_at: Mapped[datetime | None]
    window_closes_at: Mapped[datetime | None]
    answers_overdue_from: Mapped[datetime | None]
    answers_overdue_until: Mapped[datetime | None]
    review_due_from: Mapped[datetime | None]
    forecast: Mapped[dict[str, Any] | None]
    """Its median and intervals in days since the last infusion; null where there is none."""
    told: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{}'"))
    """For each reason a sentence and the ids of the records it rests on."""
