"""Decisions with what was shown when they were made, and the fits that a clinic's forecast rests on"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import keep, tell, wall_of_clinic

revision = "0011"
down_revision = "0010"

FORECASTING = """
    CREATE FUNCTION clinics_that_forecast() RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT s.clinic_id FROM settings s
    WHERE s.key = 'forecast.intended_use' AND s.value IS NOT NULL ORDER BY s.clinic_id
    $$
"""

INSTANT = sa.DateTime(timezone=True)


def clinical_columns() -> list[sa.Column]:
    """What every clinical record has."""
    return [
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("patient_id", sa.Uuid(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("effective_at", INSTANT, nullable=False),
        sa.Column("precision", sa.Text(), nullable=False),
        sa.Column("entry_mode", sa.Text(), nullable=False),
        sa.Column("performed_by", sa.Text(), nullable=True),
        sa.Column("time_zone", sa.Text(), nullable=False),
        sa.Column("utc_offset_minutes", sa.SmallInteger(), nullable=False),
        sa.Column("source_system", sa.Text(), nullable=True),
        sa.Column("source_record_id", sa.Text(), nullable=True),
        sa.Column("source_version", sa.Text(), nullable=True),
        sa.Column("flags", sa.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("device_at", INSTANT, nullable=True),
        sa.Column("clock_skew_seconds", sa.Double(), nullable=True),
        sa.Column("late_seconds", sa.Double(), nullable=True),
        sa.Column("clock_suspect", sa.Boolean(), nullable=True),
        sa.Column("recorded_at", INSTANT, nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=False),
        sa.Column("changed_at", INSTANT, nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.Column("change_reason", sa.Text(), nullable=True),
        sa.Column("content_sha256", sa.LargeBinary(), nullable=False),
    ]


def check(table: str, name: str, condition: str) -> sa.CheckConstraint:
    return sa.CheckConstraint(condition, name=op.f(f"ck_{table}_{name}"))


def to_clinic(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["clinic_id"], ["clinics.id"], name=op.f(f"fk_{table}_clinic_id"), ondelete="CASCADE"
    )


def upgrade() -> None:
    op.create_table(
        "decisions",
        *clinical_columns(),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("planned_dose_mg_per_kg", sa.Double(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("snapshot", postgresql.JSONB(), nullable=False),
        sa.Column("outcome", postgresql.JSONB(), nullable=True),
        check("decisions", "status_known", "status IN ('final', 'amended', 'entered_in_error')"),
        check("decisions", "precision_known", "precision IN ('instant', 'day')"),
        check("decisions", "entry_mode_known", "entry_mode IN ('live', 'late', 'import')"),
        check("decisions", "version_counts_from_one", "version >= 1"),
        check(
            "decisions",
            "decision_known",
            "decision IN ('repeat', 'wait', 'change_dose', 'stop', 'refer')",
        ),
        to_clinic("decisions"),
        sa.ForeignKeyConstraint(
            ["clinic_id", "patient_id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_decisions_clinic_id_patient_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_decisions")),
    )
    op.create_index(
        "ix_decisions_patient_time", "decisions", ["clinic_id", "patient_id", "effective_at", "id"]
    )
    op.create_index(
        "uq_decisions_source",
        "decisions",
        ["clinic_id", "source_system", "source_record_id"],
        unique=True,
        postgresql_where=sa.text("source_system IS NOT NULL"),
    )
    op.create_table(
        "forecast_fits",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Text(), nullable=False),
        sa.Column("fitted_at", INSTANT, nullable=False),
        sa.Column("cut_off_at", INSTANT, nullable=False),
        sa.Column("patients", sa.BigInteger(), nullable=False),
        sa.Column("episodes", sa.BigInteger(), nullable=False),
        sa.Column("parameters", postgresql.JSONB(), nullable=False),
        sa.Column("diagnostics", postgresql.JSONB(), nullable=False),
        to_clinic("forecast_fits"),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_forecast_fits")),
    )
    op.create_index("ix_forecast_fits_fitted_at", "forecast_fits", ["clinic_id", "fitted_at"])
    for table in ("decisions", "forecast_fits"):
        wall_of_clinic(table)
    keep("decisions")
    tell("decisions")
    # A new fit changes what is foretold of everybody.
    op.execute("""
        CREATE TRIGGER mark_stale AFTER INSERT ON forecast_fits
        FOR EACH ROW EXECUTE FUNCTION mark_clinic()
    """)
    op.execute(FORECASTING)


def downgrade() -> None:
    op.execute("DROP FUNCTION clinics_that_forecast()")
    op.drop_table("forecast_fits")
    op.drop_table("decisions")
