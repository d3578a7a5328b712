"""What was given: sessions, what was given within them, vital signs, side effects."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index, text
from sqlalchemy.orm import Mapped

from app.kit.tables import Base, one_of
from app.records.tables import Clinical, clinical_rules

OF_PATIENT = (["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"])
OF_SESSION = (
    ["clinic_id", "patient_id", "infusion_id"],
    ["infusions.clinic_id", "infusions.patient_id", "infusions.id"],
)
"""What hangs on a session is of the same patient as the session: the key says so."""


class SessionStatus(StrEnum):
    """Where a session is."""

    PLANNED = "planned"
    IN_PROGRESS = "in_progress"
    COMPLETED = "completed"
    STOPPED = "stopped"
    CANCELLED = "cancelled"
    ENTERED_IN_ERROR = "entered_in_error"


class Drug(StrEnum):
    """Racemic ketamine, or its S-enantiomer as the licensed spray."""

    KETAMINE = "ketamine"
    ESKETAMINE = "esketamine"


class Route(StrEnum):
    """How it goes in."""

    IV = "iv"
    IM = "im"
    SC = "sc"
    INTRANASAL = "intranasal"
    SUBLINGUAL = "sublingual"
    ORAL = "oral"


class WeightKind(StrEnum):
    """Which weight the dose is worked out from."""

    ACTUAL = "actual"
    IDEAL = "ideal"
    ADJUSTED = "adjusted"
    CAPPED = "capped"


class Setting(StrEnum):
    """Where it was given."""

    CLINIC = "clinic"
    OTHER_CLINIC = "other_clinic"
    HOME = "home"


class DoseKind(StrEnum):
    """What happened to the dose."""

    BOLUS = "bolus"
    RATE = "rate"
    PAUSE = "pause"
    RESUME = "resume"
    STOP = "stop"
    DEVICE = "device"


class GivenFor(StrEnum):
    """What a medication was given for within a session."""

    NAUSEA = "nausea"
    BLOOD_PRESSURE = "blood_pressure"
    ANXIETY = "anxiety"
    HEADACHE = "headache"
    OTHER = "other"


class Infusion(Clinical, Base):
    """One session: planned, given or not given."""

    __tablename__ = "infusions"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        *clinical_rules("infusions", SessionStatus),
        one_of("drug", Drug),
        one_of("route", Route),
        one_of("weight_kind", WeightKind),
        one_of("setting", Setting),
        Index("uq_infusions_patient", "clinic_id", "patient_id", "id", unique=True),
        Index("ix_infusions_time", "clinic_id", "effective_at", "id"),
        Index(
            "uq_infusions_in_progress",
            "clinic_id",
            "patient_id",
            unique=True,
            postgresql_where=text("status = 'in_progress'"),
        ),
    )

    drug: Mapped[str]
    route: Mapped[str]
    planned_mg_per_kg: Mapped[float | None]
    planned_dose_mg: Mapped[float | None]
    planned_minutes: Mapped[float | None]
    dose_mg: Mapped[float | None]
    weight_kg: Mapped[float | None]
    weight_measured_on: Mapped[date | None]
    weight_kind: Mapped[str | None]
    weight_confirmed: Mapped[bool | None]
    scheduled_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    started_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
    monitoring_ended_at: Mapped[datetime | None]
    discharged_at: Mapped[datetime | None]
    stop_reason: Mapped[str | None]
    cancel_reason: Mapped[str | None]
    setting: Mapped[str]
    site: Mapped[str | None]
    chair: Mapped[str | None]
    supplies: Mapped[list[dict[str, Any]]]
    reasons: Mapped[list[dict[str, Any]]]
    """Why a rule of level stop was passed, rule by rule."""
    discharge_checks: Mapped[dict[str, Any] | None]
    """What the person at the chair answered before the patient left."""
    starts_course: Mapped[bool | None]
    separate_from: Mapped[list[UUID]]
    note: Mapped[str | None]
    course_id: Mapped[UUID | None]
    number_in_course: Mapped[int | None]


class DoseEvent(Clinical, Base):
    """A bolus, a rate, a pause, a stop: they add up to the dose given."""

    __tablename__ = "dose_events"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SESSION),
        *clinical_rules("dose_events"),
        one_of("kind", DoseKind),
        Index("ix_dose_events_infusion", "clinic_id", "infusion_id", "effective_at", "id"),
    )

    infusion_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str]
    rate_mg_per_minute: Mapped[float | None]
    dose_mg: Mapped[float | None]
    reason: Mapped[str | None]
    note: Mapped[str | None]


class MedicationGiven(Clinical, Base):
    """What was given beside the drug within a session, against nausea say."""

    __tablename__ = "medications_given"
    __table_args__ = (
        ForeignKeyConstraint(*OF_SESSION),
        *clinical_rules("medications_given"),
        one_of("why", GivenFor),
        Index("ix_medications_given_infusion", "clinic_id", "infusion_id", "effective_at", "id"),
    )

    infusion_id: Mapped[UUID]
    name: Mapped[str]
    dose: Mapped[float | None]
    unit: Mapped[str | None]
    route: Mapped[str | None]
    given_at: Mapped[datetime]
    why: Mapped[str | None]
    response: Mapped[str | None]
    note: Mapped[str | None]


class Vitals(Clinical, Base):
    """One reading of vital signs, in a session or at home; or why there was none."""

    __tablename__ = "vitals"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        ForeignKeyConstraint(*OF_SESSION),
        *clinical_rules("vitals"),
        Index("ix_vitals_infusion", "clinic_id", "infusion_id", "effective_at", "id"),
        Index(
            "ix_vitals_weight",
            "clinic_id",
            "patient_id",
            "effective_at",
            postgresql_where=text("weight_kg IS NOT NULL"),
        ),
    )

    infusion_id: Mapped[UUID | None]
    measured_at: Mapped[datetime | None]
    measured_on: Mapped[date | None]
    systolic_mmhg: Mapped[int | None]
    diastolic_mmhg: Mapped[int | None]
    heart_rate_bpm: Mapped[int | None]
    spo2_percent: Mapped[float | None]
    oxygen_l_per_minute: Mapped[float | None]
    respiratory_rate_per_minute: Mapped[float | None]
    temperature_celsius: Mapped[float | None]
    sedation_moaas: Mapped[int | None]
    weight_kg: Mapped[float | None]
    weight_confirmed: Mapped[bool | None]
    height_cm: Mapped[float | None]
    method: Mapped[str | None]
    symptomatic: Mapped[bool | None]
    planned_minute: Mapped[int | None]
    not_done_reason: Mapped[str | None]
    note: Mapped[str | None]


class SideEffect(Clinical, Base):
    """An effect that was there, or was asked about and absent: both are facts."""

    __tablename__ = "side_effects"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        ForeignKeyConstraint(*OF_SESSION),
        *clinical_rules("side_effects"),
        Index("ix_side_effects_infusion", "clinic_id", "infusion_id", "effective_at", "id"),
    )

    infusion_id: Mapped[UUID | None]
    observed_at: Mapped[datetime | None]
    observed_on: Mapped[date | None]
    effect: Mapped[str]
    other_text: Mapped[str | None]
    present: Mapped[bool]
    severity: Mapped[float | None]
    grade: Mapped[str | None]
    onset_at: Mapped[datetime | None]
    peak_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    interventions: Mapped[list[dict[str, Any]]]
    action_taken: Mapped[str | None]
    serious: Mapped[bool | None]
    relatedness: Mapped[str | None]
    present_at_discharge: Mapped[bool | None]
    reported_by: Mapped[str | None]
    note: Mapped[str | None]
