"""Where the data is: the embedded PostgreSQL or yours, and who gets in as what.

The owner migrates and adds clinics. The service logs in as another role, which owns nothing and
sees no chart until it has stepped down into one clinic.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

import asyncpg
from sqlalchemy.exc import ProgrammingError

from app.config import Settings
from app.kit import clock
from app.kit.failed import Failed
from app.kit.kept import kept
from app.kit.migrate import migrate
from app.kit.postgres import ensure_database, running

DATABASE = "afterglow"
"""The database in the embedded PostgreSQL."""

SPARE_CONNECTIONS = 50
"""For the background worker, the command line, backups, and PostgreSQL itself."""

SCHEMES = {"postgres", "postgresql"}

OUT_OF_REACH = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError, ValueError)
"""What connecting raises."""

ABOUT_ROLE = """
    SELECT r.rolname = current_user AS is_owner, r.rolsuper OR r.rolbypassrls AS has_no_walls,
        EXISTS (
            SELECT FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
            WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p')
                AND pg_has_role(r.oid, c.relowner, 'MEMBER')
        ) AS owns_tables
    FROM pg_roles r WHERE r.rolname = $1
"""


class PlaceFailed(Failed):
    """Says of a database what is wrong and what would be right. Never holds a password."""


@dataclass(frozen=True)
class Place:
    """A database and the two ways into it."""

    login: str
    owner_url: str = field(repr=False)
    login_url: str = field(repr=False)
    password: str | None = field(repr=False)
    """What the login role's password is to be, or None to leave it to the server's own rules."""
    embedded: bool = False
    ours: bool = True
    """Whether the login role and its password are of our making."""

    @property
    def owner_variable(self) -> str:
        """The setting to look at when the owner can't get in."""
        return "AFTERGLOW_DATABASE_URL" if self.ours else "AFTERGLOW_OWNER_URL"


@contextmanager
def opened(settings: Settings) -> Iterator[Place]:
    """The database that the settings name, reachable for as long as the block lasts.

    Call it where no event loop runs. Raises PlaceFailed and PostgresFailed.
    """
    given = settings.owner_url or settings.database_url
    if given is None:
        with running(settings.data_dir, max_connections=connections(settings)) as server:
            ensure_database(server, DATABASE)
            yield _with_our_login(server.url(DATABASE), settings.data_dir, embedded=True)
    elif settings.owner_url is None or settings.database_url is None:
        name = "AFTERGLOW_OWNER_URL" if settings.owner_url else "AFTERGLOW_DATABASE_URL"
        yield _with_our_login(plain(given.get_secret_value(), name), settings.data_dir)
    else:
        yield _with_their_login(settings)


def connections(settings: Settings) -> int:
    """How many connections the embedded server takes."""
    return settings.workers * settings.pool_size + SPARE_CONNECTIONS


def _with_our_login(owner_url: str, data_dir: Path, *, embedded: bool = False) -> Place:
    database = urlsplit(owner_url).path[1:]
    login = f"{unquote(database)}_login"
    file = data_dir.resolve() / f"{quote(login, safe='')}.password"
    password = kept(file, lambda: secrets.token_urlsafe(32))
    return Place(login, owner_url, _for(owner_url, login, password), password, embedded)


def _with_their_login(settings: Settings) -> Place:
    assert settings.owner_url
    assert settings.database_url
    owner_url = plain(settings.owner_url.get_secret_value(), "AFTERGLOW_OWNER_URL")
    login_url = plain(settings.database_url.get_secret_value(), "AFTERGLOW_DATABASE_URL")
    parts = urlsplit(login_url)
    query = dict(parse_qsl(parts.query))
    login = unquote(parts.username or "") or query.get("user", "")
    password = unquote(parts.password or "") or query.get("password", "")
    if not login:
        raise PlaceFailed("AFTERGLOW_DATABASE_URL names no user: say which role Afterglow is.")
    return Place(login, owner_url, login_url, password or None, ours=False)


def plain(url: str, variable: str) -> str:
    """A URL as asyncpg takes it, from one as SQLAlchemy and others do. Raises PlaceFailed."""
    wrong = PlaceFailed(
        f"{variable} is not the URL of a PostgreSQL database: write it as "
        "postgresql://user:password@host:5432/database, with %40 for an @ in the password."
    )
    try:
        parts = urlsplit(url)
    except ValueError:
        raise wrong from None
    if parts.scheme.partition("+")[0] not in SCHEMES or len(parts.path) < len("/d"):
        raise wrong
    query = [
        ("sslmode" if name == "ssl" else name, value) for name, value in parse_qsl(parts.query)
    ]
    return f"postgresql://{parts.netloc}{parts.path}{_query(query)}"


