"""A batch of records of every kind: each kept once, whatever becomes of the others.

One transaction for all of it, as several facts that arrive together wait for the disk once; a
savepoint for each item, so that what one of them breaks is taken back and nothing else.
"""

import logging
from itertools import groupby
from typing import Any
from uuid import UUID

from app.access.policy import May, Viewer
from app.exchange import queries
from app.exchange.items import PATIENT, Item, flattened, name_children, read
from app.exchange.people import register
from app.exchange.remembering import Remembering
from app.exchange.standing import Standing
from app.kit import clock
from app.kit.bodies import as_problem
from app.kit.db import Closing, DatabaseError, Db, Pool
from app.kit.errors import (
    Conflict,
    NotFound,
    ParentNotFound,
    Refusal,
    Unavailable,
)
from app.kit.ids import new_id
from app.records.actions import again, refuse_closed, refuse_taken_source
from app.records.kinds import Telling
from app.records.stamps import stamp

log = logging.getLogger(__name__)

Result = dict[str, Any]

NEEDS = {"baseline": May.SET_BASELINE}
"""What a caller must be permitted beside charting."""


async def take_in(
    pool: Pool, viewer: Viewer, raw: tuple[Any, ...], closing: Closing | None = None
) -> dict[str, Any]:
    """Keep a batch. What is answered created or duplicate is on disk when this returns."""
    items = [read(index, one) for index, one in enumerate(raw)]
    for item in items:
        name_children(item, item.id)
    async with pool.confined(viewer.clinic_id, actor=viewer.id, closing=closing) as db:
        every = list(flattened(items))
        batch = Batch(db, viewer, await Standing.found(db, every))
        await batch.keep(every)
    results = [result(item, batch.came) for item in items]
    return {"results": results, "received_at": clock.now()}


class Batch:
    """A batch being kept."""

    def __init__(self, db: Db, viewer: Viewer, known: Standing) -> None:
        self.db = db
        self.viewer = viewer
        self.known = known
        self.came: dict[int, tuple[str, UUID | None, Refusal | None]] = {}
        """What became of each item: a status, the record's id, why not."""

    async def keep(self, items: list[Item]) -> None:
        """Keep each; readings that follow one another in one go."""
        for together, some in groupby(items, key=is_light):
            run = list(some)
            if together and len(run) > 1 and await self.kept_together(run):
                continue
            for item in run:
                await self.keep_one(item)

    async def keep_one(self, item: Item) -> None:
        """Keep one item, or take back what it began."""
        await queries.savepoint(self.db)
        try:
            self.came[id(item)] = await self.judged(item)
        except Refusal as refused:
            await queries.take_back(self.db)
            self.came[id(item)] = (status_of(refused), item.id, refused)
        except DatabaseError as error:
            await queries.take_back(self.db)
            log.exception("an item could not be kept", extra={"error": type(error).__name__})
            self.came[id(item)] = ("unavailable", item.id, Unavailable())
        else:
            await queries.keep(self.db)

    async def judged(self, item: Item) -> tuple[str, UUID | None, None]:
        """Keep one item; whether it is new. Raises every Refusal."""
        if item.refused is not None:
            raise item.refused
        if item.noun == PATIENT:
            created, record_id = await register(self.db, self.viewer, self.known, item)
            return "created" if created else "duplicate", record_id, None
        telling = await self.telling(item)
        if telling is None:
            return "duplicate", item.id, None
        await self.derive(item, telling)
        values, statements = telling.values, item.kind.statements
        row = await self.db.row(statements.add_unseen, **values)
        if row is None:
            return await self.beaten(item, telling)
        telling.facts["kept"] = row
        await item.kind.after(telling)
        self.known.keep(item, values)
        return "created", values["id"], None

    async def telling(self, item: Item, db: Db | None = None) -> Telling | None:
        """What the hooks are told of an item; None where it is there already."""
        if (verb := NEEDS.get(item.noun or "")) is not None:
            self.viewer.must(verb)
        subject = await self.known.subject(self.db, item)
        refuse_closed(subject)
        sent = item.sent
        session = self.known.session_of(item)
        if session is not None and getattr(sent, "infusion_id", session) is None:
            sent = sent.model_copy(update={"infusion_id": session.id})
        values = stamp(self.viewer, subject, sent, item.id or new_id())
        there = await self.known.there(self.db, item, values, sent)
        item.id = values["id"] if there is None else there.id
        name_children(item, item.id)
        if there is not None:
            return None
        return Telling(db or self.db, self.viewer, subject, sent, values)

    async def derive(self, item: Item, telling: Telling) -> None:
        """As the kind derives; what it doesn't find is a parent."""
        try:
            await item.kind.derive(telling)
        except NotFound:
            raise ParentNotFound from None

    async def beaten(self, item: Item, telling: Telling) -> tuple[str, UUID | None, None]:
        """Another request kept this id or this source first."""
        values = telling.values
        if await again(self.db, item.kind.statements, values, telling.sent) is None:
            await refuse_taken_source(self.db, item.kind, values)
        return "duplicate", values["id"], None

    async def kept_together(self, run: list[Item]) -> bool:
        """Keep readings in one go; False, and nothing done, where one of them is not like that."""
        await queries.savepoint(self.db)
        new: list[tuple[Item, Telling]] = []
        db = Remembering(self.db)
        try:
            for item in run:
                telling = await self.telling(item, db)
                if telling is None:
                    self.came[id(item)] = ("duplicate", item.id, None)
                    continue
                await self.derive(item, telling)
                self.known.keep(item, telling.values)
                db.seen(telling.values)
                new.append((item, telling))
            rows = [telling.values for _, telling in new]
            kept = await queries.add_many(self.db, run[0].kind.statements, rows)
            whole = len(kept) == len(new)
            for (item, telling), row in zip(new, kept, strict=False):
                telling.facts["kept"] = row
                await item.kind.after(telling)
        except (Refusal, DatabaseError):
            whole = False
        if not whole:
            await queries.take_back(self.db)
            self.known.forget(item for item, _ in new)
            return False
        await queries.keep(self.db)
        self.came |= {id(item): ("created", item.id, None) for item, _ in new}
        return True


def is_light(item: Item) -> bool:
    """Whether a reading can be kept along with others: a weight is judged by the one before."""
    return item.noun == "vitals" and item.refused is None and item.sent.weight_kg is None


def status_of(refused: Refusal) -> str:
    """What became of an item that was refused."""
    if isinstance(refused, ParentNotFound | Unavailable):
        return "unavailable"
    return "conflict" if isinstance(refused, Conflict) else "invalid"


def result(item: Item, came: dict[int, Any]) -> Result:
    """What became of an item and what was nested in it, as the caller is told."""
    status, record_id, refused = came[id(item)]
    told = {
        "index": item.index,
        "kind": item.noun,
        "id": record_id,
        "status": status,
        "retry": status == "unavailable",
        "ignored_fields": item.ignored,
        "problem": None if refused is None else as_problem(refused),
    }
    if item.parent is not None:
        return told
    return told | {"children": [result(child, came) for child in item.children]}
