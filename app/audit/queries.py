"""Statements about the audit. What appends and seals are functions of the database's owner."""

from collections.abc import AsyncIterator
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Select,
    Table,
    Text,
    bindparam,
    func,
    literal_column,
    null,
    select,
    tuple_,
    union_all,
)

from app.audit.chain import FIELDS
from app.audit.entries import Entry, written
from app.audit.tables import AuditArrival, AuditEvent, AuditHead
from app.kit.db import Connection, Db, Row, Sql
from app.kit.tables import table_of

COLUMNS = FIELDS[1:]
"""All that is sealed, but for the position that the seal gives."""

PREPARE = (
    f"PREPARE audited AS INSERT INTO audit_arrivals ({', '.join(COLUMNS)})"  # noqa: S608  # ours
    f" VALUES ({', '.join(f'${place}' for place in range(1, len(COLUMNS) + 1))})"
)
"""Once a connection: a row that is kept along with a write is planned once, not each time."""

APPEND = "SELECT append_audit($1)"
SEAL = "SELECT seal_audit($1)"
HEADS = "SELECT * FROM heads_of_audit()"

ARRIVAL, EVENT, HEAD = table_of(AuditArrival), table_of(AuditEvent), table_of(AuditHead)

WHO = ("caller", "actor_id", "role", "acting_for")
WHAT = ("patient_id", "method", "route", "record_id", "act", "status")

IN_HAND = 2_000
"""Rows read at a time when a chain is walked."""


async def append(connection: Connection, entries: list[Entry]) -> None:
    """Keep rows of any clinics, in one commit."""
    await connection.execute(APPEND, written(entries).decode())


def appended(entry: Entry) -> str:
    """The statement that keeps one row, for a message that takes no parameters.

    Where a record must tell whose it is, the owner's function finds that out.
    """
    if "named" in entry:
        return f"SELECT append_audit({quoted(written([entry]).decode())})"
    return f"EXECUTE audited ({', '.join(quoted(entry.get(name)) for name in COLUMNS)})"


def quoted(value: object) -> str:
    """A value as a literal; kit.db sees to it that a backslash in one is only that.

    >>> quoted("O'Neill"), quoted(None)
    ("'O''Neill'", 'NULL')
    """
    return "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"


async def append_in(db: Db, entry: Entry) -> None:
    """Keep a row in a transaction that goes on."""
    await append(db.connection, [entry])


async def seal(connection: Connection, most: int) -> int:
    """Put some of the rows that wait into their chains; how many."""
    sealed: int = await connection.fetchval(SEAL, most)
    return sealed


async def heads(connection: Connection) -> list[Row]:
    """The last link of every clinic's chain."""
    rows: list[Row] = await connection.fetch(HEADS)
    return rows


HEAD_OF = Sql(select(HEAD.c.position, HEAD.c.hash))


async def head(db: Db) -> Row | None:
    """The last link of the clinic's chain; None before there is any."""
    return await db.row(HEAD_OF)


@cache
def listing(filters: frozenset[str]) -> Sql:
    """A page of a clinic's rows, sealed or not, the newest first."""
    sealed = [EVENT.c.position, func.encode(EVENT.c.hash, "hex", type_=Text()).label("hash")]
    none = [null().cast(one.type).label(one.name) for one in sealed]
    arms = [_page(EVENT, sealed, filters), _page(ARRIVAL, none, filters)]
    every = union_all(*arms).subquery("every")
    return Sql(
        select(every).order_by(every.c.at.desc(), every.c.id.desc()).limit(bindparam("limit"))
    )


def _page(t: Table, more: list[Any], filters: frozenset[str]) -> Select[Any]:
    """Each table gives a page of its own, read in the order of an index."""
    told = (t.c[name] for name in ("id", "at", *WHO, *WHAT))
    query = select(*told, *more).order_by(t.c.at.desc(), t.c.id.desc())
    for name in sorted(filters & {"patient_id", "actor_id"}):
        query = query.where(t.c[name] == bindparam(name, type_=t.c[name].type))
    if "since" in filters:
        query = query.where(t.c.at >= bindparam("since", type_=t.c.at.type))
    if "before" in filters:
        query = query.where(t.c.at < bindparam("before", type_=t.c.at.type))
    if "after" in filters:
        key = bindparam("key_at", type_=t.c.at.type), bindparam("key_id", type_=t.c.id.type)
        query = query.where(tuple_(t.c.at, t.c.id) < tuple_(*key))
    if "refused" in filters:
        # As a number of the statement, so that it is found by the index of the refused alone.
        query = query.where(t.c.status >= literal_column(str(REFUSED)))
    if "theirs" in filters:
        # Who was let in, but for the phone that asks.
        own = bindparam("own_id", type_=t.c.actor_id.type)
        query = query.where(t.c.status < REFUSED, t.c.actor_id.is_distinct_from(own))
    return query.limit(bindparam("limit")).subquery().select()


REFUSED = 400
"""The first status of an answer that shows and changes nothing."""

NAME = Sql(select(func.name_of_actor(bindparam("caller"), bindparam("actor_id")).label("name")))


async def name_of(db: Db, caller: str, actor_id: UUID) -> str | None:
    """What a member of staff, a client or a phone is called; for the phone that asks too."""
    found: str | None = await db.value(NAME, caller=caller, actor_id=actor_id)
    return found


CHAIN = Sql(
    select(EVENT).where(EVENT.c.clinic_id == bindparam("clinic_id")).order_by(EVENT.c.position)
)

HEAD_AT = Sql(select(HEAD).where(HEAD.c.clinic_id == bindparam("clinic_id")))

UNSEALED = Sql(
    select(func.count()).select_from(ARRIVAL).where(ARRIVAL.c.clinic_id == bindparam("clinic_id"))
)

CHAINED = Sql(
    select(EVENT.c.clinic_id).union(select(HEAD.c.clinic_id), select(ARRIVAL.c.clinic_id))
)


HOLD_STILL = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


async def hold_still(db: Db) -> None:
    """What others commit from now on isn't seen: a chain and its head are of one moment."""
    await db.connection.execute(HOLD_STILL)


async def chain(db: Db) -> AsyncIterator[Row]:
    """A clinic's chain in its order, for the owner. Within a transaction."""
    found = db.connection.cursor(
        CHAIN.text, *CHAIN.arguments({"clinic_id": db.clinic_id}), prefetch=IN_HAND
    )
    async for row in found:
        yield row


async def head_of(db: Db) -> Row | None:
    """The last link as it was noted when it was sealed, for the owner."""
    return await db.row(HEAD_AT, clinic_id=db.clinic_id)


async def unsealed(db: Db) -> int:
    """How many of a clinic's rows wait to be sealed, for the owner."""
    return int(await db.value(UNSEALED, clinic_id=db.clinic_id))


async def chained(db: Db) -> set[UUID]:
    """Every clinic that has rows, for the owner."""
    return {row["clinic_id"] for row in await db.rows(CHAINED)}
