"""What the person at the chair answered before somebody went home"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.add_column("infusions", sa.Column("discharge_checks", JSONB))


def downgrade() -> None:
    op.drop_column("infusions", "discharge_checks")
