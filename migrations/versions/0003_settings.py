"""What a clinic chose in place of a default, read by its phones' rules too"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import CLINIC, keep

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.create_table(
        "settings",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("value", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_settings_version_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_settings_clinic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_settings")),
    )
    op.create_index("uq_settings_key", "settings", ["clinic_id", "key"], unique=True)
    op.execute("ALTER TABLE settings ENABLE ROW LEVEL SECURITY")
    # A rule that runs on a phone's check-in needs the clinic's numbers; a phone writes none.
    op.execute(f"""
        CREATE POLICY own ON settings
        USING ({CLINIC}) WITH CHECK ({CLINIC} AND this_patient() IS NULL)
    """)
    keep("settings")


def downgrade() -> None:
    op.drop_table("settings")
