"""Statements about what must be delivered: the rows are the queue."""

from datetime import datetime
from uuid import UUID

import asyncpg
from sqlalchemy import Text, bindparam, column, select, table, update

from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.webhooks.tables import Outbox

CLINICS_WITH_WORK = "SELECT * FROM clinics_with_work($1)"

BOX = table_of(Outbox)

# What lies above this package is named by its table alone.
ALERTS = table("alerts", column("id", BOX.c.record_id.type), column("level", Text()))


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
    return Sql(select(*(claimed.c[name] for name in named), ALERTS.c.level).select_from(found))


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