def _for(url: str, user: str, password: str) -> str:
    """The same database for another user."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    query = [pair for pair in parse_qsl(parts.query) if pair[0] not in {"user", "password"}]
    login = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return f"postgresql://{login}@{host}{parts.path}{_query(query)}"


def _query(pairs: list[tuple[str, str]]) -> str:
    return f"?{urlencode(pairs, safe='/')}" if pairs else ""


async def prepare(place: Place) -> None:
    """Migrate as the owner, make the roles, and see that the service can only do what it should.

    Raises PlaceFailed.
    """
    owner = await connect(place.owner_url, place.owner_variable)
    try:
        known = await owner.fetchrow(ABOUT_ROLE, place.login)
    finally:
        await owner.close()
    _refuse(place.login, known)
    password = place.password if place.ours or known is None else None
    try:
        await migrate(place.owner_url, place.login, password)
    except (asyncpg.InsufficientPrivilegeError, ProgrammingError) as error:
        raised = error.orig if isinstance(error, ProgrammingError) else error
        if getattr(raised, "sqlstate", None) != asyncpg.InsufficientPrivilegeError.sqlstate:
            raise
        raise PlaceFailed(
            f"The user of {place.owner_variable} may not migrate: {raised}. It must own the "
            "database and be allowed to make roles (CREATEROLE)."
        ) from None
    await check_login(place)


async def check_login(place: Place) -> None:
    """Log in as the service does. Raises PlaceFailed for a role that no wall would hold."""
    connection = await connect(place.login_url, "AFTERGLOW_DATABASE_URL")
    try:
        _refuse(place.login, await connection.fetchrow(ABOUT_ROLE, place.login), logged_in=True)
        await connection.fetchval("SELECT schema_revision()")
    except asyncpg.UndefinedFunctionError:
        raise PlaceFailed(
            "The database of AFTERGLOW_DATABASE_URL is not migrated: name the same database in "
            "AFTERGLOW_OWNER_URL, and run `afterglow migrate`."
        ) from None
    finally:
        await connection.close()


@dataclass(frozen=True)
class State:
    """What a database says of itself."""

    version: str
    revision: str | None
    off: float
    """Seconds between its clock and ours."""


async def look(place: Place) -> State:
    """Ask the database how it is, as its owner. Raises PlaceFailed."""
    owner = await connect(place.owner_url, place.owner_variable)
    try:
        known = await owner.fetchval("SELECT to_regclass('public.alembic_version') IS NOT NULL")
        revision = (
            await owner.fetchval("SELECT version_num FROM alembic_version") if known else None
        )
        version, at = await owner.fetchrow(
            "SELECT current_setting('server_version'), clock_timestamp()"
        )
    finally:
        await owner.close()
    return State(version, revision, abs((at - clock.now()).total_seconds()))


def _refuse(login: str, known: asyncpg.Record | None, *, logged_in: bool = False) -> None:
    """Raise PlaceFailed for a login role that row level security would not hold."""
    if known is None:
        return
    if known["is_owner"] and not logged_in:
        raise PlaceFailed(
            "AFTERGLOW_DATABASE_URL and AFTERGLOW_OWNER_URL log in as the same role: Afterglow "
            "does not serve as the owner. Name another role; it is made if it is missing."
        )
    if known["has_no_walls"] or known["owns_tables"]:
        what = "bypasses row level security" if known["has_no_walls"] else "owns tables"
        raise PlaceFailed(
            f"Afterglow does not serve as {login}, which {what}: nothing would keep clinics "
            "apart. Name another role in AFTERGLOW_DATABASE_URL; it is made if it is missing."
        )


async def connect(url: str, variable: str) -> asyncpg.Connection:
    """A connection, or PlaceFailed that says which setting to look at."""
    try:
        return await asyncpg.connect(url, timeout=10)
    except OUT_OF_REACH as error:
        raise PlaceFailed(f"The database can't be reached ({variable}): {reason(error)}.") from None


def reason(error: BaseException) -> str:
    """Why a connection failed, in words that hold no part of a URL."""
    if isinstance(error, asyncpg.PostgresError):
        return str(error.args[0])
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    if isinstance(error, TimeoutError):
        return "it did not answer in time"
    return "no host took the connection" if isinstance(error, OSError) else "the URL is no good"
