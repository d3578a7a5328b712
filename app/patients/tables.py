"""Whom we treat: identity, what other systems call them, and their courses of treatment."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.kit.tables import Base, Owned, one_of
from app.records.tables import Clinical, Status, Versioned, clinical_rules


class Sex(StrEnum):
    """As the EHR says it."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Indication(StrEnum):
    """What a course is given for."""

    MDD = "mdd"
    TRD = "trd"
    BIPOLAR_DEPRESSION = "bipolar_depression"
    PTSD = "ptsd"
    ANXIETY = "anxiety"
    OCD = "ocd"
    SUICIDALITY = "suicidality"
    PAIN = "pain"
    OTHER = "other"


class Phase(StrEnum):
    """Building relief, or keeping it."""

    INDUCTION = "induction"
    MAINTENANCE = "maintenance"


class ConsentKind(StrEnum):
    """What somebody consents to."""

    TREATMENT = "treatment"
    DATA_SHARING = "data_sharing"
    PHONE = "phone"
    RESEARCH = "research"
    MESSAGES = "messages"


class GivenBy(StrEnum):
    """Who consents."""

    PATIENT = "patient"
    PROXY = "proxy"
    GUARDIAN = "guardian"


class Patient(Versioned, Base):
    """One person at one clinic."""

    __tablename__ = "patients"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "merged_into_id"],
            ["patients.clinic_id", "patients.id"],
            deferrable=True,
            initially="DEFERRED",
        ),
        CheckConstraint("merged_into_id <> id", name="not_merged_into_itself"),
        Index(
            "ix_patients_merged_into_id",
            "clinic_id",
            "merged_into_id",
            postgresql_where=text("merged_into_id IS NOT NULL"),
        ),
        one_of("sex", Sex),
        one_of("status", Status),
        Index("ix_patients_family_key", "clinic_id", "family_key", "id"),
        Index("ix_patients_given_key", "clinic_id", "given_key", "id"),
        Index("ix_patients_birth_date", "clinic_id", "birth_date", "id"),
    )

    status: Mapped[str]
    """entered_in_error: registered by mistake, and nothing is recorded of them."""
    identifiers: Mapped[list[dict[str, Any]]]
    """As they were sent, so that history has them; the table of that name keeps each unique."""
    given_name: Mapped[str | None]
    family_name: Mapped[str | None]
    given_key: Mapped[str] = mapped_column(Text(collation="C"))
    """The given name in lower case without accents, for the search by its beginning."""
    family_key: Mapped[str] = mapped_column(Text(collation="C"))
    birth_date: Mapped[date | None]
    sex: Mapped[str]
    time_zone: Mapped[str | None]
    """Null: the clinic's."""
    preferred_language: Mapped[str | None]
    phones: Mapped[list[str]]
    emergency_contacts: Mapped[list[dict[str, Any]]]
    responsible_clinician_id: Mapped[UUID | None]
    instrument_priority: Mapped[list[str]]
    active: Mapped[bool]
    deceased_on: Mapped[date | None]
    is_demo: Mapped[bool]
    merged_into_id: Mapped[UUID | None]
    """Who they turned out to be: all that is recorded of them is found there."""
    erased_at: Mapped[datetime | None]
    """When the person was forgotten: what is left tells of episodes, and of nobody."""
    legal_hold: Mapped[bool] = mapped_column(server_default=text("false"))
    """Nothing of them may be erased."""


class Identifier(Owned, Base):
    """What another system calls a patient. Unique in the clinic, so that a retry finds it."""

    __tablename__ = "identifiers"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        Index("uq_identifiers_value", "clinic_id", "system", "value", unique=True),
        Index("ix_identifiers_patient_id", "clinic_id", "patient_id"),
    )

    patient_id: Mapped[UUID]
    system: Mapped[str]
    value: Mapped[str]
    position: Mapped[int]


class Course(Versioned, Base):
    """A run of infusions without a long pause. Opened and numbered by the server."""

    __tablename__ = "courses"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        CheckConstraint("status IN ('active', 'entered_in_error')", name="status_known"),
        one_of("indication", Indication),
        one_of("phase", Phase),
        Index("ix_courses_patient_id_number", "clinic_id", "patient_id", "number"),
    )

    patient_id: Mapped[UUID]
    status: Mapped[str]
    """entered_in_error once none of its infusions is left to it."""
    number: Mapped[int]
    started_at: Mapped[datetime]
    member_ids: Mapped[list[UUID]]
    """Its infusions in order: the course keeps its id while the first that survives is its own."""
    indication: Mapped[str | None]
    phase: Mapped[str | None]
    planned_infusions: Mapped[int | None]


class Baseline(Clinical, Base):
    """The score that a clinician says a course is measured against."""

    __tablename__ = "baselines"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "first_infusion_id"],
            ["infusions.clinic_id", "infusions.patient_id", "infusions.id"],
        ),
        *clinical_rules("baselines"),
    )

    instrument: Mapped[str]
    first_infusion_id: Mapped[UUID]
    value: Mapped[float | None]
    assessment_id: Mapped[UUID | None]
    reason: Mapped[str]


class Consent(Clinical, Base):
    """What somebody agreed to, on which version of which text, until it is withdrawn."""

    __tablename__ = "consents"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        *clinical_rules("consents"),
        one_of("kind", ConsentKind),
        one_of("given_by", GivenBy),
    )

    kind: Mapped[str]
    text_version: Mapped[str]
    given_at: Mapped[datetime | None]
    given_on: Mapped[date | None]
    given_by: Mapped[str]
    withdrawn_at: Mapped[datetime | None]
    note: Mapped[str | None]
