"""How it feels: answers, totals, and when they are asked for."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ForeignKeyConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, Owned
from app.records.tables import Clinical, clinical_rules


class Assessment(Clinical, Base):
    """One completed questionnaire or rating, as answered and as scored."""

    __tablename__ = "assessments"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "infusion_id"],
            ["infusions.clinic_id", "infusions.patient_id", "infusions.id"],
        ),
        *clinical_rules("assessments"),
        Index(
            "ix_assessments_supersedes",
            "clinic_id",
            "supersedes",
            postgresql_where=text("supersedes IS NOT NULL"),
        ),
    )

    infusion_id: Mapped[UUID | None]
    instrument: Mapped[str]
    taken_at: Mapped[datetime | None]
    taken_on: Mapped[date | None]
    answers: Mapped[list[Any] | None] = mapped_column(ARRAY(SmallInteger))
    reported_total: Mapped[float | None]
    """The total as sent; `total` is what stands."""
    total: Mapped[float | None]
    total_source: Mapped[str | None]
    complete: Mapped[bool]
    band: Mapped[str | None]
    scoring_version: Mapped[str]
    self_harm: Mapped[str]
    answered_by: Mapped[str | None]
    language: Mapped[str | None]
    slot_id: Mapped[str | None]
    note: Mapped[str | None]
    supersedes: Mapped[UUID | None]


class Schedule(Owned, Base):
    """When a patient is asked what. Its id is the patient's; without a row the default holds."""

    __tablename__ = "schedules"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "id"], ["patients.clinic_id", "patients.id"]),
        Index("ix_schedules_changed_at", "clinic_id", "changed_at"),
    )

    slots: Mapped[list[dict[str, Any]]] = mapped_column(server_default=text("'[]'"))
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]
