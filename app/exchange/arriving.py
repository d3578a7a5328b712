"""A clinic that comes: lines that `leaving` wrote, or items of batches from elsewhere.

A row comes in under the id it had, with its version and all that it was before, once however often
the file is read. The changes tell of it, and nobody is paged.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, islice
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Caller, Viewer
from app.exchange import batch
from app.exchange.kinds import BY_NOUN
from app.exchange.leaving import FORMAT
from app.exchange.queries import whole
from app.exchange.schemas import MOST_ITEMS
from app.kit.db import DatabaseError, Db, Pool
from app.kit.failed import Failed
from app.kit.ids import new_id

Line = tuple[int, dict[str, Any]]
"""A line's number and what it holds."""


@dataclass
class Came:
    """What became of the lines: how many were new, there already, and refused; and which."""

    new: int = 0
    there: int = 0
    refused: list[tuple[int, str]] = field(default_factory=list)

    @property
    def sentence(self) -> str:
        """The whole, for people."""
        refused = len(self.refused)
        return f"{self.new} came in, {self.there} were there already, {refused} were refused."


def read(file: Iterable[bytes]) -> Iterator[Line]:
    """The lines of a file. Raises Failed for one that can't be read."""
    for number, raw in enumerate(file, start=1):
        if not raw.strip():
            continue
        try:
            told = orjson.loads(raw)
        except orjson.JSONDecodeError:
            raise Failed(f"Line {number} is no JSON; nothing of the file was kept.") from None
        if not isinstance(told, dict):
            raise Failed(f"Line {number} is no JSON object; nothing of the file was kept.")
        yield number, told


def chunks(lines: Iterable[Line], most: int) -> Iterator[list[Line]]:
    """Lines by the many."""
    waiting = iter(lines)
    while some := list(islice(waiting, most)):
        yield some


async def take_items(pool: Pool, clinic_id: UUID, lines: Iterable[Line]) -> Came:
    """Items from elsewhere, batch by batch, as an integration would send them."""
    viewer = Viewer(clinic_id, clinic_id, Caller.CLIENT, "client", "read write")
    came = Came()
    for some in chunks(lines, MOST_ITEMS):
        answer = await batch.take_in(pool, viewer, tuple(item for _, item in some))
        for (number, _), result in zip(some, answer["results"], strict=True):
            for one in (result, *result["children"]):
                came.new += one["status"] == "created"
                came.there += one["status"] == "duplicate"
                if one["problem"] is not None:
                    came.refused.append((number, one["problem"]["title"]))
    return came


async def take_clinic(db: Db, header: dict[str, Any], lines: Iterable[Line]) -> Came:
    """Every row that left with a clinic, in the transaction of the owner's. Raises Failed."""
    if header.get("format") != FORMAT:
        raise Failed("Another version of Afterglow wrote this file, in a form that is not known.")
    own = await whole.about(db)
    zone = header["clinic"]["time_zone"]
    arrival = Arrival(db, None if zone == own["time_zone"] else zone)
    tables = {t.name: t for t in whole.leaving()}
    for kind, some in groupby(lines, key=lambda line: line[1].get("kind")):
        told = BY_NOUN.get(str(kind))
        table = tables.get(told.table if told else str(kind))
        if table is None:
            arrival.came.refused += [(number, "of a kind that is not known") for number, _ in some]
            continue
        for chunk in chunks(some, whole.AT_ONCE):
            await arrival.keep(table, chunk)
    await whole.page_nobody(db)
    return arrival.came


@dataclass
class Arrival:
    """A clinic on its way in."""

    db: Db
    zone: str | None
    """Where the clinic was, if that isn't where it comes to: patients keep their hours."""
    came: Came = field(default_factory=Came)

    async def keep(self, table: whole.Rows, lines: list[Line]) -> None:
        """Keep some rows of a table; where the database refuses one of them, one by one."""
        try:
            async with self.db.connection.transaction():
                await self.add(table, await self.fitting(table, lines))
        except DatabaseError as error:
            if len(lines) == 1:
                why = f"the database refused it ({type(error).__name__})"
                self.came.refused.append((lines[0][0], why))
                return
            for line in lines:
                await self.keep(table, [line])

    async def add(self, table: whole.Rows, lines: list[Line]) -> None:
        """Insert rows and what they were, and count what came of them."""
        rows = {UUID(line["id"]): self.fitted(table, line["row"]) for _, line in lines}
        new = await whole.add(self.db, table, list(rows.values()))
        kept = [line for _, line in lines if UUID(line["id"]) in new]
        await whole.add_history(self.db, [*self.histories(table, kept)])
        if table.name == "patients":
            await whole.add_identifiers(self.db, [*self.identifiers(kept)])
        there = await whole.versions(self.db, table, [one for one in rows if one not in new])
        came = Counter[str]()
        for number, line in lines:
            one = UUID(line["id"])
            if one in new:
                came["new"] += 1
            elif one in there and (there[one] or 0) >= (line["row"].get("version") or 0):
                came["there"] += 1
            else:
                self.came.refused.append((number, "something else is there in its place"))
        self.came.new += came["new"]
        self.came.there += came["there"]

    def fitted(self, table: whole.Rows, row: dict[str, Any]) -> dict[str, Any]:
        """A row as this clinic's own."""
        fits = row | {"clinic_id": str(self.db.clinic_id)} | whole.SECRET.get(table.name, {})
        if table.name == "patients" and self.zone is not None and row["time_zone"] is None:
            fits["time_zone"] = self.zone
        return fits

    async def fitting(self, table: whole.Rows, lines: list[Line]) -> list[Line]:
        """Lines without the patients whom others here are called like."""
        if table.name != "patients":
            return lines
        values = [one["value"] for _, line in lines for one in line["row"]["identifiers"]]
        taken = await whole.identifiers(self.db, values)

        def free(line: dict[str, Any]) -> bool:
            named = ((one["system"], one["value"]) for one in line["row"]["identifiers"])
            return all(str(taken.get(one, line["id"])) == line["id"] for one in named)

        wrong = [number for number, line in lines if not free(line)]
        self.came.refused += [(number, "another patient has an identifier") for number in wrong]
        return [line for line in lines if line[0] not in wrong]

    def histories(self, table: whole.Rows, lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """What rows were before."""
        for line in lines:
            about = {"kind": table.name, "record_id": line["id"]}
            about["clinic_id"] = str(self.db.clinic_id)
            patient = line["id"] if table.name == "patients" else line.get("patient_id")
            for was in line["history"]:
                row = self.fitted(table, was["row"])
                yield {**was, **about, "patient_id": patient, "row": row}

    def identifiers(self, lines: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
        """What other systems call the patients."""
        for line in lines:
            for position, one in enumerate(line["row"]["identifiers"]):
                own = {"clinic_id": str(self.db.clinic_id), "id": str(new_id())}
                yield {**own, **one, "patient_id": line["id"], "position": position}
