"""Reading a timeline: which page of it, for whom, and where the next one begins."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.access.policy import Viewer
from app.kit.db import Db
from app.kit.errors import Invalid
from app.kit.paging import cursor_of, key_of, page_body
from app.patients import queries as patients
from app.timeline.queries import LINES, RANKS, Asked, page
from app.timeline.schemas import KINDS, Wanted


async def read(
    db: Db, viewer: Viewer, patient_id: UUID, wanted: Wanted
) -> tuple[bytes, str | None]:
    """A page of what happened to a patient, as JSON, and the cursor of the next page.

    A patient sees what is theirs, without alerts, decisions, notes or supplies, and without what
    was voided: that may have been another's. Raises NotFound.
    """
    viewer.must_be_about(patient_id)
    asked = Asked(
        kinds=frozenset(wanted.kinds.split(",") if wanted.kinds else KINDS),
        newest_first=wanted.order == "desc",
        since=wanted.since is not None,
        before=wanted.before is not None,
        after=wanted.cursor is not None,
        voided=wanted.include_voided and viewer.patient_id is None,
        by_patient=viewer.patient_id is not None,
    )
    given = {"patient_id": patient_id, "limit": wanted.limit, "fetched": wanted.limit + 1}
    given |= range_of(wanted)
    row = await db.row(page(asked), **given) if asked.lines else None
    if row is None or row["items"] is None:
        await patients.subject(db, patient_id)
        return page_body([], None), None
    more = None
    if row["found"] > wanted.limit:
        more = cursor_of(row["at"], row["id"], LINES[row["rank"]].kind)
    return page_body([row["items"]], more), more


def range_of(wanted: Wanted) -> dict[str, Any]:
    """Where the page begins and ends, as the statement names it. Raises Invalid."""
    given: dict[str, Any] = {"since": wanted.since, "before": wanted.before}
    if wanted.cursor is not None:
        given["key_at"], given["key_id"], given["key_rank"] = last_shown(wanted.cursor)
    return given


def last_shown(cursor: str) -> tuple[datetime, UUID, int]:
    """The instant, the id and the rank of the last item that was shown. Raises Invalid."""
    key = key_of(cursor)
    try:
        at, record_id, kind = key
        return datetime.fromisoformat(at).astimezone(UTC), UUID(record_id), RANKS[kind]
    except (ValueError, OverflowError, KeyError):
        raise Invalid(("/cursor", "is not a cursor that this list gave")) from None
