"""Vital signs on the wire."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator, model_validator

from app.infusions.schemas.bounds import Weight
from app.kit.values import Day, Flag, Instant, Note, Number, Text, Whole
from app.records.schemas import ClinicalIn, ClinicalOut

MEASURES = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "heart_rate_bpm",
    "spo2_percent",
    "oxygen_l_per_minute",
    "respiratory_rate_per_minute",
    "temperature_celsius",
    "sedation_moaas",
    "weight_kg",
    "height_cm",
)
"""What counts as a value."""


class Method(StrEnum):
    """How it was measured."""

    MONITOR = "monitor"
    MANUAL = "manual"
    PALPATED = "palpated"
    SELF_REPORTED = "self_reported"


class VitalsIn(ClinicalIn):
    """One reading, or why there was none."""

    clock = "measured"

    measured_at: Instant | None = None
    measured_on: Day | None = None
    infusion_id: UUID | None = Field(None, description="Null: at home, or a visit")
    systolic_mmhg: Annotated[Whole, Field(ge=30, le=320)] | None = None
    diastolic_mmhg: Annotated[Whole, Field(ge=0, le=250)] | None = None
    heart_rate_bpm: Annotated[Whole, Field(ge=0, le=350)] | None = None
    spo2_percent: Annotated[Number, Field(ge=0, le=100)] | None = None
    oxygen_l_per_minute: Annotated[Number, Field(ge=0, le=100)] | None = None
    respiratory_rate_per_minute: Annotated[Number, Field(ge=0, le=100)] | None = None
    temperature_celsius: Annotated[Number, Field(ge=25, le=45)] | None = None
    sedation_moaas: Annotated[Whole, Field(ge=0, le=5)] | None = Field(
        None, description="MOAA/S: 5 is awake, 0 does not respond"
    )
    weight_kg: Weight | None = None
    weight_confirmed: Flag | None = Field(
        None, description="The weight is meant, though far from the last one known"
    )
    height_cm: Annotated[Number, Field(ge=50, le=260)] | None = None
    method: Method | None = None
    symptomatic: Flag | None = None
    planned_minute: Annotated[Whole, Field(ge=-1440, le=1440)] | None = Field(
        None, description="Which reading of the plan this is, in minutes from the start"
    )
    not_done_reason: Text | None = None
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "measured_at": "2026-11-23T09:45:00-07:00",
        "systolic_mmhg": 142,
        "diastolic_mmhg": 88,
        "heart_rate_bpm": 84,
        "spo2_percent": 97,
        "method": "monitor",
    }

    @field_validator("diastolic_mmhg")
    @classmethod
    def lies_below_the_systolic(cls, value: int | None, info: ValidationInfo) -> int | None:
        """The lower pressure is the lower one."""
        systolic = info.data.get("systolic_mmhg")
        if value is not None and systolic is not None and value > systolic:
            raise ValueError("must not be above systolic_mmhg")
        return value

    @model_validator(mode="after")
    def says_something(self) -> Self:
        """A value, or why there is none; both pressures, or the systolic alone when palpated."""
        if self.not_done_reason is None and all(getattr(self, one) is None for one in MEASURES):
            raise ValueError("send at least one value or not_done_reason")
        if self.diastolic_mmhg is not None and self.systolic_mmhg is None:
            raise ValueError("send systolic_mmhg along with diastolic_mmhg")
        alone = self.systolic_mmhg is not None and self.diastolic_mmhg is None
        if alone and self.method != Method.PALPATED:
            raise ValueError("send both pressures, or the systolic alone with method palpated")
        return self


class VitalsOut(ClinicalOut):
    """One reading as we keep it."""

    measured_at: datetime | None
    measured_on: date | None
    infusion_id: UUID | None
    systolic_mmhg: int | None
    diastolic_mmhg: int | None
    heart_rate_bpm: int | None
    spo2_percent: float | None
    oxygen_l_per_minute: float | None
    respiratory_rate_per_minute: float | None
    temperature_celsius: float | None
    sedation_moaas: int | None
    weight_kg: float | None
    weight_confirmed: bool | None
    height_cm: float | None
    method: Method | None
    symptomatic: bool | None
    planned_minute: int | None
    not_done_reason: str | None
    note: str | None
    minutes_from_start: float | None
    phase: Literal["before", "during", "after", "none"]
