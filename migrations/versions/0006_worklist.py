"""What needs attention, and a reader that follows the facts without keeping them waiting"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations.walls import wall_of_clinic

revision = "0006"
down_revision = "0005"

FUNCTIONS = {
    # A snapshot of a later time than ours was taken on another server, before a backup: nothing
    # can be compared with it, so everybody is marked.
    "follow_facts(at timestamptz)": """
        RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        DECLARE seen pg_snapshot; how_many bigint;
        BEGIN
            SELECT f.snapshot::pg_snapshot INTO seen FROM followers f
            WHERE f.name = 'worklist' FOR UPDATE SKIP LOCKED;
            IF NOT FOUND THEN RETURN 0; END IF;
            IF pg_snapshot_xmax(seen) > pg_snapshot_xmax(pg_current_snapshot()) THEN
                seen := NULL;
            END IF;
            WITH told AS MATERIALIZED (
                SELECT c.id AS clinic_id, o.patient_id
                FROM clinics c CROSS JOIN LATERAL (
                    SELECT DISTINCT o.patient_id FROM outbox o
                    WHERE o.clinic_id = c.id AND o.patient_id IS NOT NULL
                        AND o.xid >= pg_snapshot_xmin(seen)::text::bigint
                        AND NOT pg_visible_in_snapshot(o.xid::text::xid8, seen)
                ) o
                UNION ALL
                SELECT p.clinic_id, p.id FROM patients p WHERE seen IS NULL
            ), marked AS (
                INSERT INTO worklist AS w (clinic_id, id, due_at)
                SELECT t.clinic_id, t.patient_id, at FROM told t
                JOIN patients p ON p.clinic_id = t.clinic_id AND p.id = t.patient_id
                ORDER BY t.clinic_id, t.patient_id
                ON CONFLICT (clinic_id, id) DO UPDATE SET due_at = excluded.due_at
                WHERE w.due_at > excluded.due_at
            ), moved AS (
                UPDATE followers f SET snapshot = pg_current_snapshot()::text, moved_at = at
                WHERE f.name = 'worklist'
                    AND (EXISTS (SELECT FROM told) OR f.moved_at < at - interval '10 seconds')
            )
            SELECT count(*) INTO how_many FROM told;
            RETURN how_many;
        END $$
    """,
    "clinics_to_recompute(at timestamptz)": """
        RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT w.clinic_id FROM worklist w WHERE w.due_at <= clinics_to_recompute.at
        GROUP BY w.clinic_id ORDER BY min(w.due_at)
        $$
    """,
    "worklist_lag(at timestamptz)": """
        RETURNS TABLE (stale bigint, oldest timestamptz, followed_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT count(*), min(w.due_at),
            (SELECT f.moved_at FROM followers f WHERE f.name = 'worklist')
        FROM worklist w WHERE w.due_at <= worklist_lag.at
        $$
    """,
    "mark_clinic()": """
        RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            PERFORM FROM worklist w WHERE w.clinic_id = NEW.clinic_id ORDER BY w.id FOR UPDATE;
            UPDATE worklist w SET due_at = now()
            WHERE w.clinic_id = NEW.clinic_id AND w.due_at <> now();
            RETURN NULL;
        END $$
    """,
    "mark_patient()": """
        RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
        BEGIN
            UPDATE worklist w SET due_at = now()
            WHERE w.clinic_id = NEW.clinic_id AND w.id = NEW.id;
            RETURN NULL;
        END $$
    """,
}
"""What the login role asks before it has stepped down, and what triggers run.

Rows are locked in the order of their ids, and those that are being worked out are waited for: what
is worked out from before the fact must not pass for news.
"""

INSTANTS = (
    "alert_from",
    "lost_from",
    "lost_until",
    "fading_from",
    "fading_until",
    "window_opening_from",
    "window_opens_at",
    "window_closes_at",
    "answers_overdue_from",
    "answers_overdue_until",
    "review_due_from",
)


def upgrade() -> None:
    op.create_table(
        "followers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_followers")),
    )
    op.create_table(
        "worklist",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("state", sa.Text(), nullable=True),
        sa.Column("unknown_from", sa.DateTime(timezone=True), nullable=True),
        sa.Column("score", sa.Double(), nullable=True),
        sa.Column("last_reading_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alerts", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("alert_level", sa.Text(), nullable=True),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=True) for name in INSTANTS),
        sa.Column("forecast", postgresql.JSONB(), nullable=True),
        sa.Column("told", postgresql.JSONB(), server_default=sa.text("'{}'"), nullable=False),
        sa.ForeignKeyConstraint(
            ["clinic_id"], ["clinics.id"], name=op.f("fk_worklist_clinic_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["clinic_id", "id"],
            ["patients.clinic_id", "patients.id"],
            name=op.f("fk_worklist_clinic_id_id"),
        ),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_worklist")),
    )
    op.create_index("ix_worklist_due_at", "worklist", ["due_at"])
    wall_of_clinic("worklist")
    for signature, body in FUNCTIONS.items():
        op.execute(f"CREATE FUNCTION {signature} {body}")
    for table, function in (("settings", "mark_clinic"), ("schedules", "mark_patient")):
        op.execute(f"""
            CREATE TRIGGER mark_stale AFTER INSERT OR UPDATE ON {table}
            FOR EACH ROW EXECUTE FUNCTION {function}()
        """)
    op.execute("""
        INSERT INTO followers (name, snapshot, moved_at)
        VALUES ('worklist', pg_current_snapshot()::text, now())
    """)
    op.execute(
        "INSERT INTO worklist (clinic_id, id, due_at) SELECT clinic_id, id, now() FROM patients"
    )


def downgrade() -> None:
    for table in ("settings", "schedules"):
        op.execute(f"DROP TRIGGER mark_stale ON {table}")
    op.drop_table("worklist")
    op.drop_table("followers")
    for signature in FUNCTIONS:
        op.execute(f"DROP FUNCTION {signature.replace('at timestamptz', 'timestamptz')}")
