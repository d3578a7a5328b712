"""Walls between clinics and patients, history, outbox, and what may be asked before sign-in"""

from alembic import op

revision = "0002"
down_revision = "0001"

OF_PATIENT = {
    "patients": "id",
    "schedules": "id",
    **dict.fromkeys(
        (
            "identifiers",
            "courses",
            "baselines",
            "infusions",
            "dose_events",
            "vitals",
            "side_effects",
            "assessments",
            "alerts",
            "devices",
            "enrolments",
            "history",
            "outbox",
        ),
        "patient_id",
    ),
}
"""Tables about a patient, and the column that names them."""

OF_CLINIC = (
    "staff",
    "clients",
    "client_secrets",
    "refresh_tokens",
    "tokens",
    "idempotency_keys",
)
"""Tables of a clinic that a patient's phone has no business in: answers hold whole records."""

RECORDS = (
    "patients",
    "courses",
    "baselines",
    "infusions",
    "dose_events",
    "vitals",
    "side_effects",
    "assessments",
    "alerts",
)
"""Tables with versions: each change is kept and told."""

ALSO_KEPT = ("identifiers", "schedules", "staff", "clients")
"""Tables without versions whose former rows are kept."""

SETTINGS = """
    CREATE FUNCTION this_clinic() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT nullif(current_setting('afterglow.clinic_id', true), '')::uuid $$;
    CREATE FUNCTION this_patient() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT nullif(current_setting('afterglow.patient_id', true), '')::uuid $$;
    CREATE FUNCTION utc(at timestamptz) RETURNS text LANGUAGE sql STABLE PARALLEL SAFE AS
        $$ SELECT (to_json(at AT TIME ZONE 'UTC') #>> '{}') || 'Z' $$;
"""

HISTORY = """
    CREATE FUNCTION keep_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
        SET search_path = pg_catalog, public, pg_temp AS $$
    DECLARE was jsonb := to_jsonb(OLD); now_is jsonb;
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
    END $$;
"""

OUTBOX = """
    CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
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
    END $$;
"""

BEFORE_SIGN_IN = """
    CREATE FUNCTION viewer_of(token bytea)
        RETURNS TABLE (clinic_id uuid, caller text, subject_id uuid, role text, scope text,
                       patient_id uuid, time_zone text, voided boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT t.clinic_id, t.caller, t.subject_id, t.role, t.scope, t.patient_id,
            coalesce(p.time_zone, c.time_zone), p.status = 'entered_in_error'
        FROM tokens t
        LEFT JOIN patients p ON p.clinic_id = t.clinic_id AND p.id = t.patient_id
        LEFT JOIN clinics c ON c.id = p.clinic_id
        WHERE t.sha256 = token AND t.revoked_at IS NULL AND t.expires_at > now()
    $$;
    CREATE FUNCTION staff_by_email(clinic text, address text)
        RETURNS TABLE (clinic_id uuid, id uuid, role text, password_hash text, active boolean)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT s.clinic_id, s.id, s.role, s.password_hash, s.active
        FROM clinics c JOIN staff s ON s.clinic_id = c.id
        WHERE c.slug = clinic AND s.email = address
    $$;
    CREATE FUNCTION client_by_id(client uuid)
        RETURNS TABLE (clinic_id uuid, id uuid, scope text, active boolean, secrets bytea[])
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT c.clinic_id, c.id, c.scope, c.active,
            ARRAY(SELECT s.sha256 FROM client_secrets s WHERE s.clinic_id = c.clinic_id
                  AND s.client_id = c.id AND s.revoked_at IS NULL)
        FROM clients c WHERE c.id = client
    $$;
    CREATE FUNCTION enrolment_by_code(code bytea)
        RETURNS TABLE (clinic_id uuid, id uuid, patient_id uuid, held_by text,
                       expires_at timestamptz, redeemed_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT e.clinic_id, e.id, e.patient_id, e.held_by, e.expires_at, e.redeemed_at
        FROM enrolments e WHERE e.sha256 = code
    $$;
    CREATE FUNCTION refresh_by_token(token bytea)
        RETURNS TABLE (clinic_id uuid, id uuid, device_id uuid, generation bigint,
                       expires_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT r.clinic_id, r.id, r.device_id, r.generation, r.expires_at
        FROM refresh_tokens r WHERE r.sha256 = token
    $$;
    CREATE FUNCTION failures_of(door bytea)
        RETURNS TABLE (failures smallint, last_at timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT a.failures, a.last_at FROM attempts a WHERE a.key = door
    $$;
    CREATE FUNCTION note_failure(door bytea, at timestamptz) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        INSERT INTO attempts AS a (key, failures, last_at) VALUES (door, 1, at)
        ON CONFLICT (key) DO UPDATE SET
            failures = CASE WHEN a.last_at < at - interval '1 hour' THEN 1
                            ELSE least(a.failures + 1, 1000) END,
            last_at = greatest(a.last_at, at)
    $$;
    CREATE FUNCTION forget_failures(door bytea) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        DELETE FROM attempts WHERE key = door
    $$;
"""

