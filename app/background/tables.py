"""What else is true of a patient: medications, allergies, conditions, screenings, labs, events."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped

from app.kit.tables import Base, one_of
from app.records.tables import Clinical, clinical_rules

OF_PATIENT = (["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"])


class DrugClass(StrEnum):
    """What a medication is, as far as a safety rule asks."""

    BENZODIAZEPINE = "benzodiazepine"
    Z_DRUG = "z_drug"
    OPIOID = "opioid"
    STIMULANT = "stimulant"
    MAOI = "maoi"
    SSRI = "ssri"
    SNRI = "snri"
    OTHER_ANTIDEPRESSANT = "other_antidepressant"
    LITHIUM = "lithium"
    LAMOTRIGINE = "lamotrigine"
    ANTIPSYCHOTIC = "antipsychotic"
    NALTREXONE = "naltrexone"
    NMDA_ANTAGONIST = "nmda_antagonist"
    GABAPENTINOID = "gabapentinoid"
    THEOPHYLLINE = "theophylline"
    ANTIHYPERTENSIVE = "antihypertensive"
    HORMONAL_CONTRACEPTIVE = "hormonal_contraceptive"
    OTHER = "other"


class Severity(StrEnum):
    """How bad a reaction was."""

    MILD = "mild"
    MODERATE = "moderate"
    SEVERE = "severe"


class ConditionName(StrEnum):
    """What the contraindication rules ask about."""

    ANEURYSMAL_VASCULAR_DISEASE = "aneurysmal_vascular_disease"
    ARTERIOVENOUS_MALFORMATION = "arteriovenous_malformation"
    INTRACEREBRAL_HAEMORRHAGE = "intracerebral_haemorrhage"
    KETAMINE_HYPERSENSITIVITY = "ketamine_hypersensitivity"
    PSYCHOSIS = "psychosis"
    MANIA = "mania"
    UNCONTROLLED_HYPERTENSION = "uncontrolled_hypertension"
    RECENT_MYOCARDIAL_INFARCTION = "recent_myocardial_infarction"
    RECENT_STROKE = "recent_stroke"
    UNSTABLE_CARDIAC_DISEASE = "unstable_cardiac_disease"
    RAISED_INTRACRANIAL_PRESSURE = "raised_intracranial_pressure"
    SEVERE_HEPATIC_IMPAIRMENT = "severe_hepatic_impairment"
    SUBSTANCE_USE_DISORDER = "substance_use_disorder"
    PREGNANCY = "pregnancy"
    LACTATION = "lactation"
    DEMENTIA = "dementia"
    CYSTITIS = "cystitis"
    HYPERTHYROIDISM = "hyperthyroidism"
    OTHER = "other"


class ScreeningKind(StrEnum):
    """What was asked or looked up before treatment."""

    CONTRAINDICATIONS = "contraindications"
    PREGNANCY = "pregnancy"
    PRESCRIPTION_MONITORING = "prescription_monitoring"
    DRUG_SCREEN = "drug_screen"


class ScreeningResult(StrEnum):
    """What a screening found; which of these, its kind says."""

    POSITIVE = "positive"
    NEGATIVE = "negative"
    UNKNOWN = "unknown"
    NOT_APPLICABLE = "not_applicable"
    CLEAR = "clear"
    CONCERN = "concern"


class LabCode(StrEnum):
    """What was measured in a laboratory."""

    ALT = "alt"
    AST = "ast"
    ALP = "alp"
    BILIRUBIN = "bilirubin"
    CREATININE = "creatinine"
    EGFR = "egfr"
    URINALYSIS = "urinalysis"
    URINE_CULTURE = "urine_culture"
    URINE_HCG = "urine_hcg"
    URINE_DRUG_SCREEN = "urine_drug_screen"
    OTHER = "other"


class EventKind(StrEnum):
    """What happened to a patient elsewhere, or beside the infusions."""

    HOSPITALIZATION = "hospitalization"
    EMERGENCY_VISIT = "emergency_visit"
    SUICIDE_ATTEMPT = "suicide_attempt"
    ECT = "ect"
    TMS = "tms"
    MEDICATION_CHANGE = "medication_change"
    PSYCHOTHERAPY_START = "psychotherapy_start"
    FALL = "fall"
    OTHER = "other"


class Medication(Clinical, Base):
    """What a patient takes, from when until when."""

    __tablename__ = "medications"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        *clinical_rules("medications"),
        one_of("drug_class", DrugClass),
        Index("uq_medications_patient", "clinic_id", "patient_id", "id", unique=True),
    )

    name: Mapped[str]
    """Generic."""
    code: Mapped[dict[str, Any] | None]
    """`{system, value}` of whoever prescribed it."""
    dose: Mapped[float | None]
    dose_unit: Mapped[str | None]
    frequency: Mapped[str | None]
    daily_dose_mg: Mapped[float | None]
    diazepam_equivalent_mg: Mapped[float | None]
    started_on: Mapped[date | None]
    stopped_on: Mapped[date | None]
    drug_class: Mapped[str | None]
    note: Mapped[str | None]


class Allergy(Clinical, Base):
    """What a patient must not be given."""

    __tablename__ = "allergies"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        *clinical_rules("allergies"),
        one_of("severity", Severity),
    )

    substance: Mapped[str]
    reaction: Mapped[str | None]
    severity: Mapped[str | None]
    noted_on: Mapped[date | None]
    note: Mapped[str | None]


class Condition(Clinical, Base):
    """What a patient has or had, or was asked about and has not."""

    __tablename__ = "conditions"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        *clinical_rules("conditions"),
        one_of("condition", ConditionName),
    )

    condition: Mapped[str]
    other_text: Mapped[str | None]
    present: Mapped[bool]
    since_on: Mapped[date | None]
    resolved_on: Mapped[date | None]
    note: Mapped[str | None]


class Screening(Clinical, Base):
    """A checklist that was answered, a test or a look-up: what it found, and until when it holds.

    It belongs to one kind, whose results the schema knows.
    """

    __tablename__ = "screenings"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        *clinical_rules("screenings"),
        one_of("kind", ScreeningKind),
        one_of("result", ScreeningResult),
    )

    kind: Mapped[str]
    form_version: Mapped[str | None]
    answered_at: Mapped[datetime | None]
    answered_on: Mapped[date | None]
    answered_by: Mapped[str | None]
    answers: Mapped[dict[str, Any] | None]
    """Of contraindications: yes, no or unknown by condition."""
    result: Mapped[str | None]
    """Of every other kind."""
    expires_on: Mapped[date | None]
    """The first day on which it holds no longer, in the patient's zone."""
    expires_by_default: Mapped[bool]
    """Worked out from the clinic's threshold; false where the sender said the day."""
    note: Mapped[str | None]


