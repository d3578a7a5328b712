"""Changes and pages of what an admin sees, in the manner of every other record."""

from typing import Any, TypeVar

from pydantic import BaseModel

from app.kit.bodies import Unread, parse, written
from app.kit.db import Row
from app.kit.paging import cursor_of
from app.records.changes import merged, must_match

Fields = TypeVar("Fields", bound=BaseModel)


def patched(
    model: type[Fields], row: Row, was: dict[str, Any], match: str | None, unread: Unread[Any]
) -> tuple[Fields, bool]:
    """What a row that is held becomes by a merge patch, and whether that is anything new.

    Raises MatchRequired, Stale, Invalid.
    """
    must_match(match, row)
    given = {name: value for name, value in was.items() if value is not None}
    after = parse(model, merged(given, unread.object()))
    return after, after != parse(model, given)


def paged(rows: list[Row], limit: int) -> tuple[bytes, str | None]:
    """A page of rows in the order of their time, of which one more than the limit was asked for."""
    items = [dict(row) for row in rows[:limit]]
    more = cursor_of(items[-1]["created_at"], items[-1]["id"]) if len(rows) > limit else None
    return written({"items": items, "next_cursor": more}), more