ON_CALL = """
    CREATE FUNCTION clinics_with_work(at timestamptz) RETURNS SETOF uuid
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT o.clinic_id FROM outbox o WHERE o.due_at <= clinics_with_work.at
        GROUP BY o.clinic_id ORDER BY min(o.due_at)
    $$;
    CREATE FUNCTION forget_expired(at timestamptz) RETURNS void
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        DELETE FROM idempotency_keys WHERE created_at <= at - interval '24 hours';
        DELETE FROM tokens WHERE expires_at <= at;
        DELETE FROM refresh_tokens WHERE expires_at <= at;
        DELETE FROM attempts WHERE last_at <= at - interval '24 hours'
    $$;
    CREATE FUNCTION open_alerts()
        RETURNS TABLE (level text, how_many bigint, oldest timestamptz)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT a.level, count(*), min(a.raised_at) FROM alerts a WHERE a.status = 'open'
        GROUP BY a.level
    $$;
    CREATE FUNCTION schema_revision() RETURNS text
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
        SELECT version_num FROM alembic_version
    $$;
"""


def statements(text: str) -> list[str]:
    """One statement at a time: the driver prepares each."""
    return [f"CREATE FUNCTION {part}" for part in text.split("CREATE FUNCTION ")[1:]]


def wall(table: str, condition: str) -> None:
    op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own ON {table} USING ({condition}) WITH CHECK ({condition})")


def upgrade() -> None:
    for text in (SETTINGS, HISTORY, OUTBOX, BEFORE_SIGN_IN, ON_CALL):
        for statement in statements(text):
            op.execute(statement.rstrip().rstrip(";"))
    clinic = "clinic_id = this_clinic()"
    for table, patient in OF_PATIENT.items():
        # A CASE is taken to let one row in two pass, `IS NULL OR` one in two hundred: with that,
        # PostgreSQL would sort a patient's whole history rather than read a page of it in order.
        own = f"CASE WHEN this_patient() IS NULL THEN true ELSE {patient} = this_patient() END"
        wall(table, f"{clinic} AND {own}")
    for table in OF_CLINIC:
        wall(table, f"{clinic} AND this_patient() IS NULL")
    wall("clinics", "id = this_clinic()")
    for table in (*RECORDS, *ALSO_KEPT):
        patient = OF_PATIENT.get(table, "patient_id")
        op.execute(f"""
            CREATE TRIGGER keep_history AFTER UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION keep_history('{patient}')
        """)
    for table in RECORDS:
        op.execute(f"""
            CREATE TRIGGER tell_of_new AFTER INSERT ON {table}
            FOR EACH ROW EXECUTE FUNCTION tell()
        """)
        op.execute(f"""
            CREATE TRIGGER tell_of_change AFTER UPDATE ON {table}
            FOR EACH ROW WHEN (OLD.version <> NEW.version) EXECUTE FUNCTION tell()
        """)


def downgrade() -> None:
    for table in (*RECORDS, *ALSO_KEPT):
        op.execute(f"DROP TRIGGER keep_history ON {table}")
    for table in RECORDS:
        op.execute(f"DROP TRIGGER tell_of_new ON {table}")
        op.execute(f"DROP TRIGGER tell_of_change ON {table}")
    for table in (*OF_PATIENT, *OF_CLINIC, "clinics"):
        op.execute(f"DROP POLICY own ON {table}")
        op.execute(f"ALTER TABLE {table} DISABLE ROW LEVEL SECURITY")
    for text in (ON_CALL, BEFORE_SIGN_IN, OUTBOX, HISTORY, SETTINGS):
        for statement in statements(text):
            name = statement.removeprefix("CREATE FUNCTION ").split("(")[0]
            op.execute(f"DROP FUNCTION {name}")
