"""Check-ins: each item kept once, in its place in time, whatever becomes of the others."""

import logging
from typing import Any
from uuid import UUID

from app.access import queries as credentials
from app.access.policy import Viewer
from app.clinics import queries as clinics
from app.clinics.crisis import text_of
from app.kit import clock
from app.kit.bodies import as_problem
from app.kit.db import Closing, DatabaseError, Db, Pool
from app.kit.errors import Conflict, NotFound, Refusal, Unavailable
from app.mobile.items import KINDS, Item, read
from app.mobile.schemas import CheckInsIn, OwnPatient
from app.patients import queries as patients
from app.records.actions import take_in
from app.records.kinds import Arrival, Subject

log = logging.getLogger(__name__)

Result = dict[str, Any]


async def check_in(
    pool: Pool, viewer: Viewer, sent: CheckInsIn, closing: Closing | None = None
) -> dict[str, Any]:
    """Keep a batch. What is answered created or duplicate is on disk when this returns.

    `closing` is kept along with a batch that is kept in one go.
    """
    received_at = clock.now()
    arrival = Arrival(sent.sent_at, received_at)
    items = [read(index, raw) for index, raw in enumerate(sent.items)]
    try:
        results = await together(pool, viewer, items, arrival, closing)
    except DatabaseError as error:
        log.warning("one by one", extra={"error": type(error).__name__, "items": len(items)})
        results = await one_by_one(pool, viewer, items, arrival)
    crisis = await crisis_of(pool, viewer) if any(item.in_danger for item in items) else None
    return {"results": results, "received_at": received_at, "crisis": crisis}


def confined(pool: Pool, viewer: Viewer, **more: Any) -> Any:
    """A transaction that sees this phone's patient alone."""
    told: dict[str, Any] = {"actor": viewer.id, "patient_id": viewer.patient_id}
    return pool.confined(viewer.clinic_id, **told, **more)


async def together(
    pool: Pool, viewer: Viewer, items: list[Item], arrival: Arrival, closing: Closing | None
) -> list[Result]:
    """All items in one transaction: several facts that arrive together wait for the disk once."""
    subject, seen = subject_of(viewer), dict[UUID, Item]()
    async with confined(pool, viewer, hold=subject.id, closing=closing) as db:
        return [await keep(db, viewer, subject, item, arrival, seen) for item in items]


async def one_by_one(
    pool: Pool, viewer: Viewer, items: list[Item], arrival: Arrival
) -> list[Result]:
    """A transaction for each item, so that one the database chokes on never stops the others."""
    subject, seen = subject_of(viewer), dict[UUID, Item]()
    results = []
    for item in items:
        try:
            async with confined(pool, viewer, hold=subject.id) as db:
                found = await keep(db, viewer, subject, item, arrival, seen)
        except DatabaseError as error:
            # Whatever was found, its commit may have failed: the phone sends it again.
            log.exception("an item could not be kept", extra={"error": type(error).__name__})
            found = result(item, "unavailable", Unavailable())
        results.append(found)
    return results


def subject_of(viewer: Viewer) -> Subject:
    """The phone's patient. Two sends of one batch take turns: each holds them while it records."""
    assert viewer.patient_id is not None, "a phone has a patient"
    return Subject(viewer.patient_id, viewer.time_zone, voided=viewer.patient_voided)


async def keep(
    db: Db,
    viewer: Viewer,
    subject: Subject,
    item: Item,
    arrival: Arrival,
    seen: dict[UUID, Item],
) -> Result:
    """Keep one item once; what became of it."""
    if item.sent is None or item.kind is None or item.id is None:
        return result(item, "invalid", item.refused)
    before = seen.setdefault(item.id, item)
    if (before.kind, before.sent) != (item.kind, item.sent):
        return result(item, "conflict", Conflict("This id stands twice in the batch."))
    try:
        created = await take_in(db, viewer, item.kind, subject, item.sent, item.id, arrival)
    except Refusal as refused:
        return result(item, "conflict" if isinstance(refused, Conflict) else "invalid", refused)
    return result(item, "created" if created else "duplicate")


def result(item: Item, status: str, refused: Refusal | None = None) -> Result:
    """What became of an item, as the phone is told."""
    return {
        "index": item.index,
        "id": item.id,
        "status": status,
        "retry": status == "unavailable",
        "ignored_fields": item.ignored,
        "problem": None if refused is None else as_problem(refused),
    }


async def crisis_of(pool: Pool, viewer: Viewer) -> dict[str, Any]:
    """What somebody in danger is shown."""
    async with confined(pool, viewer) as db:
        return text_of((await clinics.get(db))["crisis"])


RECEIPT = (
    "id",
    "status",
    "version",
    "effective_at",
    "clock_suspect",
    "clock_skew_seconds",
    "late_seconds",
)
"""What a receipt shows of a record."""


async def receipt(db: Db, record_id: UUID) -> dict[str, Any]:
    """Proof that an item arrived. Raises NotFound for one that has not, or is another's."""
    for noun, (kind, _) in KINDS.items():
        row = await db.row(kind.statements.lock, id=record_id)
        if row is not None and row["device_at"] is not None:
            told = {name: row[name] for name in RECEIPT}
            return told | {"kind": noun, "received_at": row["recorded_at"]}
    raise NotFound


async def me(db: Db, viewer: Viewer) -> dict[str, Any]:
    """Who this phone belongs to, and what to show in a crisis."""
    assert viewer.patient_id is not None, "a phone has a patient"
    patient = await patients.own(db, viewer.patient_id)
    clinic = await clinics.get(db)
    named = ("id", "slug", "name", "time_zone", "is_demo")
    phones = [dict(row) for row in await credentials.devices_of(db, viewer.patient_id)]
    return {
        "patient": {name: patient[name] for name in OwnPatient.model_fields},
        "clinic": {name: clinic[name] for name in named},
        "devices": [{"for": phone.pop("held_by"), **phone} for phone in phones],
        "crisis": text_of(clinic["crisis"]),
    }
