"""The tenants."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, Owned


class Clinic(Base):
    """A practice. Everything a clinician can see belongs to exactly one."""

    __tablename__ = "clinics"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    time_zone: Mapped[str]
    is_demo: Mapped[bool]
    crisis: Mapped[dict[str, Any] | None]
    """What a patient in danger is shown: text, contacts, who watches. Null: the default."""
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))


class Setting(Owned, Base):
    """What a clinic chose in place of a default, with its reason; clinics.choices has them all."""

    __tablename__ = "settings"
    __table_args__ = (
        CheckConstraint("version >= 1", name="version_counts_from_one"),
        Index("uq_settings_key", "clinic_id", "key", unique=True),
    )

    key: Mapped[str]
    value: Mapped[Any | None] = mapped_column(JSONB)
    """Null: back to the default."""
    reason: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger)
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID]
