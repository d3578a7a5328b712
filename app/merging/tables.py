"""Two charts that turned out to be one person's, and what it takes to part them again."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from app.kit.tables import Base, Owned


class Merge(Owned, Base):
    """One patient became another. What it moved is kept, so that it can be undone."""

    __tablename__ = "merges"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "from_id"], ["patients.clinic_id", "patients.id"]),
        ForeignKeyConstraint(["clinic_id", "into_id"], ["patients.clinic_id", "patients.id"]),
        CheckConstraint("from_id <> into_id", name="of_two"),
        Index("ix_merges_from_id", "clinic_id", "from_id", "merged_at"),
        Index("ix_merges_into_id", "clinic_id", "into_id", "merged_at"),
    )

    from_id: Mapped[UUID]
    into_id: Mapped[UUID]
    reason: Mapped[str]
    merged_at: Mapped[datetime]
    merged_by: Mapped[UUID]
    moved: Mapped[dict[str, Any]]
    """The ids of what followed, by table, and how courses and identifiers were before."""
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[UUID | None]
    undo_reason: Mapped[str | None]
