"""What was decided, and what a clinic's forecasts rest on."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, Owned, one_of
from app.records.tables import Clinical, clinical_rules


class Choice(StrEnum):
    """What a clinician decides about the next treatment."""

    REPEAT = "repeat"
    WAIT = "wait"
    CHANGE_DOSE = "change_dose"
    STOP = "stop"
    REFER = "refer"


class Decision(Clinical, Base):
    """What a clinician decided, why, and what they were shown."""

    __tablename__ = "decisions"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        one_of("decision", Choice),
        *clinical_rules("decisions"),
    )

    decision: Mapped[str]
    decided_at: Mapped[datetime]
    planned_on: Mapped[date | None]
    planned_dose_mg_per_kg: Mapped[float | None]
    reason: Mapped[str]
    snapshot: Mapped[dict[str, Any]]
    """What was shown when it was recorded. Nothing ever changes it."""
    outcome: Mapped[dict[str, Any] | None]
    """How it turned out, as far as is known; the worker keeps it."""


class ForecastFit(Owned, Base):
    """The parameters of a clinic's forecasts, fitted on its own patients. Never changed."""

    __tablename__ = "forecast_fits"
    __table_args__ = (Index("ix_forecast_fits_fitted_at", "clinic_id", "fitted_at"),)

    version: Mapped[str]
    """Made from the numbers, so that equal parameters have one name."""
    fitted_at: Mapped[datetime]
    cut_off_at: Mapped[datetime]
    """What was recorded later is not in it."""
    patients: Mapped[int] = mapped_column(BigInteger)
    episodes: Mapped[int] = mapped_column(BigInteger)
    parameters: Mapped[dict[str, Any]]
    diagnostics: Mapped[dict[str, Any]]