class Lab(Clinical, Base):
    """One laboratory result."""

    __tablename__ = "labs"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        *clinical_rules("labs"),
        one_of("code", LabCode),
    )

    code: Mapped[str]
    loinc: Mapped[str | None]
    other_text: Mapped[str | None]
    value: Mapped[float | None]
    unit: Mapped[str | None]
    text_result: Mapped[str | None]
    abnormal: Mapped[bool | None]
    reference: Mapped[str | None]
    collected_at: Mapped[datetime | None]
    collected_on: Mapped[date | None]
    note: Mapped[str | None]


class Event(Clinical, Base):
    """Something else that happened to a patient, and may explain what their scores do."""

    __tablename__ = "events"
    __table_args__ = (
        ForeignKeyConstraint(*OF_PATIENT),
        ForeignKeyConstraint(
            ["clinic_id", "patient_id", "medication_id"],
            ["medications.clinic_id", "medications.patient_id", "medications.id"],
        ),
        *clinical_rules("events"),
        one_of("kind", EventKind),
    )

    kind: Mapped[str]
    other_text: Mapped[str | None]
    occurred_at: Mapped[datetime | None]
    occurred_on: Mapped[date | None]
    ended_on: Mapped[date | None]
    worsening: Mapped[bool | None]
    """Whether it came of depression getting worse."""
    medication_id: Mapped[UUID | None]
    note: Mapped[str | None]
