"""Sealing, reading and verifying the audit."""

import asyncio
import logging
from collections.abc import AsyncIterator
from time import monotonic
from typing import Any
from uuid import UUID

from app.audit import queries
from app.audit.chain import Head, Walk
from app.audit.entries import Entry
from app.audit.tables import Act
from app.kit import clock
from app.kit.bodies import written
from app.kit.db import Db, Pool, Row
from app.kit.ids import new_id
from app.kit.paging import cursor_of, instant_key

log = logging.getLogger(__name__)

AT_ONCE = 200
"""Rows sealed in one transaction: a hundredth of a second, which others may wait for."""

SYSTEM = "system"
"""The caller of what Afterglow's own commands do."""


async def seal_waiting(pool: Pool, rests: float = 0.0) -> int:
    """Seal some of what waits; how many rows where more may wait, else 0.

    Then it first lets others run `rests` times as long as it took.
    """
    began = monotonic()
    async with pool.connection() as connection:
        sealed = await queries.seal(connection, AT_ONCE)
    if sealed < AT_ONCE:
        return 0
    await asyncio.sleep((monotonic() - began) * rests)
    return sealed


async def note_heads(pool: Pool) -> None:
    """Write the last link of every chain to the log: what is kept there can't be changed here."""
    async with pool.connection() as connection:
        heads = await queries.heads(connection)
    for head in heads:
        told = {"clinic_id": head["clinic_id"], "head": link_of(head)}
        log.info("the audit's last link", extra=told)


async def note(db: Db, command: str, *, status: int = 200, patient_id: UUID | None = None) -> None:
    """Keep that one of Afterglow's own commands wrote to a clinic, in the same transaction."""
    entry: Entry = {
        "clinic_id": db.clinic_id,
        "id": new_id(),
        "at": clock.now(),
        "caller": SYSTEM,
        "role": SYSTEM,
        "method": "RUN",
        "route": command,
        "patient_id": patient_id,
        "act": Act.WRITE.value,
        "status": status,
    }
    await queries.append_in(db, entry)


def link_of(head: Row | None) -> str:
    """A link as it is noted: its position and its hash.

    >>> link_of({"position": 7, "hash": bytes(2)})
    '7:0000'
    """
    return f"{head['position']}:{bytes(head['hash']).hex()}" if head else "0:"


async def head(db: Db) -> dict[str, Any]:
    """The last link of the clinic's chain."""
    found = await queries.head(db)
    position, _, hashed = link_of(found).partition(":")
    return {"position": int(position), "hash": hashed, "link": link_of(found)}


async def page(
    db: Db, limit: int, cursor: str | None, filters: dict[str, Any]
) -> tuple[bytes, str | None]:
    """A page of the clinic's rows, the newest first. A filter that is None lets all through."""
    rows, more = await _rows(db, limit, cursor, filters)
    return written({"items": [dict(row) for row in rows], "next_cursor": more}), more


async def named(
    db: Db, limit: int, cursor: str | None, filters: dict[str, Any]
) -> tuple[list[dict[str, Any]], str | None]:
    """The same with the name of whoever it was, for people to read."""
    rows, more = await _rows(db, limit, cursor, filters)
    who = {(row["caller"], row["actor_id"]) for row in rows if row["actor_id"] is not None}
    names = {one: await queries.name_of(db, *one) for one in who}
    return [{**row, "name": names.get((row["caller"], row["actor_id"]))} for row in rows], more


async def accesses(
    db: Db, patient_id: UUID, phone_id: UUID, limit: int, cursor: str | None
) -> tuple[bytes, str | None]:
    """Who saw or wrote what of a patient, the newest first, but for the phone that asks.

    It tells no routes: that an alert was acknowledged would say that there was one.
    """
    filters = {"patient_id": patient_id, "own_id": phone_id, "theirs": True}
    rows, more = await _rows(db, limit, cursor, filters)
    items = [await _access(db, row) for row in rows]
    return written({"items": items, "next_cursor": more}), more


async def _access(db: Db, row: Row) -> dict[str, Any]:
    told = {name: row[name] for name in ("id", "at", "caller", "role", "acting_for", "act")}
    return told | {"name": await queries.name_of(db, row["caller"], row["actor_id"])}


async def _rows(
    db: Db, limit: int, cursor: str | None, filters: dict[str, Any]
) -> tuple[list[Row], str | None]:
    given = {name: value for name, value in filters.items() if value is not None}
    if cursor is not None:
        given["key_at"], given["key_id"] = instant_key(cursor)
    names = frozenset(given) | ({"after"} if cursor is not None else set())
    rows = await db.rows(queries.listing(names), limit=limit + 1, **given)
    last = rows[limit - 1] if len(rows) > limit else None
    return rows[:limit], cursor_of(last["at"], last["id"]) if last is not None else None


async def hold_still(db: Db) -> None:
    """See the audit as it is now until the transaction ends; its first statement, for the owner."""
    await queries.hold_still(db)


async def chained(db: Db) -> set[UUID]:
    """Every clinic that has rows, for the owner."""
    return await queries.chained(db)


async def waiting(db: Db) -> int:
    """How many of a clinic's rows wait to be sealed, for the owner."""
    return await queries.unsealed(db)


async def last_link(db: Db) -> str:
    """The last link of a clinic's chain as it is noted, for the owner."""
    return link_of(await queries.head_of(db))


async def verified(db: Db, noted: Head | None = None) -> AsyncIterator[str]:
    """What is wrong with a clinic's chain, for the owner; nothing when it is whole.

    `noted` is a link that somebody kept elsewhere.
    """
    walk = Walk(noted)
    head = await queries.head_of(db)
    async for row in queries.chain(db):
        for found in walk.step(row):
            yield found
    last = None if head is None else Head(head["position"], bytes(head["hash"]))
    for found in walk.end(last):
        yield found
