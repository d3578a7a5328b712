"""What was refused is found in the audit without reading all of it"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

INDEX = "ix_audit_events_refused"


def upgrade() -> None:
    op.create_index(
        INDEX,
        "audit_events",
        ["clinic_id", "at", "id"],
        postgresql_where=sa.text("status >= 400"),
    )


def downgrade() -> None:
    op.drop_index(INDEX, table_name="audit_events")
