"""Patients who turn out to be one, consents, legal holds, and people who are forgotten"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import keep, tell, wall_of_clinic

revision = "0012"
down_revision = "0011"

INSTANT = sa.DateTime(timezone=True)

clinical_columns = import_module("migrations.versions.0011_decisions").clinical_columns

ESCALATION = import_module("migrations.versions.0010_escalation")

TELL = ESCALATION.replaced(ESCALATION.TOLD, ESCALATION.LOUDER, ESCALATION.ESCALATED)

# The key's own check has waited for whoever held the patient, and this is asked after it: a record
# that was on its way while patients were merged is refused, and sent again it is told where to go.
NOT_UNDER_A_MERGED_PATIENT = """
            IF TG_OP = 'INSERT' AND TG_TABLE_NAME <> 'patients' AND EXISTS (
                SELECT FROM patients p WHERE p.clinic_id = NEW.clinic_id AND p.id = patient
                    AND p.merged_into_id IS NOT NULL
            ) THEN
                RAISE EXCEPTION 'the patient has been merged' USING ERRCODE = 'lock_not_available';
            END IF;
"""

AFTER_THIS = "ELSE patient := NEW.patient_id; END IF;"


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def keys(table: str, *patients: str) -> list[sa.Constraint]:
    """The key, and what points at the clinic and at patients."""
    return [
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f(f"pk_{table}")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f(f"fk_{table}_clinic_id"), ondelete="CASCADE"
        ),
        *(
            sa.ForeignKeyConstraint(
                ["clinic_id", one],
                ["patients.clinic_id", "patients.id"],
                name=op.f(f"fk_{table}_clinic_id_{one}"),
            )
            for one in patients
        ),
    ]


def add_consents() -> None:
    op.create_table(
        "consents",
        *clinical_columns(),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("text_version", sa.Text(), nullable=False),
        sa.Column("given_at", INSTANT, nullable=True),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.Text(), nullable=False),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        check("consents", "status_known", "status IN ('final', 'amended', 'entered_in_error')"),
        check("consents", "precision_known", "precision IN ('instant', 'day')"),
        check("consents", "entry_mode_known", "entry_mode IN ('live', 'late', 'import')"),
        check("consents", "version_counts_from_one", "version >= 1"),
        check(
            "consents",
            "kind_known",
            "kind IN ('treatment', 'data_sharing', 'phone', 'research', 'messages')",
        ),
        check("consents", "given_by_known", "given_by IN ('patient', 'proxy', 'guardian')"),
        *keys("consents", "patient_id"),
    )
    op.create_index(
        "ix_consents_patient_time", "consents", ["clinic_id", "patient_id", "effective_at", "id"]
    )
    op.create_index(
        "uq_consents_source",
        "consents",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    wall_of_clinic("consents")
    keep("consents")
    tell("consents")


def add_merges() -> None:
    op.create_table(
        "merges",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("from_id", sa.Uuid(), nullable=False),
        sa.Column("into_id", sa.Uuid(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("merged_at", INSTANT, nullable=False),
        sa.Column("merged_by", sa.Uuid(), nullable=False),
        sa.Column("moved", postgresql.JSONB(), nullable=False),
        sa.Column("undone_at", INSTANT, nullable=True),
        sa.Column("undone_by", sa.Uuid(), nullable=True),
        sa.Column("undo_reason", sa.Text(), nullable=True),
        check("merges", "of_two", "from_id <> into_id"),
        *keys("merges", "from_id", "into_id"),
    )
    op.create_index("ix_merges_from_id", "merges", ["clinic_id", "from_id", "merged_at"])
    op.create_index("ix_merges_into_id", "merges", ["clinic_id", "into_id", "merged_at"])
    wall_of_clinic("merges")


def upgrade() -> None:
    op.add_column("patients", sa.Column("merged_into_id", sa.Uuid(), nullable=True))
    op.add_column("patients", sa.Column("erased_at", INSTANT, nullable=True))
    op.add_column(
        "patients",
        sa.Column("legal_hold", sa.Boolean(), server_default=sa.text("false"), nullable=False),
    )
    op.create_check_constraint(
        op.f("ck_patients_not_merged_into_itself"), "patients", "merged_into_id <> id"
    )
    op.create_foreign_key(
        op.f("fk_patients_clinic_id_merged_into_id"),
        "patients",
        "patients",
        ["clinic_id", "merged_into_id"],
        ["clinic_id", "id"],
        deferrable=True,
        initially="DEFERRED",
    )
    op.create_index(
        "ix_patients_merged_into_id",
        "patients",
        ["clinic_id", "merged_into_id"],
        postgresql_where=sa.text("merged_into_id IS NOT NULL"),
    )
    add_consents()
    add_merges()
    told = ESCALATION.replaced(TELL, AFTER_THIS, AFTER_THIS + NOT_UNDER_A_MERGED_PATIENT)
    op.execute(f"CREATE OR REPLACE FUNCTION tell() {told}")


def downgrade() -> None:
    op.execute(f"CREATE OR REPLACE FUNCTION tell() {TELL}")
    op.drop_table("merges")
    op.drop_table("consents")
    op.drop_index("ix_patients_merged_into_id", table_name="patients")
    op.drop_constraint(op.f("fk_patients_clinic_id_merged_into_id"), "patients")
    op.drop_constraint(op.f("ck_patients_not_merged_into_itself"), "patients")
    for name in ("legal_hold", "erased_at", "merged_into_id"):
        op.drop_column("patients", name)
