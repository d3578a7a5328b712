"""Statements that staff and clients have in common."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Table, bindparam, select, tuple_

from app.kit.db import Db, Row, Sql
from app.kit.errors import NotFound
from app.kit.tables import table_of
from app.records.tables import History


@dataclass(frozen=True)
class Listed:
    """A table that an admin reads by the page, in the order in which its rows were added."""

    table: Table
    shown: tuple[ColumnElement[Any], ...]
    told: tuple[str, ...]
    """The columns that its history tells of."""

    @cached_property
    def _pages(self) -> tuple[Sql, Sql]:
        """The first page, and any other."""
        at, last = self.table.c.created_at, self.table.c.id
        first = select(*self.shown).order_by(at, last).limit(bindparam("most"))
        after = tuple_(bindparam("at", type_=at.type), bindparam("last", type_=last.type))
        return Sql(first), Sql(first.where(tuple_(at, last) > after))

    @cached_property
    def _get(self) -> Sql:
        return Sql(select(*self.shown).where(self.table.c.id == bindparam("id")))

    @cached_property
    def _lock(self) -> Sql:
        return Sql(select(self.table).where(self.table.c.id == bindparam("id")).with_for_update())

    async def page(self, db: Db, most: int, after: tuple[datetime, UUID] | None) -> list[Row]:
        """Rows in the order in which they were added."""
        first, other = self._pages
        if after is None:
            return await db.rows(first, most=most)
        return await db.rows(other, most=most, at=after[0], last=after[1])

    async def get(self, db: Db, record_id: UUID) -> Row:
        """One row. Raises NotFound."""
        return found(await db.row(self._get, id=record_id))

    async def lock(self, db: Db, record_id: UUID) -> Row:
        """One row as the table has it, held. Raises NotFound."""
        return found(await db.row(self._lock, id=record_id))

    async def versions(self, db: Db, record_id: UUID) -> list[dict[str, Any]]:
        """Every version, oldest first: since when, by whom, and what it said. Raises NotFound.

        The first one is of nobody: whoever added it is in the audit.
        """
        now = dict(await self.get(db, record_id))
        kept = await db.rows(FORMER, kind=self.table.name, record_id=record_id)
        at, by, versions = now["created_at"], None, []
        for row, until, until_by in [*(tuple(one.values()) for one in kept), (now, None, None)]:
            record = {name: row[name] for name in self.told}
            versions.append(
                {"version": row.get("version", 0), "at": at, "by": by, "record": record}
            )
            at, by = until, until_by
        return versions


H = table_of(History)

FORMER = Sql(
    select(H.c.row, H.c.replaced_at, H.c.replaced_by)
    .where(H.c.kind == bindparam("kind"), H.c.record_id == bindparam("record_id"))
    .order_by(H.c.replaced_at, H.c.version)
)


def found(row: Row | None) -> Row:
    """A row that must be there. Raises NotFound."""
    if row is None:
        raise NotFound
    return row
