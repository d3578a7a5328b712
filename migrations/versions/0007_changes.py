"""What became of a record, in an order that readers can follow and that ends some day"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

FUNCTIONS = {
    # The first half of the id is the time (UUID version 7, RFC 9562): within one transaction
    # events are read in the order they were written in, a session before what hangs on it.
    "tell()": """
        RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        DECLARE
            due timestamptz; patient uuid; former uuid; became text := 'created';
            was jsonb; now_is jsonb;
            micros bigint := extract(epoch FROM clock_timestamp()) * 1000000;
        BEGIN
            IF TG_TABLE_NAME = 'patients' THEN patient := NEW.id;
            ELSE patient := NEW.patient_id; END IF;
            IF TG_OP = 'UPDATE' THEN
                was := to_jsonb(OLD);
                now_is := to_jsonb(NEW);
                became := CASE
                    WHEN now_is ->> 'merged_into_id' <> coalesce(was ->> 'merged_into_id', '')
                        THEN 'merged'
                    WHEN now_is ->> 'patient_id' <> was ->> 'patient_id' THEN 'moved'
                    WHEN now_is ->> 'status' = 'entered_in_error'
                        AND was ->> 'status' <> 'entered_in_error' THEN 'voided'
                    ELSE 'changed' END;
                IF became = 'moved' THEN former := (was ->> 'patient_id')::uuid; END IF;
            END IF;
            IF TG_TABLE_NAME = 'alerts' THEN
                IF NEW.level <> 'info' AND NOT NEW.late
                    AND (TG_OP = 'INSERT' OR OLD.level <> NEW.level)
                THEN due := NEW.changed_at; END IF;
            END IF;
            INSERT INTO outbox (clinic_id, id, kind, record_id, patient_id, former_patient_id,
                version, change, at, due_at)
            VALUES (
                NEW.clinic_id,
                (lpad(to_hex(micros / 1000), 12, '0') || '7' || lpad(to_hex(micros % 1000 * 4), 3, '0')
                    || right(replace(gen_random_uuid()::text, '-', ''), 16))::uuid,
                TG_TABLE_NAME, NEW.id, patient, former, NEW.version, became, NEW.changed_at, due
            );
            RETURN NULL;
        END $$
    """,
    "forget_changes(before timestamptz, most bigint)": """
        RETURNS bigint LANGUAGE sql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        WITH gone AS (
            DELETE FROM outbox WHERE ctid = ANY (ARRAY(
                SELECT o.ctid FROM outbox o
                WHERE o.written_at < before AND o.due_at IS NULL LIMIT most
            )) RETURNING xid
        ), marked AS (
            UPDATE feed SET forgotten_xid = greatest(forgotten_xid, (SELECT max(xid) FROM gone))
            WHERE EXISTS (SELECT FROM gone)
        )
        SELECT count(*) FROM gone
        $$
    """,
    # Transactions are counted by the server. Events that came with a backup keep their order by
    # their ids; whoever followed them elsewhere starts over.
    "settle_feed()": """
        RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        DECLARE here text := (SELECT c.system_identifier FROM pg_control_system() c) || '/'
            || (SELECT d.oid FROM pg_database d WHERE d.datname = current_database());
        BEGIN
            IF EXISTS (SELECT FROM feed WHERE place = here) THEN RETURN false; END IF;
            IF EXISTS (SELECT FROM feed WHERE place = 'new') THEN
                UPDATE outbox SET xid = 1
                WHERE xid >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint;
            ELSE
                UPDATE outbox SET xid = 1 WHERE xid <> 1;
                UPDATE followers SET snapshot = '9000000000000000000:9000000000000000000:';
            END IF;
            UPDATE feed SET epoch = gen_random_uuid(), place = here, forgotten_xid = 0;
            RETURN true;
        END $$
    """,
}


def upgrade() -> None:
    op.create_table(
        "feed",
        sa.Column("epoch", sa.Uuid(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("forgotten_xid", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("epoch", name=op.f("pk_feed")),
    )
    op.execute(
        "INSERT INTO feed (epoch, place, forgotten_xid) VALUES (gen_random_uuid(), 'new', 0)"
    )
    op.add_column(
        "outbox",
        sa.Column("change", sa.Text(), server_default=sa.text("'changed'"), nullable=False),
    )
    op.add_column("outbox", sa.Column("former_patient_id", sa.Uuid(), nullable=True))
    op.add_column(
        "outbox",
        sa.Column(
            "written_at",
            sa.DateTime(timezone=True),
            server_default=sa.text("now()"),
            nullable=False,
        ),
    )
    op.create_check_constraint(
        op.f("ck_outbox_change_known"),
        "outbox",
        "change IN ('created', 'changed', 'voided', 'moved', 'merged')",
    )
    op.execute("UPDATE outbox SET change = 'created' WHERE version = 1")
    op.create_index(
        "ix_outbox_written_at",
        "outbox",
        ["written_at"],
        postgresql_using="brin",
        postgresql_with={"autosummarize": "on"},
    )
    for signature, body in FUNCTIONS.items():
        op.execute(f"CREATE OR REPLACE FUNCTION {signature} {body}")


TELL_BEFORE = """
    CREATE OR REPLACE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE due timestamptz; patient uuid;
    BEGIN
        IF TG_TABLE_NAME = 'patients' THEN patient := NEW.id; ELSE patient := NEW.patient_id; END IF;
        IF TG_TABLE_NAME = 'alerts' THEN
            IF NEW.level <> 'info' AND NOT NEW.late
                AND (TG_OP = 'INSERT' OR OLD.level <> NEW.level)
            THEN due := NEW.changed_at; END IF;
        END IF;
        INSERT INTO outbox (clinic_id, id, kind, record_id, patient_id, version, at, due_at)
        VALUES (
            NEW.clinic_id, gen_random_uuid(), TG_TABLE_NAME, NEW.id, patient, NEW.version,
            NEW.changed_at, due
        );
        RETURN NULL;
    END $$
"""


def downgrade() -> None:
    op.execute(TELL_BEFORE)
    op.execute("DROP FUNCTION forget_changes(timestamptz, bigint)")
    op.execute("DROP FUNCTION settle_feed()")
    op.drop_index("ix_outbox_written_at", table_name="outbox")
    op.drop_constraint(op.f("ck_outbox_change_known"), "outbox")
    op.drop_column("outbox", "written_at")
    op.drop_column("outbox", "former_patient_id")
    op.drop_column("outbox", "change")
    op.drop_table("feed")
