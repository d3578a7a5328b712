"""The tenants."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base


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
