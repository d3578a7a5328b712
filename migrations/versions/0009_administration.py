"""Invitations, second factors, versions of what an admin changes, and no secret in the history"""

import sqlalchemy as sa
from alembic import op

from migrations.walls import wall_of_clinic

revision = "0009"
down_revision = "0008"

KEEP_HISTORY = """
    CREATE OR REPLACE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE was jsonb := to_jsonb(OLD){without}; now_is jsonb;
    BEGIN
        IF TG_OP = 'UPDATE' THEN now_is := to_jsonb(NEW); END IF;
        INSERT INTO history
            (clinic_id, id, patient_id, kind, record_id, version, row, replaced_at, replaced_by)
        VALUES (
            OLD.clinic_id, gen_random_uuid(), (was ->> TG_ARGV[0])::uuid, TG_TABLE_NAME, OLD.id,
            coalesce((was ->> 'version')::bigint, 0), was,
            coalesce((now_is ->> 'changed_at')::timestamptz, clock_timestamp()),
            nullif(current_setting('afterglow.actor_id', true), '')::uuid
        );
        RETURN NULL;
    END $$
"""

KEEP_CLINIC = """
    CREATE FUNCTION keep_clinic() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        INSERT INTO history
            (clinic_id, id, patient_id, kind, record_id, version, row, replaced_at, replaced_by)
        VALUES (
            OLD.id, gen_random_uuid(), NULL, 'clinics', OLD.id, OLD.version, to_jsonb(OLD),
            clock_timestamp(), nullif(current_setting('afterglow.actor_id', true), '')::uuid
        );
        RETURN NULL;
    END $$
"""

INVITATION_BY_CODE = """
    CREATE FUNCTION invitation_by_code(code bytea)
        RETURNS TABLE (clinic_id uuid, id uuid, staff_id uuid, expires_at timestamptz,
                       redeemed_at timestamptz, revoked_at timestamptz, active boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT i.clinic_id, i.id, i.staff_id, i.expires_at, i.redeemed_at, i.revoked_at, s.active
        FROM invitations i JOIN staff s ON s.clinic_id = i.clinic_id AND s.id = i.staff_id
        WHERE i.sha256 = code
    $$
"""


def of_staff(table: str, *columns: sa.Column) -> None:
    """A table of what belongs to somebody who works at a clinic."""
    op.create_table(
        table,
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("staff_id", sa.Uuid(), nullable=False),
        *columns,
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f(f"fk_{table}_clinic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "staff_id"],
            ["staff.clinic_id", "staff.id"],
            name=op.f(f"fk_{table}_clinic_id_staff_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f(f"pk_{table}")),
    )
    wall_of_clinic(table)


def instant(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    of_staff(
        "invitations",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        instant("created_at"),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        instant("expires_at"),
        instant("redeemed_at", nullable=True),
        instant("revoked_at", nullable=True),
    )
    op.create_index("uq_invitations_sha256", "invitations", ["sha256"], unique=True)
    op.create_index("ix_invitations_clinic_id_staff_id", "invitations", ["clinic_id", "staff_id"])
    of_staff(
        "second_factors",
        sa.Column("secret", sa.Text(), nullable=False),
        instant("created_at"),
        instant("confirmed_at", nullable=True),
        sa.Column("used_step", sa.BigInteger(), nullable=False),
    )
    op.create_index(
        "uq_second_factors_staff", "second_factors", ["clinic_id", "staff_id"], unique=True
    )
    of_staff(
        "recovery_codes",
        sa.Column("sha256", sa.LargeBinary(), nullable=False),
        instant("created_at"),
        instant("used_at", nullable=True),
    )
    op.create_index(
        "uq_recovery_codes_staff",
        "recovery_codes",
        ["clinic_id", "staff_id", "sha256"],
        unique=True,
    )
    one = {"nullable": False, "server_default": sa.text("1")}
    for table in ("staff", "clients", "clinics"):
        op.add_column(table, sa.Column("version", sa.BigInteger(), **one))
    op.add_column("client_secrets", instant("last_used_at", nullable=True))
    op.add_column("enrolments", instant("revoked_at", nullable=True))
    op.alter_column("staff", "password_hash", nullable=True)
    op.execute(KEEP_HISTORY.format(without=" - 'password_hash'"))
    op.execute("UPDATE history SET row = row - 'password_hash' WHERE kind = 'staff'")
    op.execute(KEEP_CLINIC)
    op.execute("""
        CREATE TRIGGER keep_history AFTER UPDATE ON clinics
        FOR EACH ROW EXECUTE FUNCTION keep_clinic()
    """)
    op.execute(
        "ALTER POLICY own ON clinics"
        " USING (id = this_clinic()) WITH CHECK (id = this_clinic() AND this_patient() IS NULL)"
    )
    op.execute(INVITATION_BY_CODE)


def downgrade() -> None:
    op.execute("DROP FUNCTION invitation_by_code")
    op.execute(
        "ALTER POLICY own ON clinics USING (id = this_clinic()) WITH CHECK (id = this_clinic())"
    )
    op.execute("DROP TRIGGER keep_history ON clinics")
    op.execute("DROP FUNCTION keep_clinic")
    op.execute(KEEP_HISTORY.format(without=""))
    op.execute("UPDATE staff SET password_hash = '' WHERE password_hash IS NULL")
    op.alter_column("staff", "password_hash", nullable=False)
    op.drop_column("enrolments", "revoked_at")
    op.drop_column("client_secrets", "last_used_at")
    for table in ("staff", "clients", "clinics"):
        op.drop_column(table, "version")
    for table in ("recovery_codes", "second_factors", "invitations"):
        op.drop_table(table)
