"""What else is true of a patient, and what was given beside the drug"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import keep, tell, wall_of_clinic

revision = "0005"
down_revision = "0004"

TABLES = (
    "allergies",
    "conditions",
    "events",
    "labs",
    "medications",
    "medications_given",
    "screenings",
)


def upgrade() -> None:
    op.create_table(
        "allergies",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("substance", sa.Text(), nullable=False),
        sa.Column("reaction", sa.Text(), nullable=True),
        sa.Column("severity", sa.Text(), nullable=True),
        sa.Column("noted_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("entry_mode", sa.Text(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_record_id", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_skew_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "entry_mode IN ('live', 'late', 'import')", name=op.f("ck_allergies_entry_mode_known")
        ),
        sa.CheckConstraint(
            "precision IN ('instant', 'day')", name=op.f("ck_allergies_precision_known")
        ),
        sa.CheckConstraint(
            "severity IN ('mild', 'moderate', 'severe')", name=op.f("ck_allergies_severity_known")
        ),
        sa.CheckConstraint(
            "status IN ('final', 'amended', 'entered_in_error')",
            name=op.f("ck_allergies_status_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_allergies_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_allergies_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_allergies_clinic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_allergies")),
    )
    op.create_index(
        "ix_allergies_patient_time",
        "allergies",
        ["clinic_id", "patient_id", "effective_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_allergies_source",
        "allergies",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.create_table(
        "conditions",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("condition", sa.Text(), nullable=False),
        sa.Column("other_text", sa.Text(), nullable=True),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("since_on", sa.Date(), nullable=True),
        sa.Column("resolved_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("entry_mode", sa.Text(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_record_id", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_skew_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "condition IN ('aneurysmal_vascular_disease', 'arteriovenous_malformation', 'intracerebral_haemorrhage', 'ketamine_hypersensitivity', 'psychosis', 'mania', 'uncontrolled_hypertension', 'recent_myocardial_infarction', 'recent_stroke', 'unstable_cardiac_disease', 'raised_intracranial_pressure', 'severe_hepatic_impairment', 'substance_use_disorder', 'pregnancy', 'lactation', 'dementia', 'cystitis', 'hyperthyroidism', 'other')",
            name=op.f("ck_conditions_condition_known"),
        ),
        sa.CheckConstraint(
            "entry_mode IN ('live', 'late', 'import')", name=op.f("ck_conditions_entry_mode_known")
        ),
        sa.CheckConstraint(
            "precision IN ('instant', 'day')", name=op.f("ck_conditions_precision_known")
        ),
        sa.CheckConstraint(
            "status IN ('final', 'amended', 'entered_in_error')",
            name=op.f("ck_conditions_status_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_conditions_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_conditions_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_conditions_clinic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_conditions")),
    )
    op.create_index(
        "ix_conditions_patient_time",
        "conditions",
        ["clinic_id", "patient_id", "effective_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_conditions_source",
        "conditions",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.create_table(
        "labs",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("loinc", sa.Text(), nullable=True),
        sa.Column("other_text", sa.Text(), nullable=True),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("text_result", sa.Text(), nullable=True),
        sa.Column("abnormal", sa.Boolean(), nullable=True),
        sa.Column("reference", sa.Text(), nullable=True),
        sa.Column("collected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("collected_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("entry_mode", sa.Text(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_record_id", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_skew_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "code IN ('alt', 'ast', 'alp', 'bilirubin', 'creatinine', 'egfr', 'urinalysis', 'urine_culture', 'urine_hcg', 'urine_drug_screen', 'other')",
            name=op.f("ck_labs_code_known"),
        ),
        sa.CheckConstraint(
            "entry_mode IN ('live', 'late', 'import')", name=op.f("ck_labs_entry_mode_known")
        ),
        sa.CheckConstraint("precision IN ('instant', 'day')", name=op.f("ck_labs_precision_known")),
        sa.CheckConstraint(
            "status IN ('final', 'amended', 'entered_in_error')", name=op.f("ck_labs_status_known")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_labs_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_labs_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_labs_clinic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_labs")),
    )
    op.create_index(
        "ix_labs_patient_time",
        "labs",
        ["clinic_id", "patient_id", "effective_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_labs_source",
        "labs",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.create_table(
        "medications",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("dose", sa.Double(), nullable=True),
        sa.Column("dose_unit", sa.Text(), nullable=True),
        sa.Column("frequency", sa.Text(), nullable=True),
        sa.Column("daily_dose_mg", sa.Double(), nullable=True),
        sa.Column("diazepam_equivalent_mg", sa.Double(), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=True),
        sa.Column("stopped_on", sa.Date(), nullable=True),
        sa.Column("drug_class", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("entry_mode", sa.Text(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_record_id", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_skew_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "drug_class IN ('benzodiazepine', 'z_drug', 'opioid', 'stimulant', 'maoi', 'ssri', 'snri', 'other_antidepressant', 'lithium', 'lamotrigine', 'antipsychotic', 'naltrexone', 'nmda_antagonist', 'gabapentinoid', 'theophylline', 'antihypertensive', 'hormonal_contraceptive', 'other')",
            name=op.f("ck_medications_drug_class_known"),
        ),
        sa.CheckConstraint(
            "entry_mode IN ('live', 'late', 'import')", name=op.f("ck_medications_entry_mode_known")
        ),
        sa.CheckConstraint(
            "precision IN ('instant', 'day')", name=op.f("ck_medications_precision_known")
        ),
        sa.CheckConstraint(
            "status IN ('final', 'amended', 'entered_in_error')",
            name=op.f("ck_medications_status_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_medications_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_medications_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_medications_clinic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_medications")),
    )
    op.create_index(
        "ix_medications_patient_time",
        "medications",
        ["clinic_id", "patient_id", "effective_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_medications_patient", "medications", ["clinic_id", "patient_id", "id"], unique=True
    )
    op.create_index(
        "uq_medications_source",
        "medications",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.create_table(
        "screenings",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("form_version", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_on", sa.Date(), nullable=True),
        sa.Column("answered_by", sa.Text(), nullable=True),
        sa.Column("answers", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("result", sa.Text(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("expires_by_default", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("entry_mode", sa.Text(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_record_id", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_skew_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "entry_mode IN ('live', 'late', 'import')", name=op.f("ck_screenings_entry_mode_known")
        ),
        sa.CheckConstraint(
            "kind IN ('contraindications', 'pregnancy', 'prescription_monitoring', 'drug_screen')",
            name=op.f("ck_screenings_kind_known"),
        ),
        sa.CheckConstraint(
            "precision IN ('instant', 'day')", name=op.f("ck_screenings_precision_known")
        ),
        sa.CheckConstraint(
            "result IN ('positive', 'negative', 'unknown', 'not_applicable', 'clear', 'concern')",
            name=op.f("ck_screenings_result_known"),
        ),
        sa.CheckConstraint(
            "status IN ('final', 'amended', 'entered_in_error')",
            name=op.f("ck_screenings_status_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_screenings_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_screenings_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_screenings_clinic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_screenings")),
    )
    op.create_index(
        "ix_screenings_patient_time",
        "screenings",
        ["clinic_id", "patient_id", "effective_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_screenings_source",
        "screenings",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.create_table(
        "events",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("other_text", sa.Text(), nullable=True),
        sa.Column("occurred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("occurred_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("worsening", sa.Boolean(), nullable=True),
        sa.Column("medication_id", sa.Uuid(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("entry_mode", sa.Text(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_record_id", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_skew_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "entry_mode IN ('live', 'late', 'import')", name=op.f("ck_events_entry_mode_known")
        ),
        sa.CheckConstraint(
            "kind IN ('hospitalization', 'emergency_visit', 'suicide_attempt', 'ect', 'tms', 'medication_change', 'psychotherapy_start', 'fall', 'other')",
            name=op.f("ck_events_kind_known"),
        ),
        sa.CheckConstraint(
            "precision IN ('instant', 'day')", name=op.f("ck_events_precision_known")
        ),
        sa.CheckConstraint(
            "status IN ('final', 'amended', 'entered_in_error')",
            name=op.f("ck_events_status_known"),
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_events_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "medication_id"],
            ["medications.clinic_id", "medications.patient_id", "medications.id"],
            name=op.f("fk_events_clinic_id_patient_id_medication_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_events_clinic_id_patient_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_events_clinic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_events")),
    )
    op.create_index(
        "ix_events_patient_time",
        "events",
        ["clinic_id", "patient_id", "effective_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_events_source",
        "events",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.create_table(
        "medications_given",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("infusion_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("dose", sa.Double(), nullable=True),
        sa.Column("unit", sa.Text(), nullable=True),
        sa.Column("route", sa.Text(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("why", sa.Text(), nullable=True),
        sa.Column("response", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("entry_mode", sa.Text(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_record_id", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("clock_skew_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint(
            "entry_mode IN ('live', 'late', 'import')",
            name=op.f("ck_medications_given_entry_mode_known"),
        ),
        sa.CheckConstraint(
            "precision IN ('instant', 'day')", name=op.f("ck_medications_given_precision_known")
        ),
        sa.CheckConstraint(
            "status IN ('final', 'amended', 'entered_in_error')",
            name=op.f("ck_medications_given_status_known"),
        ),
        sa.CheckConstraint(
            "why IN ('nausea', 'blood_pressure', 'anxiety', 'headache', 'other')",
            name=op.f("ck_medications_given_why_known"),
        ),
        sa.CheckConstraint(
            "version >= 1", name=op.f("ck_medications_given_version_counts_from_one")
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id", "infusion_id"],
            ["infusions.clinic_id", "infusions.patient_id", "infusions.id"],
            name=op.f("fk_medications_given_clinic_id_patient_id_infusion_id"),
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id"],
            ["clinics.id"],
            name=op.f("fk_medications_given_clinic_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_medications_given")),
    )
    op.create_index(
        "ix_medications_given_infusion",
        "medications_given",
        ["clinic_id", "infusion_id", "effective_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_medications_given_patient_time",
        "medications_given",
        ["clinic_id", "patient_id", "effective_at", "id"],
        unique=False,
    )
    op.create_index(
        "uq_medications_given_source",
        "medications_given",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    for table in TABLES:
        wall_of_clinic(table)
        keep(table)
        tell(table)


def downgrade() -> None:
    op.drop_index(
        "uq_medications_given_source",
        table_name="medications_given",
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.drop_index("ix_medications_given_patient_time", table_name="medications_given")
    op.drop_index("ix_medications_given_infusion", table_name="medications_given")
    op.drop_table("medications_given")
    op.drop_index(
        "uq_events_source",
        table_name="events",
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.drop_index("ix_events_patient_time", table_name="events")
    op.drop_table("events")
    op.drop_index(
        "uq_screenings_source",
        table_name="screenings",
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.drop_index("ix_screenings_patient_time", table_name="screenings")
    op.drop_table("screenings")
    op.drop_index(
        "uq_medications_source",
        table_name="medications",
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.drop_index("uq_medications_patient", table_name="medications")
    op.drop_index("ix_medications_patient_time", table_name="medications")
    op.drop_table("medications")
    op.drop_index(
        "uq_labs_source", table_name="labs", postgresql_where=sa.text("source_system IS NOT NULL")
    )
    op.drop_index("ix_labs_patient_time", table_name="labs")
    op.drop_table("labs")
    op.drop_index(
        "uq_conditions_source",
        table_name="conditions",
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.drop_index("ix_conditions_patient_time", table_name="conditions")
    op.drop_table("conditions")
    op.drop_index(
        "uq_allergies_source",
        table_name="allergies",
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.drop_index("ix_allergies_patient_time", table_name="allergies")
    op.drop_table("allergies")
