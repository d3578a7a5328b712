"""What happens to alerts: raised by other records, acknowledged and closed by people."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import May, Viewer
from app.alerts import queries
from app.alerts.queries import ALERT
from app.alerts.schemas import Handling
from app.alerts.tables import EvidenceStatus, Level, State
from app.clinics.queries import chosen
from app.kit import clock
from app.kit.bodies import Unread, written
from app.kit.db import Db, Row
from app.kit.errors import NotFound
from app.kit.ids import new_id
from app.kit.paging import cursor_of, instant_key, page_body
from app.records import queries as records
from app.records.kinds import Kept
from app.records.queries import Filter
from app.science.urgency import minutes_of

LATE = timedelta(hours=72)
"""An alert about something longer ago is shown, and nobody is paged."""

GRAVE = frozenset({Level.STOP, Level.EMERGENCY})

UNSEEN = (
    "acknowledged_at",
    "acknowledged_by",
    "acknowledge_note",
    "escalated_at",
    "escalated_to",
    "closed_at",
    "closed_by",
    "close_note",
    "outcome",
)
"""What only those who deal with an alert write."""


async def raise_alert(  # noqa: PLR0913  # the facts of one row, each by its name
    db: Db,
    viewer: Viewer,
    *,
    patient_id: UUID,
    rule: str,
    level: Level,
    subject_kind: str,
    subject_id: UUID,
    effective_at: datetime,
    evidence: dict[str, Any],
    adding: bool = False,
) -> bool:
    """Raise an alert once for a rule and the record it is about; whether anything came of it.

    A graver correction lets it rise and opens it again; it never falls. With `adding`, `evidence`
    is all that is known by now: it takes the old one's place, and new records in it open a closed.
    """
    now = clock.now()
    values = {
        "patient_id": patient_id,
        "rule": rule,
        "level": level.value,
        "subject_kind": subject_kind,
        "subject_id": subject_id,
        "evidence": orjson.loads(written(evidence)),
        **urgency(level, now, await chosen(db), late=now - effective_at > LATE),
        **opened(viewer, now),
    }
    return await queries.put(db, **values) or (adding and await queries.add_evidence(db, **values))


def urgency(
    level: Level, now: datetime, choices: Mapping[str, Any], *, late: bool
) -> dict[str, Any]:
    """When it was raised to its level, and by when someone should have seen it."""
    minutes = None if late else minutes_of("within_minutes", level, choices)
    due_at = now + timedelta(minutes=minutes) if minutes else None
    return {"raised_at": now, "late": late, "due_at": due_at}


def opened(viewer: Viewer, now: datetime) -> dict[str, Any]:
    """The columns of an alert that nobody has dealt with."""
    return {
        **dict.fromkeys(UNSEEN),
        "id": new_id(),
        "status": State.OPEN.value,
        "evidence_status": EvidenceStatus.CURRENT.value,
        "version": 1,
        "recorded_at": now,
        "recorded_by": viewer.id,
        "changed_at": now,
        "changed_by": viewer.id,
        "change_reason": None,
        "content_sha256": b"",
    }


async def evidence_changed(
    db: Db,
    viewer: Viewer,
    *,
    subject_kind: str,
    subject_id: UUID,
    evidence_status: EvidenceStatus,
) -> None:
    """Mark the alerts of a record that was corrected or voided. It closes none.

    Call it before `raise_alert` judges the corrected record: what that raises is current.
    """
    at, by = clock.now(), viewer.id
    await queries.mark(db, subject_kind, subject_id, evidence_status, at, by)


async def resting_on_changed(
    db: Db, viewer: Viewer, patient_id: UUID, record_id: UUID, evidence_status: EvidenceStatus
) -> None:
    """As `evidence_changed`, of every alert whose evidence names the record in its `records`."""
    at, by = clock.now(), viewer.id
    await queries.mark_resting_on(db, patient_id, record_id, evidence_status, at, by)


async def get(db: Db, alert_id: UUID) -> Kept:
    """One alert. Raises NotFound."""
    row = await db.row(ALERT.find, id=alert_id)
    if row is None:
        raise NotFound
    return Kept(row["json"], row["version"], id=alert_id)


async def page(
    db: Db, limit: int, cursor: str | None, equal: dict[str, Any]
) -> tuple[bytes, str | None]:
    """A page of alerts, the newest first. A filter that is None lets all through."""
    given = {name: value for name, value in equal.items() if value is not None}
    wanted = Filter(equal=tuple(sorted(given)), voided=True, after=cursor is not None)
    if cursor is not None:
        given["key_at"], given["key_id"] = instant_key(cursor)
    sql = records.listing(ALERT, wanted, "raised_at")
    rows = await db.rows(sql, limit=limit + 1, **given)
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursor_of(last["at"], last["id"]) if last is not None else None
    return page_body([row["json"] for row in rows[:limit]], more), more


async def lock(db: Db, alert_id: UUID) -> Row:
    """One alert's row, held: of two who acknowledge at once, one is the first. Raises NotFound."""
    row = await db.row(ALERT.lock, id=alert_id)
    if row is None:
        raise NotFound
    return row


async def acknowledge(db: Db, viewer: Viewer, alert_id: UUID, unread: Unread[Handling]) -> Kept:
    """Say that someone has seen it. Again is harmless: the first one stands."""
    row = await lock(db, alert_id)
    if row["status"] != State.OPEN:
        return await get(db, alert_id)
    sent = unread.read()
    seen = acknowledged(viewer, clock.now(), sent.note)
    return await write(db, viewer, row, seen | {"outcome": sent.outcome})


async def close(db: Db, viewer: Viewer, alert_id: UUID, unread: Unread[Handling]) -> Kept:
    """Say that it is dealt with, and seen by the same if by nobody before.

    Again is harmless: the first one stands. A stop or an emergency is not a nurse's to close.
    """
    row = await lock(db, alert_id)
    grave = Level(row["level"]) in GRAVE
    viewer.must(May.CLOSE_GRAVE_ALERT if grave else May.CLOSE_ALERT)
    if row["status"] == State.CLOSED:
        return await get(db, alert_id)
    sent, now = unread.read(), clock.now()
    closed = {
        "status": State.CLOSED.value,
        "closed_at": now,
        "closed_by": viewer.id,
        "close_note": sent.note,
        "outcome": sent.outcome or row["outcome"],
    }
    seen = acknowledged(viewer, now, None) if row["status"] == State.OPEN else {}
    return await write(db, viewer, row, seen | closed)


def acknowledged(viewer: Viewer, now: datetime, note: str | None) -> dict[str, Any]:
    """Who has seen it, and when."""
    return {
        "status": State.ACKNOWLEDGED.value,
        "acknowledged_at": now,
        "acknowledged_by": viewer.id,
        "acknowledge_note": note,
    }


async def write(db: Db, viewer: Viewer, row: Row, values: dict[str, Any]) -> Kept:
    """A new version of an alert that is held."""
    now = clock.now()
    stamped = {"version": row["version"] + 1, "changed_at": now, "changed_by": viewer.id}
    kept = await records.change(db, ALERT, row["id"], values | stamped | {"change_reason": None})
    return Kept(kept["json"], kept["version"], id=row["id"])
