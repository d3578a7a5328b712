"""Whose a record was before it went to another patient"""

from alembic import op

revision = "0013"
down_revision = "0012"

# The owner's: a phone sees its own patient's history, and its answers may have been another's once.
FORMER_PATIENTS = """
    CREATE FUNCTION former_patients(named text, record uuid) RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT DISTINCT (h.row ->> 'patient_id')::uuid FROM history h
        WHERE h.clinic_id = this_clinic() AND h.kind = named AND h.record_id = record
            AND h.row ->> 'patient_id' IS NOT NULL
    $$
"""


def upgrade() -> None:
    op.execute(FORMER_PATIENTS)


def downgrade() -> None:
    op.execute("DROP FUNCTION former_patients")
