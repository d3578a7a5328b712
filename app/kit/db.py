"""The database: statements compiled once, a pool, and one confined transaction a request.

Statements are written with SQLAlchemy and run by asyncpg itself. docs/decisions/ says what that
buys; the tests in tests/rules hold that nothing reaches a chart without `confined`.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from hashlib import blake2b
from time import monotonic
from typing import Any
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import Select, Text, cast, func, literal_column, select
from sqlalchemy.dialects.postgresql import asyncpg as dialect
from sqlalchemy.sql import ClauseElement

from app.config import Settings
from app.kit.errors import Unavailable

DIALECT = dialect.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped
Row = Mapping[str, Any]
"""A row, by column name. asyncpg.Record is one."""

Connection = asyncpg.Connection
"""A connection that has not stepped down, for those who hand it on."""

DatabaseError = asyncpg.PostgresError
"""What the database says of a statement that it can't run."""

APP_ROLE_SUFFIX = "_app"
"""The role each request steps down to is named after the database: roles belong to the server."""

Taken = asyncpg.UniqueViolationError
"""Another row has that key."""


class Sql:
    """A statement, compiled when the module is read: its text and the order of its parameters.

    Parameters are bindparam names. Values that the statement itself carries (`== 'final'`) keep
    their place, so that a call names only what varies.
    """

    __slots__ = ("names", "text", "values")

    def __init__(self, statement: ClauseElement) -> None:
        compiled: Any = statement.compile(dialect=DIALECT)
        self.text = str(compiled)
        self.names: tuple[str, ...] = tuple(compiled.positiontup or ())
        self.values: dict[str, Any] = dict(compiled.params)

    def arguments(self, given: Mapping[str, Any]) -> list[Any]:
        """The values in the order the text wants them."""
        own = self.values
        return [given[name] if name in given else own[name] for name in self.names]


def as_json(statement: Select[Any]) -> Select[Any]:
    """Let PostgreSQL build each row as a JSON object, as text."""
    row = statement.subquery("o")
    return select(cast(func.row_to_json(literal_column("o")), Text).label("json")).select_from(row)


class Db:
    """One transaction, confined to one clinic (and to one patient when the caller is one)."""

    __slots__ = ("clinic_id", "connection")

    def __init__(self, connection: asyncpg.Connection, clinic_id: UUID) -> None:
        self.connection = connection
        self.clinic_id = clinic_id

    async def rows(self, sql: Sql, **given: Any) -> list[Row]:
        """Every row."""
        rows: list[Row] = await self.connection.fetch(sql.text, *sql.arguments(given))
        return rows

    async def row(self, sql: Sql, **given: Any) -> Row | None:
        """The first row, or None."""
        row: Row | None = await self.connection.fetchrow(sql.text, *sql.arguments(given))
        return row

    async def value(self, sql: Sql, **given: Any) -> Any:
        """The first column of the first row, or None."""
        return await self.connection.fetchval(sql.text, *sql.arguments(given))

    async def run(self, sql: Sql, **given: Any) -> None:
        """Run a statement that answers nothing."""
        await self.connection.execute(sql.text, *sql.arguments(given))


@dataclass(slots=True)
class Closing:
    """A statement that goes with a COMMIT, in one message, and whether that came through."""

    text: Callable[[], str]
    """Asked for at the end, when it is known what to say."""
    committed: bool = False


STALE_SECONDS = 60
"""A connection unused for so long may have been cut by something in between; it is made anew."""

SEVERAL = 4
BEYOND_SECONDS = 5.0
"""The server ends what takes too long. It is waited for so much longer: nobody may be there."""


