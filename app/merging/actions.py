"""Making two patients one, and parting them again."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.infusions.changing_hands import refuse_twins
from app.infusions.courses import place_all
from app.infusions.queries import running, sessions_of
from app.kit import clock
from app.kit.bodies import Unread, written
from app.kit.db import Db, Row
from app.kit.errors import (
    Conflict,
    Invalid,
    Merged,
    MovesWithAnother,
    NotFound,
    SessionRunning,
)
from app.kit.ids import new_id
from app.merging import queries
from app.merging.schemas import MergeIn, UnmergeIn
from app.patients import actions as patients
from app.patients import queries as people
from app.patients.queries import following
from app.records import queries as records
from app.records.actions import refuse_closed
from app.records.kinds import Kept

Json = dict[str, Any]


async def merge(db: Db, viewer: Viewer, old: UUID, unread: Unread[MergeIn]) -> Kept:
    """Make a patient another one; the survivor. Again is harmless.

    Raises Merged where either became somebody else, SessionRunning and PossibleDuplicate.
    """
    there = await db.row(people.SUBJECT, id=old)
    if there is None:
        raise NotFound
    if there["merged_into_id"] is not None:
        if unread.read().into == there["merged_into_id"]:
            return await patients.get(db, there["merged_into_id"])
        raise Merged(merged_into_id=str(there["merged_into_id"]))
    sent = unread.read()
    if sent.into == old:
        raise Invalid(("/into", "must be another patient"))
    await people.subject(db, sent.into)
    await following.hold_two(db, old, sent.into)
    for one in (old, sent.into):
        refuse_closed(await people.subject(db, one))
    await refuse_both_running(db, old, sent)
    await join(db, viewer, old, sent)
    return await patients.get(db, sent.into)


async def refuse_both_running(db: Db, old: UUID, sent: MergeIn) -> None:
    """Raise SessionRunning where both have a session in progress, PossibleDuplicate for twins."""
    nobody = new_id()
    theirs = await running(db, sent.into, nobody)
    if theirs is not None and await running(db, old, nobody) is not None:
        raise SessionRunning(existing_id=str(theirs))
    sessions = [row["id"] for row in await sessions_of(db, old)]
    await refuse_twins(db, sessions, sent.into, sent.separate_from)


async def join(db: Db, viewer: Viewer, old: UUID, sent: MergeIn) -> None:
    """Take everything of a held patient to another, and keep what it takes to take it back."""
    new, now = sent.into, clock.now()
    rows = await queries.locked(db, old, new)
    courses = [*await people.courses_of(db, new), *await people.courses_of(db, old)]
    to = following.To(new, now, viewer.id, sent.reason)
    ids = await following.relocate_all(db, old, to)
    moved = {
        "ids": {name: sorted(some) for name, some in ids.items()},
        "identifiers": rows[old]["identifiers"],
        "active": rows[old]["active"],
        "courses": [as_it_was(row) for row in courses],
        "patients": await queries.forward(db, old, new, now, viewer.id, sent.reason),
        "schedule": await queries.take_schedule(db, old, new, now, viewer.id),
    }
    named = [*rows[new]["identifiers"], *rows[old]["identifiers"]]
    held = rows[old]["legal_hold"] or rows[new]["legal_hold"]
    gone: Json = {"merged_into_id": new, "active": False, "identifiers": []}
    await write(db, viewer, rows[old], now, sent.reason, gone)
    kept: Json = {"identifiers": named, "legal_hold": held}
    await write(db, viewer, rows[new], now, sent.reason, kept)
    await place_all(db, viewer, new)
    told = {"from_id": old, "into_id": new, "reason": sent.reason, "merged_by": viewer.id}
    plain = orjson.loads(written(moved))
    await queries.add(db, id=new_id(), **told, merged_at=now, moved=plain)


async def write(db: Db, viewer: Viewer, row: Row, now: datetime, reason: str, values: Json) -> None:
    """A new version of a patient."""
    told = {"changed_at": now, "changed_by": viewer.id, "change_reason": reason}
    version = {"version": row["version"] + 1}
    await records.change(db, people.PATIENT, row["id"], values | told | version)


def as_it_was(course: Row) -> Json:
    """What a course is cut from."""
    return {name: course[name] for name in ("id", "patient_id", "number", "member_ids")}


async def merges(db: Db, patient_id: UUID) -> list[Json]:
    """The merges of a patient, also of one who was merged. Raises NotFound."""
    if await db.row(people.SUBJECT, id=patient_id) is None:
        raise NotFound
    return [dict(row) for row in await queries.of_patient(db, patient_id)]


async def unmerge(db: Db, viewer: Viewer, new: UUID, unread: Unread[UnmergeIn]) -> Kept:
    """Part a patient from the survivor again, with what came along; the survivor.

    Raises Conflict unless it is the last merge of the survivor, and MovesWithAnother where what
    came has been tied to what was there.
    """
    await people.subject(db, new)
    sent = unread.read()
    if await db.row(people.SUBJECT, id=sent.parted) is None:
        raise NotFound
    await following.hold_two(db, new, sent.parted)
    refuse_closed(await people.subject(db, new))
    merge = await queries.last_into(db, new)
    if merge is None or merge["from_id"] != sent.parted:
        raise Conflict("That patient is not the last that was merged into this one.")
    await part(db, viewer, merge, sent.reason)
    return await patients.get(db, new)


async def part(db: Db, viewer: Viewer, merge: Row, reason: str) -> None:
    """Put back what a merge took, with what hangs on it by now."""
    old, new, moved, now = merge["from_id"], merge["into_id"], merge["moved"], clock.now()
    rows = await queries.locked(db, old, new)
    ids = {name: {UUID(one) for one in some} for name, some in moved["ids"].items()}
    ids.pop("identifiers", None)
    ids = await following.along(db, new, ids)
    if await following.strays(db, ids) or await following.tears(db, new, ids):
        raise MovesWithAnother("What came with the merge was tied to what was there.")
    ids["alerts"] = ids.get("alerts", set()) | await following.alerts_about(db, new, ids)
    await following.relocate(db, new, following.To(old, now, viewer.id, reason), ids)
    named = [one for one in moved["identifiers"] if await given_back(db, old, new, one)]
    back: Json = {"merged_into_id": None, "active": moved["active"], "identifiers": named}
    await write(db, viewer, rows[old], now, reason, back)
    left = [one for one in rows[new]["identifiers"] if one not in named]
    await write(db, viewer, rows[new], now, reason, {"identifiers": left})
    await put_back(db, viewer, old, moved["patients"], now, reason)
    if moved["schedule"]:
        await queries.drop_schedule(db, old, new, now, viewer.id)
    await recut(db, viewer, moved["courses"], old, new)
    await queries.undo(db, merge["id"], now, viewer.id, reason)


async def given_back(db: Db, old: UUID, new: UUID, one: Json) -> bool:
    """Whether an identifier could be given back: the survivor may have lost it since."""
    return await queries.reassign(db, new, old, one["system"], one["value"])


async def put_back(
    db: Db, viewer: Viewer, old: UUID, patients_before: Sequence[str], now: datetime, reason: str
) -> None:
    """Whoever had become the one that is parted became them, and not the survivor."""
    for one, row in (await queries.locked(db, *map(UUID, patients_before))).items():
        if row["merged_into_id"] is not None and one != old:
            await write(db, viewer, row, now, reason, {"merged_into_id": old})


async def recut(db: Db, viewer: Viewer, courses: Sequence[Json], *both: UUID) -> None:
    """Courses as they were before the merge, cut anew from there."""
    for one in courses:
        members = [UUID(member) for member in one["member_ids"]]
        await queries.restore_course(db, UUID(one["id"]), one["number"], members)
    for patient_id in both:
        await place_all(db, viewer, patient_id)
