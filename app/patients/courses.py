"""Courses: cut anew by the server whenever the infusions change, described by clinicians."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.kit import clock
from app.kit.bodies import Unread, parse
from app.kit.db import Db, Row
from app.kit.errors import NotFound, Voided
from app.kit.ids import new_id
from app.patients import queries
from app.patients.queries import COURSE
from app.patients.schemas import CourseIn
from app.records import queries as records
from app.records.changes import change_reason, merged, must_match
from app.records.kinds import Kept
from app.science import courses


async def get(db: Db, course_id: UUID) -> Kept:
    """One course. Raises NotFound."""
    row = await db.row(COURSE.find, id=course_id)
    if row is None:
        raise NotFound
    return Kept(row["json"], row["version"], id=course_id)


async def change(
    db: Db, viewer: Viewer, course_id: UUID, match: str | None, unread: Unread[CourseIn]
) -> Kept:
    """Say what a course is for, by merge patch."""
    row = await db.row(COURSE.lock, id=course_id)
    if row is None:
        raise NotFound
    must_match(match, row)
    if row["status"] != "active":
        raise Voided
    patch = unread.object()
    reason = change_reason(patch)
    there = await get(db, course_id)
    whole = orjson.loads(there.json)
    was = {name: whole[name] for name in CourseIn.model_fields if whole[name] is not None}
    after = parse(CourseIn, merged(was, patch))
    if after == parse(CourseIn, was):
        return there
    values = after.model_dump(mode="json") | {
        "version": row["version"] + 1,
        "changed_at": clock.now(),
        "changed_by": viewer.id,
        "change_reason": reason,
    }
    kept = await records.change(db, COURSE, course_id, values)
    return Kept(kept["json"], kept["version"], id=course_id)


async def recut(
    db: Db, viewer: Viewer, patient_id: UUID, given: Sequence[courses.Given[UUID]]
) -> dict[UUID, tuple[UUID, int]]:
    """Cut a held patient's courses anew; each infusion's course and number in it.

    Ids survive late arrivals (science.courses): a course keeps its id while the first of its
    infusions that survives is in it.
    """
    rows = await queries.courses_of(db, patient_id)
    old = [courses.Course(row["id"], row["number"], tuple(row["member_ids"])) for row in rows]
    new = courses.cut(given)
    kept = courses.keep_ids(old, new)
    by_id = {row["id"]: row for row in rows}
    places: dict[UUID, tuple[UUID, int]] = {}
    for number, (members, found) in enumerate(zip(new, kept.ids, strict=True), start=1):
        course_id = found or new_id()
        ids = [one.id for one in members]
        places |= {one: (course_id, place) for place, one in enumerate(ids, start=1)}
        await _put(db, viewer, patient_id, by_id.get(course_id), course_id, number, members)
    for course_id in kept.gone:
        await _close(db, by_id[course_id])
    return places


async def _put(
    db: Db,
    viewer: Viewer,
    patient_id: UUID,
    row: Row | None,
    course_id: UUID,
    number: int,
    members: Sequence[courses.Given[UUID]],
) -> None:
    ids = [one.id for one in members]
    facts = {"number": number, "started_at": members[0].at, "member_ids": ids, "status": "active"}
    if row is not None and all(row[name] == value for name, value in facts.items()):
        return
    base = dict(row) if row is not None else _opened(viewer, patient_id, clock.now())
    base.pop("clinic_id", None)
    await queries.put_course(db, **base | facts | {"id": course_id})


def _opened(viewer: Viewer, patient_id: UUID, now: datetime) -> dict[str, Any]:
    told = {"indication": None, "phase": None, "planned_infusions": None, "change_reason": None}
    return told | {
        "patient_id": patient_id,
        "version": 1,
        "recorded_at": now,
        "recorded_by": viewer.id,
        "changed_at": now,
        "changed_by": viewer.id,
        "content_sha256": b"",
    }


async def _close(db: Db, row: Row) -> None:
    base = dict(row) | {"status": "entered_in_error", "member_ids": []}
    base.pop("clinic_id")
    await queries.put_course(db, **base)