class Pool:
    """Connections of one process to one database, all of them logged in as the login role.

    Those that are free stay out of asyncpg's own pool while nobody waits for one: taking and giving
    back there takes 18 us, twice a request, which is a twentieth of a check-in.
    """

    def __init__(self, pool: asyncpg.Pool, role: str, wait_seconds: float) -> None:
        self._pool = pool
        self.role = role
        self._wait_seconds = wait_seconds
        self._waiting = 0
        self._free: list[tuple[asyncpg.Connection, float]] = []

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[asyncpg.Connection]:
        """A connection that has not stepped down: it can look credentials up, and no chart."""
        connection = await self._free_one() or await self._another()
        try:
            yield connection
        except BaseException:
            # It may still be busy with what was cut off: asyncpg waits for that, or closes it.
            await self._pool.release(connection)
            raise
        if self._waiting or _closed(connection) or connection.is_in_transaction():
            await self._pool.release(connection)
        else:
            self._free.append((connection, monotonic()))

    async def _free_one(self) -> asyncpg.Connection | None:
        while self._free:
            connection, since = self._free.pop()
            if _closed(connection):
                continue
            if monotonic() - since < STALE_SECONDS:
                return connection
            connection.terminate()
            await self._pool.release(connection)
        return None

    async def _another(self) -> asyncpg.Connection:
        self._waiting += 1
        try:
            return await self._pool.acquire(timeout=self._wait_seconds)
        except TimeoutError:
            raise Unavailable("Every database connection is busy.") from None
        except OSError:
            raise Unavailable("The database can't be reached.") from None
        finally:
            self._waiting -= 1

    @asynccontextmanager
    async def confined(
        self,
        clinic_id: UUID,
        *,
        actor: UUID | None = None,
        patient_id: UUID | None = None,
        hold: UUID | None = None,
        closing: Closing | None = None,
    ) -> AsyncIterator[Db]:
        """A transaction that sees one clinic, or one patient of it; committed when it succeeds.

        One message without parameters opens it: SET LOCAL takes none, so each value is a UUID
        that Python has parsed. The settings end with the transaction, and without them every
        policy denies. `hold` is a patient to be held until the end, as patients.queries.hold does,
        `closing` what is kept along with the rest.
        """
        opening = _opening(self.role, clinic_id, actor, patient_id)
        if hold is not None:
            opening += f"; SELECT pg_advisory_xact_lock({lock_of(clinic_id, hold)})"
        async with self.connection() as connection:
            try:
                await connection.execute(opening)
                yield Db(connection, clinic_id)
                await _commit(connection, closing)
            except BaseException:
                if not _closed(connection) and connection.is_in_transaction():
                    await connection.execute("ROLLBACK")
                raise

    async def close(self) -> None:
        """Close every connection once it is free."""
        self._waiting += 1  # nothing is kept out any more
        while (connection := await self._free_one()) is not None:
            await self._pool.release(connection)
        await self._pool.close()

    @property
    def is_short(self) -> bool:
        """Whether every connection is in use, where there may be several."""
        return self.size == (max(SEVERAL, self._pool.get_max_size()), 0)

    @property
    def size(self) -> tuple[int, int]:
        """How many connections are open, and how many of them are free."""
        free = sum(not _closed(connection) for connection, _ in self._free)
        return self._pool.get_size(), self._pool.get_idle_size() + free


async def _commit(connection: asyncpg.Connection, closing: Closing | None) -> None:
    await connection.execute("COMMIT" if closing is None else f"{closing.text()}; COMMIT")
    if closing is not None:
        closing.committed = True


def _opening(role: str, clinic_id: UUID, actor: UUID | None, patient_id: UUID | None) -> str:
    """What confines a transaction, as one message."""
    return (
        f'BEGIN; SET LOCAL ROLE "{role}"; '
        f"SET LOCAL afterglow.clinic_id = '{_bare(clinic_id)}'; "
        f"SET LOCAL afterglow.actor_id = '{_bare(actor)}'; "
        f"SET LOCAL afterglow.patient_id = '{_bare(patient_id)}'"
    )


def lock_of(clinic_id: UUID, patient_id: UUID) -> int:
    """The advisory lock that holds a patient.

    It is of the clinic: in another one the same id is another patient, who must not wait.
    """
    digest = blake2b(clinic_id.bytes + patient_id.bytes, digest_size=8).digest()
    return int.from_bytes(digest, signed=True)


async def speak_json(connection: asyncpg.Connection) -> None:
    """Read and write jsonb as Python values."""
    await connection.set_type_codec(
        "jsonb",
        schema="pg_catalog",
        encoder=lambda value: orjson.dumps(value).decode(),
        decoder=orjson.loads,
    )


async def _leave_clean(connection: asyncpg.Connection) -> None:
    """SET LOCAL left nothing behind; a transaction that was cut off must not stay open."""
    if connection.is_in_transaction():
        await connection.execute("ROLLBACK")


def _closed(connection: asyncpg.Connection) -> bool:
    """Whether a connection was lost. asyncpg has taken it back then, and refuses to be asked."""
    try:
        return bool(connection.is_closed())
    except asyncpg.InterfaceError:
        return True


def _bare(value: UUID | None) -> str:
    """A UUID as hexadecimal digits and nothing else, whatever was given as one."""
    return "" if value is None else f"{int(value):032x}"


async def open_pool(url: str, settings: Settings, *prepared: str) -> Pool:
    """Connect as the login role, and have each connection remember some statements by name."""

    async def begin(connection: asyncpg.Connection) -> None:
        await speak_json(connection)
        for statement in prepared:
            await connection.execute(statement)

    pool = await asyncpg.create_pool(
        url,
        min_size=1,
        max_size=settings.pool_size,
        command_timeout=settings.statement_timeout_seconds + BEYOND_SECONDS,
        init=begin,
        reset=_leave_clean,
        # Of any size: a timeline's statement is 14 kB of asyncpg's 15, and is planned in 2 ms.
        max_cacheable_statement_size=0,
        server_settings={
            "application_name": "afterglow",
            "timezone": "UTC",
            "jit": "off",
            "standard_conforming_strings": "on",
            "statement_timeout": str(int(settings.statement_timeout_seconds * 1000)),
            "lock_timeout": str(int(settings.lock_timeout_seconds * 1000)),
            "idle_in_transaction_session_timeout": "60s",
        },
    )
    role = role_of(await pool.fetchval("SELECT current_database()"))
    return Pool(pool, role, settings.pool_wait_seconds)


def role_of(database: str) -> str:
    """The role that owns no table and sees only what the policies let it."""
    return f"{database}{APP_ROLE_SUFFIX}"
