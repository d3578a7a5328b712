"""Readings that come together: what they are judged by is asked for once."""

from typing import Any

from app.infusions.queries.children import SESSION_OF
from app.kit.db import Db, Row, Sql
from app.safety.queries.chart import CHAIR


class Remembering(Db):
    """The same transaction, which remembers the session of a reading and what was read in it.

    The patient is held, so nobody else changes either meanwhile.
    """

    __slots__ = ("answers",)

    def __init__(self, db: Db) -> None:
        super().__init__(db.connection, db.clinic_id)
        self.answers: dict[tuple[Sql, Any], Row | None] = {}

    async def row(self, sql: Sql, **given: Any) -> Row | None:
        """The first row, or None."""
        if sql not in (SESSION_OF, CHAIR):
            return await super().row(sql, **given)
        key = (sql, given["infusion_id"] if sql is CHAIR else tuple(given.values()))
        if key not in self.answers:
            found = await super().row(sql, **given)
            self.answers[key] = None if found is None else dict(found)
        return self.answers[key]

    def seen(self, values: dict[str, Any]) -> None:
        """A reading was judged: the next one is judged with it."""
        chair = self.answers.get((CHAIR, values["infusion_id"]))
        if chair is not None and values["infusion_id"] is not None:
            chair["readings"].append(values)
