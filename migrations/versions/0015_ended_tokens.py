"""Whose an ended token was, for the audit of whoever goes on using it"""

from alembic import op

revision = "0015"
down_revision = "0014"

FUNCTION = """
    CREATE FUNCTION ended_token(token bytea)
        RETURNS TABLE (clinic_id uuid, caller text, subject_id uuid, role text, patient_id uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT t.clinic_id, t.caller, t.subject_id, t.role, t.patient_id
        FROM tokens t
        WHERE t.sha256 = token AND t.revoked_at IS NOT NULL AND t.expires_at > now()
    $$
"""


def upgrade() -> None:
    op.execute(FUNCTION)


def downgrade() -> None:
    op.execute("DROP FUNCTION ended_token")
