"""Statements about what must be delivered (the rows are the queue) and what became of records."""

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from uuid import UUID

import asyncpg
from sqlalchemy import (
    BigInteger,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    select,
    table,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.webhooks.tables import Feed, Outbox

CLINICS_WITH_WORK = "SELECT * FROM clinics_with_work($1)"

FORGET_CHANGES = "SELECT forget_changes($1, $2)"

BOX, FEED = table_of(Outbox), table_of(Feed)

# What lies above this package is named by its table alone.
ALERTS = table(
    "alerts",
    column("id", BOX.c.record_id.type),
    column("level", Text()),
    column("escalated_at", BOX.c.at.type),
)


def _claim() -> Sql:
    """Move the turn of some due rows ahead. Rows that another worker is claiming are its own."""
    due = (
        select(BOX.c.id)
        .where(BOX.c.due_at <= bindparam("now", type_=BOX.c.due_at.type))
        .order_by(BOX.c.due_at)
        .limit(bindparam("limit"))
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    claimed = (
        update(BOX)
        .where(BOX.c.id == due.c.id)
        .values(due_at=bindparam("until", type_=BOX.c.due_at.type), attempts=BOX.c.attempts + 1)
        .returning(BOX)
        .cte("claimed")
    )
    named = ("clinic_id", "id", "record_id", "patient_id", "at", "attempts")
    found = claimed.join(ALERTS, ALERTS.c.id == claimed.c.record_id)
    passed_on = func.coalesce(ALERTS.c.escalated_at <= claimed.c.at, literal(False))  # noqa: FBT003  # as SQL has it
    told = (ALERTS.c.level, passed_on.label("escalated"))
    return Sql(select(*(claimed.c[name] for name in named), *told).select_from(found))


CLAIM = _claim()

RECORD = Sql(
    update(BOX)
    .where(BOX.c.id == bindparam("row_id"), BOX.c.attempts == bindparam("attempt"))
    .values(
        due_at=bindparam("due", type_=BOX.c.due_at.type),
        delivered_at=bindparam("delivered", type_=BOX.c.delivered_at.type),
    )
)

GIVE_UP = Sql(
    update(BOX)
    .where(BOX.c.due_at <= bindparam("missed", type_=BOX.c.due_at.type))
    .values(due_at=None)
    .returning(BOX.c.id)
)


async def clinics_with_work(connection: asyncpg.Connection, now: datetime) -> list[UUID]:
    """The clinics of which something is due, the one that waited longest first."""
    rows = await connection.fetch(CLINICS_WITH_WORK, now)
    return [row[0] for row in rows]


async def claim(db: Db, now: datetime, until: datetime, limit: int) -> list[Row]:
    """Some of what is due, the oldest first, with the level of its alert; not due again `until`."""
    return await db.rows(CLAIM, now=now, until=until, limit=limit)


async def record(db: Db, row: Row, due: datetime | None, delivered: datetime | None) -> None:
    """What came of an attempt, unless a later one was begun meanwhile."""
    told = {"row_id": row["id"], "attempt": row["attempts"]}
    await db.run(RECORD, **told, due=due, delivered=delivered)


async def give_up(db: Db, missed: datetime) -> int:
    """Deliver no more what should have been tried by then; how many that were."""
    return len(await db.rows(GIVE_UP, missed=missed))


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A place in the order of events: after the last event that was read."""

    xid: int
    id: UUID


BEGINNING = Place(0, UUID(int=0))
"""Before everything that is kept."""

LAST_ID = UUID(int=2**128 - 1)
"""After everything of a transaction."""

STATE = Sql(select(FEED.c.epoch, FEED.c.forgotten_xid))


def _bound(which: str) -> Sql:
    number = getattr(func, which)(func.pg_current_snapshot())
    return Sql(select(cast(cast(number, Text), BigInteger)))


HORIZON, NEXT_XID = _bound("pg_snapshot_xmin"), _bound("pg_snapshot_xmax")

TOLD = ("id", "xid", "kind", "record_id", "patient_id", "former_patient_id", "version", "change")


@cache
def _changes(*, narrowed: bool) -> Sql:
    here = tuple_(BOX.c.xid, BOX.c.id)
    after = tuple_(
        bindparam("after_xid", type_=BOX.c.xid.type), bindparam("after_id", type_=BOX.c.id.type)
    )
    query = select(*(BOX.c[name] for name in TOLD), BOX.c.at).where(
        here > after, BOX.c.xid < bindparam("horizon", type_=BOX.c.xid.type)
    )
    if narrowed:
        query = query.where(BOX.c.kind == any_(bindparam("tables", type_=ARRAY(Text()))))
    return Sql(query.order_by(BOX.c.xid, BOX.c.id).limit(bindparam("limit")))


async def horizon(db: Db) -> int:
    """Every transaction before this one has ended: what it told is seen from now on, or never."""
    found: int = await db.value(HORIZON)
    return found


async def changes(
    db: Db, after: Place, limit: int, *, until: int, tables: list[str] | None = None
) -> list[Row]:
    """What became of the clinic's records after a place, in the order of transactions.

    `until` is a `horizon` asked for before. With it a reader skips nothing: a transaction that is
    still open will be read once it has ended, and nothing of a later one before it.
    """
    place = {"after_xid": after.xid, "after_id": after.id, "horizon": until, "limit": limit}
    if tables is None:
        return await db.rows(_changes(narrowed=False), **place)
    return await db.rows(_changes(narrowed=True), **place, tables=tables)


async def feed(db: Db) -> Row:
    """The epoch of the feed, and up to which transaction events may be forgotten."""
    row = await db.row(STATE)
    assert row is not None, "a migration made the row"
    return row


async def next_xid(db: Db) -> int:
    """A transaction that has not begun on this server."""
    found: int = await db.value(NEXT_XID)
    return found


async def forget_changes(connection: asyncpg.Connection, before: datetime, most: int) -> int:
    """Forget some of what was told before; how many rows. What is still to be delivered stays."""
    found: int = await connection.fetchval(FORGET_CHANGES, before, most)
    return found
