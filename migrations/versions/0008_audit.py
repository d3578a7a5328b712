"""Who did what: rows that arrive, rows that are sealed, and what alone may move them"""

import sqlalchemy as sa
from alembic import op

from migrations.walls import wall_of_clinic, wall_of_patient

revision = "0008"
down_revision = "0007"

APPENDING = """
    CREATE FUNCTION subject_of(clinic uuid, named text, record_id uuid) RETURNS uuid
        LANGUAGE plpgsql STABLE SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE kept regclass; found uuid;
    BEGIN
        SELECT c.oid INTO kept FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'patient_id'
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND c.relname IN (
            named, named || 's', regexp_replace(named, 'y$', 'ies'), regexp_replace(named, '_', 's_')
        );
        IF kept IS NULL THEN RETURN NULL; END IF;
        EXECUTE format('SELECT patient_id FROM %s WHERE clinic_id = $1 AND id = $2', kept)
            INTO found USING clinic, record_id;
        RETURN found;
    END $$;
    CREATE FUNCTION append_audit(entries json) RETURNS void
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        INSERT INTO audit_arrivals (
            clinic_id, id, at, caller, actor_id, role, acting_for, patient_id, method, route,
            record_id, act, status
        )
        SELECT coalesce(this_clinic(), e.clinic_id), e.id, e.at, e.caller, e.actor_id, e.role,
            e.acting_for,
            CASE WHEN e.patient_id IS NULL AND e.named IS NOT NULL
                THEN subject_of(coalesce(this_clinic(), e.clinic_id), e.named, e.named_id)
                ELSE e.patient_id END,
            e.method, e.route, e.record_id, e.act, e.status
        FROM json_to_recordset(entries) AS e (
            clinic_id uuid, id uuid, at timestamptz, caller text, actor_id uuid, role text,
            acting_for text, patient_id uuid, method text, route text, record_id uuid, act text,
            status smallint, named text, named_id uuid
        )
        ON CONFLICT DO NOTHING;
    END $$;
    CREATE FUNCTION name_of_actor(kind text, actor uuid) RETURNS text
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT CASE kind
            WHEN 'staff' THEN
                (SELECT s.name FROM staff s WHERE s.clinic_id = this_clinic() AND s.id = actor)
            WHEN 'client' THEN
                (SELECT c.name FROM clients c WHERE c.clinic_id = this_clinic() AND c.id = actor)
            WHEN 'device' THEN
                (SELECT d.name FROM devices d WHERE d.clinic_id = this_clinic() AND d.id = actor
                    AND (this_patient() IS NULL OR d.patient_id = this_patient()))
            END
    $$
"""

SEALING = """
    CREATE FUNCTION seal_audit(most integer) RETURNS integer
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE
        one audit_arrivals; head audit_heads; left_clinics uuid[]; left_ids uuid[];
        clinics uuid[]; ids uuid[]; positions bigint[]; links bytea[];
    BEGIN
        IF NOT pg_try_advisory_xact_lock(7263002) THEN RETURN 0; END IF;
        -- A plan made while the tables are small would be kept, and read all of them, for each row.
        PERFORM set_config('enable_seqscan', 'off', true);
        FOR one IN SELECT * FROM audit_arrivals ORDER BY clinic_id, id LIMIT most LOOP
            left_clinics := left_clinics || one.clinic_id;
            left_ids := left_ids || one.id;
            -- By the id alone: no other index can be taken for it while there are no statistics.
            PERFORM FROM audit_events e WHERE e.id = one.id;
            CONTINUE WHEN FOUND;
            IF head.clinic_id IS DISTINCT FROM one.clinic_id THEN
                SELECT * INTO head FROM audit_heads h WHERE h.clinic_id = one.clinic_id;
                IF head.clinic_id IS NULL THEN
                    head := (one.clinic_id, 0, '');
                END IF;
            END IF;
            head.position := head.position + 1;
            head.hash := sha256(head.hash || convert_to(concat_ws(
                E'\\n', head.position, one.clinic_id, one.id,
                (extract(epoch FROM one.at) * 1000000)::bigint, one.caller,
                coalesce(one.actor_id::text, ''), one.role, coalesce(one.acting_for, ''),
                coalesce(one.patient_id::text, ''), one.method, one.route,
                coalesce(one.record_id::text, ''), one.act, one.status
            ), 'UTF8'));
            clinics := clinics || one.clinic_id;
            ids := ids || one.id;
            positions := positions || head.position;
            links := links || head.hash;
        END LOOP;
        INSERT INTO audit_events (
            clinic_id, position, id, at, caller, actor_id, role, acting_for, patient_id, method,
            route, record_id, act, status, hash
        )
        SELECT a.clinic_id, l.position, a.id, a.at, a.caller, a.actor_id, a.role, a.acting_for,
            a.patient_id, a.method, a.route, a.record_id, a.act, a.status, l.hash
        FROM unnest(clinics, ids, positions, links) AS l (clinic_id, id, position, hash)
        JOIN audit_arrivals a ON a.clinic_id = l.clinic_id AND a.id = l.id
        ORDER BY l.position;
        INSERT INTO audit_heads AS h
        SELECT DISTINCT ON (l.clinic_id) l.clinic_id, l.position, l.hash
        FROM unnest(clinics, positions, links) AS l (clinic_id, position, hash)
        ORDER BY l.clinic_id, l.position DESC
        ON CONFLICT (clinic_id) DO UPDATE SET position = excluded.position, hash = excluded.hash;
        DELETE FROM audit_arrivals a USING unnest(left_clinics, left_ids) AS l (clinic_id, id)
        WHERE a.clinic_id = l.clinic_id AND a.id = l.id;
        RETURN coalesce(cardinality(left_ids), 0);
    END $$;
    CREATE FUNCTION refuse_change() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        RAISE 'the audit is only ever added to' USING ERRCODE = 'insufficient_privilege';
    END $$;
    CREATE FUNCTION refuse_unsealed() RETURNS trigger
        LANGUAGE plpgsql SET search_path = pg_catalog, public, pg_temp AS $$
    BEGIN
        PERFORM FROM audit_events e WHERE e.id = OLD.id;
        IF NOT FOUND THEN
            RAISE 'the audit is only ever added to' USING ERRCODE = 'insufficient_privilege';
        END IF;
        RETURN OLD;
    END $$;
    CREATE FUNCTION unsealed_audit() RETURNS TABLE (how_many bigint, oldest timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT count(*), min(a.at) FROM audit_arrivals a
    $$;
    CREATE FUNCTION heads_of_audit()
        RETURNS TABLE (clinic_id uuid, "position" bigint, hash bytea)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT h.clinic_id, h.position, h.hash FROM audit_heads h ORDER BY h.clinic_id
    $$
"""


