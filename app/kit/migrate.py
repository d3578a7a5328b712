"""Bring a database to the present: tables by Alembic, then the two roles and what they may.

Roles belong to the server, not to the database, so each is named after the database, and grants
are made anew at every migration: a restored dump has none.
"""

import asyncio
import logging
from pathlib import Path
from typing import Any

import asyncpg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import NullPool
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from app.kit.db import role_of

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]

ONE_AT_A_TIME = 7_263_001
"""An advisory lock: two services that start together migrate once."""

BEFORE_SIGN_IN = (
    "viewer_of(bytea)",
    "ended_token(bytea)",
    "staff_by_email(text, text)",
    "client_by_id(uuid)",
    "enrolment_by_code(bytea)",
    "invitation_by_code(bytea)",
    "refresh_by_token(bytea)",
    "failures_of(bytea)",
    "note_failure(bytea, timestamptz)",
    "forget_failures(bytea)",
    "clinics_with_work(timestamptz)",
    "clinics_with_unseen(timestamptz)",
    "clinics_that_forecast()",
    "follow_facts(timestamptz)",
    "clinics_to_recompute(timestamptz)",
    "worklist_lag(timestamptz)",
    "forget_expired(timestamptz)",
    "forget_changes(timestamptz, bigint)",
    "open_alerts()",
    "append_audit(json)",
    "seal_audit(integer)",
    "unsealed_audit()",
    "heads_of_audit()",
    "schema_revision()",
)
"""All that the login role may do before it has stepped down into one clinic."""

SIGNED_IN = (
    "utc(timestamptz)",
    "this_clinic()",
    "this_patient()",
    "append_audit(json)",
    "name_of_actor(text, uuid)",
    "former_patients(text, uuid)",
)
"""What may be called by whoever has stepped down."""

SET_PASSWORD = "SELECT format('ALTER ROLE %I PASSWORD %L', $1::text, $2::text)"  # noqa: S105
"""ALTER ROLE takes no parameter, so PostgreSQL itself quotes what it is given."""

APPEND_ONLY = ("history", "outbox", "audit_arrivals", "audit_events", "audit_heads")
"""Written by triggers and by functions of the owner's; a write's own row of the audit by it."""

FORGETTABLE = (
    "idempotency_keys",
    "identifiers",
    "tokens",
    "refresh_tokens",
    "second_factors",
    "recovery_codes",
)
"""What may be deleted: answers and tokens that have expired, an identifier that was corrected, a
second factor that was taken off."""


def owner_engine(url: str) -> AsyncEngine:
    """An engine for the owner, one connection at a time; asyncpg reads the URL, as for the pool."""
    return create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=NullPool
    )


def config() -> Config:
    """Alembic's configuration, wherever the process was started."""
    return Config(str(ROOT / "alembic.ini"))


def head() -> str:
    """The newest revision that this version of Afterglow brings."""
    found = ScriptDirectory.from_config(config()).get_current_head()
    assert found is not None, "there are migrations"
    return found


async def migrate(owner_url: str, login: str, password: str | None = None) -> None:
    """Migrate as the owner, then make the roles. `login` is the role that serve logs in with."""
    engine = owner_engine(owner_url)

    def upgrade(connection: Any) -> None:
        settings = config()
        settings.attributes["connection"] = connection
        command.upgrade(settings, "head")

    async with engine.connect() as connection:
        held = await connection.get_raw_connection()
        driver: asyncpg.Connection = held.driver_connection
        await driver.execute("SELECT pg_advisory_lock($1)", ONE_AT_A_TIME)
        await connection.run_sync(upgrade)
        # With nothing to migrate, Alembic leaves the transaction open in which it looked.
        await connection.commit()
        async with driver.transaction():
            await driver.execute("SELECT settle_feed()")
            await make_roles(driver, login, password)
        await driver.execute("SELECT pg_advisory_unlock($1)", ONE_AT_A_TIME)
    await engine.dispose()


async def make_roles(owner: asyncpg.Connection, login: str, password: str | None) -> None:
    """The login role, which sees no chart, and the role it steps down to, which owns nothing."""
    database = await owner.fetchval("SELECT current_database()")
    app = role_of(database)
    await make_role(owner, app, "NOLOGIN NOINHERIT")
    await make_role(owner, login, "LOGIN NOINHERIT")
    if password is not None:
        await owner.execute(await owner.fetchval(SET_PASSWORD, login, password))
    if not await owner.fetchval("SELECT pg_has_role($1, $2, 'member')", login, app):
        await owner.execute(f"GRANT {quoted(app)} TO {quoted(login)}")
    for statement in grants(quoted(database), quoted(app), quoted(login)):
        await owner.execute(statement)
    log.info("roles made", extra={"login": login, "app": app})


async def make_role(owner: asyncpg.Connection, name: str, kind: str) -> None:
    """A role, unless it is there."""
    if await owner.fetchval("SELECT 1 FROM pg_roles WHERE rolname = $1", name) is None:
        try:
            async with owner.transaction():
                await owner.execute(f"CREATE ROLE {quoted(name)} {kind}")
        except (asyncpg.DuplicateObjectError, asyncpg.UniqueViolationError):
            return


def grants(database: str, app: str, login: str) -> list[str]:
    """What each role may, from nothing."""
    roles = f"{app}, {login}"
    read_only = ", ".join((*APPEND_ONLY, "clinics", "feed", "alembic_version"))
    return [
        f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {roles}",
        f"REVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC, {roles}",
        f"REVOKE CREATE ON SCHEMA public FROM PUBLIC, {roles}",
        f"GRANT CONNECT ON DATABASE {database} TO {login}",
        f"GRANT USAGE ON SCHEMA public TO {roles}",
        f"GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA public TO {app}",
        f"REVOKE ALL ON attempts, followers FROM {app}",
        f"REVOKE INSERT, UPDATE ON {read_only} FROM {app}",
        f"GRANT UPDATE (due_at, attempts, delivered_at) ON outbox TO {app}",
        f"GRANT INSERT ON audit_arrivals TO {app}",
        f"GRANT UPDATE (name, time_zone, crisis, version) ON clinics TO {app}",
        f"GRANT DELETE ON {', '.join(FORGETTABLE)} TO {app}",
        *(f"GRANT EXECUTE ON FUNCTION {name} TO {app}" for name in SIGNED_IN),
        *(f"GRANT EXECUTE ON FUNCTION {name} TO {login}" for name in BEFORE_SIGN_IN),
    ]


def quoted(name: str) -> str:
    """An identifier, quoted."""
    return '"' + name.replace('"', '""') + '"'


def run_migrate(owner_url: str, login: str, password: str | None = None) -> None:
    """`migrate`, from a place without an event loop."""
    asyncio.run(migrate(owner_url, login, password))
