"""Reading a page of what needs attention."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.kit import clock
from app.kit.bodies import written
from app.kit.db import Db
from app.kit.errors import Invalid
from app.kit.paging import cursor_of, key_of
from app.worklist import queries
from app.worklist.reasons import item


async def page(
    db: Db, reason: str | None, clinician_id: UUID | None, limit: int, cursor: str | None
) -> tuple[bytes, str | None]:
    """A page of the list, all of it as of the moment at which its first page was read."""
    now, given = clock.now(), dict[str, Any]()
    if cursor is not None:
        now, given = last_shown(cursor)
    filters = {reason, "after" if cursor else None, "clinician" if clinician_id else None}
    sql = queries.listing(frozenset(filter(None, filters)))
    asked_for = {"now": now, "limit": limit + 1, "clinician_id": clinician_id}
    rows = await db.rows(sql, **asked_for, **given)
    more = None
    if len(rows) > limit:
        last = rows[limit - 1]
        more = cursor_of(now, str(last["rank"]), last["since"], last["patient_id"])
    items = [item(row, now) for row in rows[:limit]]
    return written({"items": items, "next_cursor": more}), more


def last_shown(cursor: str) -> tuple[datetime, dict[str, Any]]:
    """As of when the list is read, and the key of the last that was shown. Raises Invalid."""
    key = key_of(cursor)
    try:
        now, rank, since, patient_id = key
        at, since_at = (datetime.fromisoformat(one).astimezone(UTC) for one in (now, since))
        last = {"key_rank": int(rank) % 100, "key_since": since_at, "key_id": UUID(patient_id)}
    except (ValueError, OverflowError):
        raise Invalid(("/cursor", "is not a cursor that this list gave")) from None
    return at, last