def statements(text: str) -> list[str]:
    """One statement at a time: the driver prepares each."""
    parts = text.split("CREATE FUNCTION ")[1:]
    return [f"CREATE FUNCTION {part}".rstrip().rstrip(";") for part in parts]


def told() -> list[sa.Column]:
    """What every row says."""
    return [
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("caller", sa.Text(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("acting_for", sa.Text(), nullable=True),
        sa.Column("patient_id", sa.Uuid(), nullable=True),
        sa.Column("method", sa.Text(), nullable=False),
        sa.Column("route", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Uuid(), nullable=True),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("status", sa.SmallInteger(), nullable=False),
    ]


def make_tables() -> None:
    op.create_table(
        "audit_arrivals",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *told(),
        sa.CheckConstraint("act IN ('read', 'write')", name=op.f("ck_audit_arrivals_act_known")),
        sa.PrimaryKeyConstraint("clinic_id", "id", name=op.f("pk_audit_arrivals")),
    )
    op.create_table(
        "audit_events",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        *told(),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("act IN ('read', 'write')", name=op.f("ck_audit_events_act_known")),
        sa.PrimaryKeyConstraint("clinic_id", "position", name=op.f("pk_audit_events")),
    )
    op.create_table(
        "audit_heads",
        sa.Column("clinic_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("clinic_id", name=op.f("pk_audit_heads")),
    )


def upgrade() -> None:
    make_tables()
    op.create_index(
        "uq_audit_events_id_clinic_id", "audit_events", ["id", "clinic_id"], unique=True
    )
    for name, rest in (
        ("ix_audit_events_clinic_id_at_id", ["at", "id"]),
        ("ix_audit_events_clinic_id_patient_id", ["patient_id", "at", "id"]),
        ("ix_audit_events_clinic_id_actor_id", ["actor_id", "at", "id"]),
    ):
        op.create_index(name, "audit_events", ["clinic_id", *rest])
    wall_of_patient("audit_arrivals")
    wall_of_patient("audit_events")
    wall_of_clinic("audit_heads")
    for text in (APPENDING, SEALING):
        for statement in statements(text):
            op.execute(statement)
    for table in ("audit_arrivals", "audit_events"):
        forbidden = "UPDATE" if table == "audit_arrivals" else "UPDATE OR DELETE"
        op.execute(f"""
            CREATE TRIGGER refuse_change BEFORE {forbidden} ON {table}
            FOR EACH ROW EXECUTE FUNCTION refuse_change()
        """)
        op.execute(f"""
            CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON {table}
            FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
        """)
    op.execute("""
        CREATE TRIGGER refuse_unsealed BEFORE DELETE ON audit_arrivals
        FOR EACH ROW EXECUTE FUNCTION refuse_unsealed()
    """)


def downgrade() -> None:
    for text in (SEALING, APPENDING):
        for statement in statements(text):
            name = statement.removeprefix("CREATE FUNCTION ").split("(")[0]
            op.execute(f"DROP FUNCTION {name} CASCADE")
    for table in ("audit_heads", "audit_events", "audit_arrivals"):
        op.drop_table(table)
