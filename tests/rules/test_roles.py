"""What each role of the database may, tried as that role."""

import asyncpg
import pytest

from app.access.policy import Role
from app.kit.db import role_of
from app.kit.migrate import APPEND_ONLY, BEFORE_SIGN_IN, FORGETTABLE, SIGNED_IN
from app.tables import metadata
from tests.makers import patient

TABLES = sorted(metadata.tables)

PRIVILEGES = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER")

WRITING = {"SELECT", "INSERT", "UPDATE"}


async def test_the_login_role_is_denied_every_table(login, owner):
    for table in [*TABLES, "alembic_version"]:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await login.execute(f'SELECT FROM "{table}"')
        for privilege in PRIVILEGES:
            assert not await login.fetchval(
                "SELECT has_any_column_privilege(current_user, $1::text, $2)"
                if privilege in {"SELECT", "INSERT", "UPDATE", "REFERENCES"}
                else "SELECT has_table_privilege(current_user, $1::text, $2)",
                table,
                privilege,
            ), (table, privilege)


FUNCTIONS = """
    SELECT p.oid::regprocedure::text AS name FROM pg_proc p
    WHERE p.pronamespace = 'public'::regnamespace AND has_function_privilege($1, p.oid, 'EXECUTE')
"""


async def test_the_login_role_may_call_only_what_comes_before_signing_in(login, owner, migrated):
    may = {row["name"] for row in await login.fetch(FUNCTIONS, migrated.login)}

    named = {name.replace("timestamptz", "timestamp with time zone") for name in BEFORE_SIGN_IN}
    assert may == {name.replace(", ", ",") for name in named}


async def test_the_role_below_may_call_only_what_its_statements_need(login, owner, migrated):
    may = {row["name"] for row in await login.fetch(FUNCTIONS, role_of(migrated.name))}

    named = {name.replace("timestamptz", "timestamp with time zone") for name in SIGNED_IN}
    assert may == {name.replace(", ", ",") for name in named}


async def test_neither_role_owns_or_may_become_anything(login, owner, migrated):
    roles = [migrated.login, role_of(migrated.name)]
    above = "SELECT rolsuper OR rolbypassrls OR rolcreaterole OR rolcreatedb OR rolreplication"

    for role in roles:
        assert not await owner.value(f"{above} FROM pg_roles WHERE rolname = $1", role)
        assert (
            await owner.value("SELECT count(*) FROM pg_class WHERE relowner = $1::regrole", role)
            == 0
        )
    became = await login.fetch(
        "SELECT r.rolname FROM pg_roles r WHERE pg_has_role(current_user, r.oid, 'MEMBER')"
    )
    assert {row["rolname"] for row in became} == set(roles)


@pytest.mark.parametrize("table", TABLES)
async def test_the_role_below_may_write_only_what_it_must(app, owner, table):
    may = {
        privilege
        for privilege in PRIVILEGES
        if await app.fetchval("SELECT has_table_privilege($1::text, $2)", table, privilege)
    }

    if table in {"attempts", "followers"}:
        assert may == set()
    elif table == "audit_arrivals":
        assert may == {"SELECT", "INSERT"}
    elif table in {*APPEND_ONLY, "clinics", "feed"}:
        assert may == {"SELECT"}
    else:
        assert may == WRITING | ({"DELETE"} if table in FORGETTABLE else set())


async def test_of_an_event_only_its_delivery_may_be_written(app, owner):
    columns = [column.name for column in metadata.tables["outbox"].c]
    may = {
        column
        for column in columns
        if await app.fetchval("SELECT has_column_privilege('outbox', $1, 'UPDATE')", column)
    }

    assert may == {"due_at", "attempts", "delivered_at"}


ESCAPES = [
    "ALTER TABLE patients DISABLE ROW LEVEL SECURITY",
    "ALTER TABLE patients NO FORCE ROW LEVEL SECURITY",
    "DROP POLICY own ON patients",
    "CREATE POLICY mine ON patients USING (true)",
    "ALTER TABLE patients DISABLE TRIGGER ALL",
    "DROP TRIGGER keep_history ON patients",
    "SET session_replication_role = replica",
    "CREATE TABLE public.mine (id int)",
    "CREATE FUNCTION public.this_clinic(x int) RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION this_clinic() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid'",
    "SET row_security = off; SELECT * FROM patients",
    "TRUNCATE patients",
    "COPY patients TO PROGRAM 'true'",
    "SET SESSION AUTHORIZATION postgres",
    "CREATE EXTENSION dblink",
]


@pytest.mark.parametrize("escape", ESCAPES)
@pytest.mark.parametrize("stepped_down", [False, True])
async def test_only_the_owner_can_take_a_wall_down(login, owner, migrated, escape, stepped_down):
    if stepped_down:
        await login.execute(f'SET ROLE "{role_of(migrated.name)}"')

    with pytest.raises((asyncpg.InsufficientPrivilegeError, asyncpg.InvalidParameterValueError)):
        await login.execute(escape)


async def test_what_runs_with_the_owners_rights_looks_names_up_in_our_schema(owner):
    running = await owner.rows(
        "SELECT proname, proconfig FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    )

    assert running
    for one in running:
        assert one["proconfig"] == ["search_path=pg_catalog, public, pg_temp"], one["proname"]


async def test_a_table_of_the_callers_own_fools_no_function(login, owner, make):
    clinic = await make.clinic()
    await clinic.staff(Role.ADMIN)
    forged = b"forged" * 4
    await login.execute("""
        CREATE TEMP TABLE tokens (clinic_id uuid, caller text, subject_id uuid, role text,
            scope text, patient_id uuid, sha256 bytea, revoked_at timestamptz,
            expires_at timestamptz)
    """)
    await login.execute(
        "INSERT INTO pg_temp.tokens"
        " VALUES ($1, 'staff', $1, 'admin', '', NULL, $2, NULL, 'infinity')",
        clinic.id,
        forged,
    )
    await login.execute("SET search_path = pg_temp, public")

    assert await login.fetchrow("SELECT * FROM viewer_of($1)", forged) is None


async def test_a_function_of_the_callers_own_fools_no_policy(http, make, app):
    clinic = await make.clinic()
    await patient(http, await clinic.staff())
    await app.execute(
        "CREATE FUNCTION pg_temp.this_clinic() RETURNS uuid LANGUAGE sql AS"
        f" $$ SELECT '{clinic.id}'::uuid $$"
    )
    await app.execute("SET search_path = pg_temp, public")

    assert await app.fetchval("SELECT count(*) FROM patients") == 0


async def test_history_is_kept_whatever_else_is_called_history(http, make, owner):
    clinic = await make.clinic()
    await patient(http, await clinic.staff())

    async with http.state["pool"].confined(clinic.id) as db:
        await db.connection.execute(
            "CREATE TEMP TABLE history (LIKE public.history) ON COMMIT DROP"
        )
        await db.connection.execute("SET LOCAL search_path = pg_temp, public")
        await db.connection.execute("UPDATE patients SET active = false")
        diverted = await db.connection.fetchval("SELECT count(*) FROM pg_temp.history")

    assert diverted == 0
    assert await owner.value("SELECT count(*) FROM history") == 1
