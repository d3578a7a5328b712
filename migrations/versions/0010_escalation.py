"""When an alert that nobody acknowledged was passed on, to whom, and word of it to the pager"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0010"
down_revision = "0009"

# Both functions as they were: what is added to them is shown here, and taken away again.
TOLD = import_module("migrations.versions.0007_changes").FUNCTIONS["tell()"]
FOLLOWED = import_module("migrations.versions.0006_worklist").FUNCTIONS[
    "follow_facts(at timestamptz)"
]

LOUDER = "OLD.level <> NEW.level)"
ESCALATED = "OLD.level <> NEW.level OR OLD.escalated_at IS DISTINCT FROM NEW.escalated_at)"

NAMED = """SELECT DISTINCT o.patient_id FROM outbox o
                    WHERE o.clinic_id = c.id AND o.patient_id IS NOT NULL"""
EITHER = """SELECT DISTINCT w.patient_id FROM outbox o,
                        unnest(ARRAY[o.patient_id, o.former_patient_id]) AS w (patient_id)
                    WHERE o.clinic_id = c.id AND w.patient_id IS NOT NULL"""
"""A record that moved changes what both need."""

UNSEEN = """
    CREATE FUNCTION clinics_with_unseen(at timestamptz) RETURNS SETOF uuid
    LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT DISTINCT a.clinic_id FROM alerts a
    WHERE a.status = 'open' AND a.escalated_at IS NULL AND NOT a.late AND a.level <> 'info'
        AND a.raised_at <= clinics_with_unseen.at
    $$
"""


def replaced(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1
    return text.replace(old, new)


def upgrade() -> None:
    op.add_column("alerts", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alerts", sa.Column("escalated_to", postgresql.ARRAY(sa.Uuid()), nullable=True))
    op.execute(f"CREATE OR REPLACE FUNCTION tell() {replaced(TOLD, LOUDER, ESCALATED)}")
    op.execute(
        "CREATE OR REPLACE FUNCTION follow_facts(at timestamptz) "
        f"{replaced(FOLLOWED, NAMED, EITHER)}"
    )
    op.execute(UNSEEN)


def downgrade() -> None:
    op.execute("DROP FUNCTION clinics_with_unseen(timestamptz)")
    op.execute(f"CREATE OR REPLACE FUNCTION follow_facts(at timestamptz) {FOLLOWED}")
    op.execute(f"CREATE OR REPLACE FUNCTION tell() {TOLD}")
    op.drop_column("alerts", "escalated_to")
    op.drop_column("alerts", "escalated_at")
