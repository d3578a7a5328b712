"""Following a clinic: what became of its records, each version once, nothing skipped.

A cursor is a place in the order of transactions. A page ends before the oldest transaction that is
still open, so that nothing can be written behind a reader's back.
"""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Sequence
from time import monotonic
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.exchange import queries
from app.exchange.kinds import BY_NOUN, BY_TABLE
from app.exchange.schemas import Wanted
from app.kit.bodies import written
from app.kit.db import Db, Pool, Row
from app.kit.errors import CursorExpired, Invalid
from app.kit.paging import cursor_of, key_of
from app.kit.stopping import stopping
from app.webhooks import queries as told
from app.webhooks.queries import BEGINNING, LAST_ID, Place

LOOK_EVERY_SECONDS = 0.5
"""A reader who waits is told of news within this. Looking takes three look-ups by a key."""

NOW = "now"

LARGEST_XID = 2**63 - 1

Gone = Callable[[], Awaitable[bool]]


async def follow(
    pool: Pool, viewer: Viewer, wanted: Wanted, gone: Gone
) -> tuple[bytes, str | None]:
    """A page of changes, as JSON, and the cursor of more; the first that come within `wait`.

    No connection is held while waiting. Raises CursorExpired.
    """
    ends = monotonic() + wanted.wait
    while True:
        async with pool.confined(viewer.clinic_id, actor=viewer.id) as db:
            items, cursor, more = await page(db, wanted)
        left = ends - monotonic()
        if items or left <= 0 or stopping.told or await gone():
            told_now = {"items": items, "next_cursor": cursor, "has_more": more}
            return written(told_now), cursor if more else None
        wanted = wanted.model_copy(update={"cursor": cursor})
        await asyncio.sleep(min(LOOK_EVERY_SECONDS, left))


async def page(db: Db, wanted: Wanted) -> tuple[list[dict[str, Any]], str, bool]:
    """The items of a page, where to go on, and whether there are more."""
    horizon = await told.horizon(db)
    epoch, after = place(wanted.cursor, Place(horizon - 1, LAST_ID))
    tables = [BY_NOUN[one].table for one in wanted.kinds.split(",")] if wanted.kinds else None
    rows = await told.changes(db, after, wanted.limit + 1, until=horizon, tables=tables)
    # Asked after reading: what was forgotten in between is not taken for all there was.
    now = await told.feed(db)
    if epoch is not None:
        await refuse_expired(db, now, epoch, after)
    more = len(rows) > wanted.limit
    rows = rows[: wanted.limit]
    # Where nothing is left, all before the horizon has been read, whatever it was about.
    end = Place(rows[-1]["xid"], rows[-1]["id"]) if more else Place(horizon - 1, LAST_ID)
    at = cursor(now["epoch"], max(end, after))
    return await items_of(db, now["epoch"], rows), at, more


async def refuse_expired(db: Db, now: Row, epoch: UUID, after: Place) -> None:
    """Raise CursorExpired for a cursor after which something may be missing."""
    forgotten = after.xid < now["forgotten_xid"]
    if epoch != now["epoch"] or forgotten or after.xid >= await told.next_xid(db):
        raise CursorExpired


def cursor(epoch: UUID, at: Place) -> str:
    """A cursor after a place."""
    return cursor_of(epoch, str(at.xid), at.id)


def place(given: str | None, now: Place) -> tuple[UUID | None, Place]:
    """The epoch and the place that a cursor names. Raises Invalid."""
    if given is None or given == NOW:
        return None, BEGINNING if given is None else now
    try:
        epoch, xid, row_id = key_of(given)
        named = UUID(epoch), Place(int(xid), UUID(row_id))
    except ValueError:
        raise Invalid(("/cursor", "is not a cursor that this list gave")) from None
    if not 0 <= named[1].xid <= LARGEST_XID:
        raise Invalid(("/cursor", "is not a cursor that this list gave"))
    return named


async def items_of(db: Db, epoch: UUID, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each change with its record as it now is."""
    wanted: dict[str, set[UUID]] = defaultdict(set)
    for row in rows:
        wanted[row["kind"]].add(row["record_id"])
    found = {
        name: await queries.documents(db, BY_TABLE[name].statements, list(ids))
        for name, ids in wanted.items()
        if name in BY_TABLE
    }
    return [item(epoch, row, found.get(row["kind"], {}).get(row["record_id"])) for row in rows]


def item(epoch: UUID, row: Row, document: str | None) -> dict[str, Any]:
    """One change as the API shows it."""
    kind = BY_TABLE[row["kind"]]
    named = ("patient_id", "version", "at", "change")
    return {
        "cursor": cursor(epoch, Place(row["xid"], row["id"])),
        "kind": kind.noun,
        "id": row["record_id"],
        **{name: row[name] for name in named},
        "data": None if document is None else orjson.Fragment(document),
        "path": f"{kind.path}/{row['record_id']}",
    }
