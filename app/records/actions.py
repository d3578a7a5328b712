"""What can be done with any record: create it once, read it, and answer a retry as the first."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from app.access.policy import Viewer
from app.kit import clock
from app.kit.bodies import Unread
from app.kit.db import Db
from app.kit.errors import (
    Erased,
    IdTaken,
    KeyInUse,
    KeyReused,
    NotFound,
    Refusal,
    SourceTaken,
    Voided,
)
from app.kit.ids import new_id
from app.records import queries
from app.records.kinds import Arrival, Kept, Kind, Made, Subject, Telling
from app.records.queries import Statements
from app.records.schemas import ClinicalIn
from app.records.stamps import digest, stamp

KEY_LIFE = timedelta(hours=24)
"""How long the answer to an Idempotency-Key is kept."""


async def create(
    db: Db,
    viewer: Viewer,
    kind: Kind,
    subject: Subject,
    sent: ClinicalIn,
    record_id: UUID | None = None,
) -> Kept:
    """Keep a record once. The same content under the same id answers what is there.

    Raises IdTaken for other content, SourceTaken for another record of the same source.
    """
    refuse_closed(subject)
    values = stamp(viewer, subject, sent, record_id or new_id())
    telling = Telling(db, viewer, subject, sent, values)
    if record_id is not None and (there := await again(db, kind.statements, values, sent)):
        return there
    await refuse_taken_source(db, kind, values)
    await kind.derive(telling)
    row = await db.row(kind.statements.add, **values)
    if row is None:
        return await _conflicting(db, kind, values, sent)
    await kind.after(telling)
    if kind.rereads:
        row = await db.row(kind.statements.find, id=row["id"]) or row
    return Kept(row["json"], row["version"], created=True, id=row["id"])


def refuse_closed(subject: Subject) -> None:
    """Raise Voided or Erased for a patient of whom nothing more is recorded."""
    if subject.voided:
        raise Voided
    if subject.erased:
        raise Erased


async def take_in(
    db: Db,
    viewer: Viewer,
    kind: Kind,
    subject: Subject,
    sent: ClinicalIn,
    record_id: UUID,
    arrival: Arrival,
) -> bool:
    """Keep what a phone sent, once; whether it is new. Raises as `create` does.

    Most is new, so it is looked for only when it was not kept: `derive` must write nothing.
    """
    refuse_closed(subject)
    values = stamp(viewer, subject, sent, record_id, arrival)
    telling = Telling(db, viewer, subject, sent, values)
    try:
        await kind.derive(telling)
    except Refusal:
        if await again(db, kind.statements, values, sent) is None:
            raise
        return False
    row = await db.row(kind.statements.add_unseen, **values)
    if row is None:
        await _conflicting(db, kind, values, sent)
        return False
    telling.facts["kept"] = row
    await kind.after(telling)
    return True


async def again(
    db: Db, statements: Statements, values: Mapping[str, Any], sent: BaseModel
) -> Kept | None:
    """The record that this very content made before; None when the id is free."""
    there = await db.row(statements.find, id=values["id"])
    if there is None:
        return None
    made = Made(there["id"], there.get("patient_id"), bytes(there["content_sha256"]))
    if not await same(db, statements, made, values, sent):
        raise IdTaken(current_version=there["version"])
    return Kept(there["json"], there["version"], id=there["id"])


async def same(
    db: Db, statements: Statements, there: Made, values: Mapping[str, Any], sent: BaseModel
) -> bool:
    """Whether this content made that record, be it for somebody who its patient was then.

    Whose it was is asked only of a record that is now of the patient it is sent for.
    """
    if there.content_sha256 == values["content_sha256"]:
        return True
    if there.patient_id is None or there.patient_id != values["patient_id"]:
        return False
    former = await queries.former_patients(db, statements, there.id)
    return any(digest(one, sent) == there.content_sha256 for one in former)


async def _conflicting(db: Db, kind: Kind, values: Mapping[str, Any], sent: ClinicalIn) -> Kept:
    """Why the insert kept nothing: the id came first by another call, or the source is taken."""
    if (there := await again(db, kind.statements, values, sent)) is not None:
        return there
    await refuse_taken_source(db, kind, values)
    raise IdTaken


async def refuse_taken_source(db: Db, kind: Kind, values: Mapping[str, Any]) -> None:
    """Raise SourceTaken where another record came from the same place in its system."""
    if values.get("source_system") is None:
        return
    told = {"system": values["source_system"], "record_id": values["source_record_id"]}
    other = await db.value(kind.statements.of_source, **told)
    if other is not None and other != values.get("id"):
        raise SourceTaken(existing_id=str(other))


async def put(
    db: Db, viewer: Viewer, kind: Kind, subject: Subject, record_id: UUID, unread: Unread[Any]
) -> Kept:
    """Create under the client's id. A taken id is 409 before a bad body is 422."""
    try:
        sent = unread.read()
    except Refusal:
        there = await db.row(kind.statements.find, id=record_id)
        if there is not None:
            raise IdTaken(current_version=there["version"]) from None
        raise
    return await create(db, viewer, kind, subject, sent, record_id)


async def get(db: Db, kind: Kind, record_id: UUID) -> Kept:
    """One record, voided or not. Raises NotFound."""
    row = await db.row(kind.statements.find, id=record_id)
    if row is None:
        raise NotFound
    return Kept(row["json"], row["version"])


async def once(
    db: Db,
    viewer: Viewer,
    key: str | None,
    asked: tuple[str, bytes],
    make: Callable[[], Awaitable[Kept]],
) -> Kept:
    """Run `make` once for an Idempotency-Key; a retry gets the stored answer.

    `asked` is the path and the body. Raises KeyInUse while the first is running, KeyReused for
    another body. A refusal is not kept: the next try is judged anew.
    """
    if key is None:
        return await make()
    path, raw = asked
    key_id = UUID(bytes=sha256(f"{viewer.id} {key.strip().strip(chr(34))}".encode()).digest()[:16])
    fingerprint = sha256(path.encode() + b"\n" + raw).digest()
    if not await queries.take_key(db, key_id):
        raise KeyInUse
    now = clock.now()
    if (there := await answered(db, key_id, fingerprint, now - KEY_LIFE)) is not None:
        return there
    kept = await make()
    told = {"location": str(kept.id), "version": kept.version, "body": kept.json}
    await queries.put_key(
        db, id=key_id, fingerprint=fingerprint, status=201, created_at=now, **told
    )
    return kept


async def answered(db: Db, key_id: UUID, fingerprint: bytes, since: datetime) -> Kept | None:
    """The answer kept under a key. Raises KeyReused for another body."""
    there = await queries.find_key(db, key_id, since)
    if there is None:
        return None
    if bytes(there["fingerprint"]) != fingerprint:
        raise KeyReused
    return Kept(there["body"], there["version"], created=True, id=UUID(there["location"]))
