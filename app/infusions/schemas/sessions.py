"""Sessions on the wire: what was planned, what was given, and what was used up."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field, ValidationInfo, field_validator

from app.infusions.schemas.bounds import Amount, Dose, Weight
from app.infusions.tables import Drug, Route, SessionStatus, Setting, WeightKind
from app.kit.values import Day, Flag, Instant, Note, Number, Text, Whole
from app.records.schemas import ClinicalIn, ClinicalOut, Outward, Strict

LONGEST_MINUTES = 7 * 24 * 60
"""No infusion of ketamine runs longer than a week."""

HIGHEST_MG_PER_KG = 100
"""The highest dose over the lowest weight."""


class Standing(StrEnum):
    """Where a client may say that a session is; entered_in_error is said by voiding."""

    PLANNED = SessionStatus.PLANNED
    IN_PROGRESS = SessionStatus.IN_PROGRESS
    COMPLETED = SessionStatus.COMPLETED
    STOPPED = SessionStatus.STOPPED
    CANCELLED = SessionStatus.CANCELLED


class SupplyIn(Strict):
    """What was drawn for a session, and what of it was thrown away before a witness."""

    product: Text
    lot_number: Text | None = None
    expires_on: Day | None = None
    vial_id: Text | None = None
    drawn_mg: Amount | None = None
    wasted_mg: Amount | None = None
    witnessed_by: Text | None = Field(None, description="Anyone but who records it")

    @field_validator("wasted_mg")
    @classmethod
    def was_drawn_before(cls, value: float | None, info: ValidationInfo) -> float | None:
        """No more can be wasted than was drawn."""
        drawn = info.data.get("drawn_mg")
        if value is not None and drawn is not None and value > drawn:
            raise ValueError("must not be more than drawn_mg")
        return value


class Reason(Strict):
    """Why a safety rule of level stop was passed."""

    rule: Text
    reason: Text


Reasons = Annotated[tuple[Reason, ...], Field(max_length=50)]


class DischargeChecks(Strict):
    """What only the person at the chair can say. What is left out is not known."""

    gait_steady: Flag | None = None
    dissociation_resolved: Flag | None = None
    nausea_controlled: Flag | None = None
    escort_present: Flag | None = None
    instructions_given: Flag | None = None
    told_not_to_drive: Flag | None = None
    aldrete: Annotated[Whole, Field(ge=0, le=10)] | None = Field(
        None, description="The modified Aldrete score"
    )
    vital_signs_acceptable: Flag | None = None
    ready_at: Instant | None = Field(
        None, description="When they would have been ready without a least time of observation"
    )


class InfusionIn(ClinicalIn):
    """A session as a client sends it: an appointment, or what was given."""

    clock = "started"
    needs_time = False
    may_lie_ahead = frozenset({"scheduled_at"})

    status: Standing = Standing.PLANNED
    drug: Drug
    route: Route
    planned_mg_per_kg: Annotated[Number, Field(ge=0, le=HIGHEST_MG_PER_KG)] | None = None
    planned_dose_mg: Dose | None = None
    planned_minutes: Annotated[Number, Field(ge=0, le=LONGEST_MINUTES)] | None = None
    dose_mg: Dose | None = Field(None, description="Given; null where history doesn't know")
    weight_kg: Weight | None = None
    weight_measured_on: Day | None = None
    weight_kind: WeightKind | None = None
    weight_confirmed: Flag | None = Field(
        None, description="The weight is meant, though far from the last one known"
    )
    scheduled_at: Instant | None = None
    arrived_at: Instant | None = None
    started_at: Instant | None = None
    started_on: Day | None = None
    ended_at: Instant | None = None
    monitoring_ended_at: Instant | None = None
    discharged_at: Instant | None = None
    stop_reason: Text | None = None
    cancel_reason: Text | None = None
    setting: Setting = Setting.CLINIC
    site: Text | None = None
    chair: Text | None = None
    supplies: Annotated[tuple[SupplyIn, ...], Field(max_length=50)] = ()
    reasons: Reasons = Field((), description="Kept for good: what is sent later is added")
    discharge_checks: DischargeChecks | None = None
    starts_course: Flag | None = Field(
        None, description="True opens a course here, false never does, null leaves it to the gap"
    )
    separate_from: Annotated[tuple[UUID, ...], Field(max_length=50)] = Field(
        (), description="Sessions within 12 hours of this one that are not the same"
    )
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "status": "completed",
        "drug": "ketamine",
        "route": "iv",
        "planned_mg_per_kg": 0.5,
        "weight_kg": 82.4,
        "dose_mg": 41,
        "started_at": "2026-11-23T09:30:00-07:00",
        "ended_at": "2026-11-23T10:10:00-07:00",
        "chair": "2",
    }

    def moment(self, zone: str) -> datetime | None:
        """When it started, else when it is meant to."""
        return super().moment(zone) or self.scheduled_at

    @field_validator("ended_at", "monitoring_ended_at", "discharged_at")
    @classmethod
    def follows_the_start(cls, value: datetime | None, info: ValidationInfo) -> datetime | None:
        """Nothing ends before it starts."""
        start = info.data.get("started_at")
        if value is not None and start is not None and value < start:
            raise ValueError("must not lie before started_at")
        return value


class SupplyOut(Outward):
    """What was drawn for a session."""

    product: str
    lot_number: str | None
    expires_on: date | None
    vial_id: str | None
    drawn_mg: float | None
    wasted_mg: float | None
    witnessed_by: str | None


class ReasonOut(Outward):
    """Why a safety rule of level stop was passed."""

    rule: str
    reason: str


class DischargeChecksOut(Outward):
    """What the person at the chair answered before the patient left."""

    gait_steady: bool | None = None
    dissociation_resolved: bool | None = None
    nausea_controlled: bool | None = None
    escort_present: bool | None = None
    instructions_given: bool | None = None
    told_not_to_drive: bool | None = None
    aldrete: int | None = None
    vital_signs_acceptable: bool | None = None
    ready_at: datetime | None = None


class InfusionOut(ClinicalOut):
    """A session as we keep it."""

    status: SessionStatus  # type: ignore[assignment]  # sessions have words of their own
    drug: Drug
    route: Route
    planned_mg_per_kg: float | None
    planned_dose_mg: float | None
    planned_minutes: float | None
    dose_mg: float | None
    dose_mg_per_kg: float | None
    weight_kg: float | None
    weight_measured_on: date | None
    weight_kind: WeightKind | None
    weight_confirmed: bool | None
    scheduled_at: datetime | None
    arrived_at: datetime | None
    started_at: datetime | None
    started_on: date | None
    ended_at: datetime | None
    monitoring_ended_at: datetime | None
    discharged_at: datetime | None
    stop_reason: str | None
    cancel_reason: str | None
    setting: Setting
    site: str | None
    chair: str | None
    supplies: list[SupplyOut]
    reasons: list[ReasonOut]
    discharge_checks: DischargeChecksOut | None
    starts_course: bool | None
    separate_from: list[UUID]
    note: str | None
    course_id: UUID | None
    number_in_course: int | None
