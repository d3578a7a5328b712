"""/patients/{patient_id}/record/courses: the courses, and what each is measured against"""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Request, Response

from app.access.deps import Db
from app.access.policy import May
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import NotFound, Refusal
from app.kit.ids import new_id
from app.patients import courses
from app.patients import queries as subjects
from app.patients.baselines import BASELINE
from app.patients.schemas import BaselineIn, CourseIn
from app.patients.tables import Indication, Phase
from app.records import actions as records
from app.relief import actions as relief
from app.science.relief import SCALES
from app.web import queries
from app.web.deps import Charter, Reader, SignedIn, Visitor, writing
from app.web.entries import id_of, number
from app.web.people import Json, Typed
from app.web.routes.record import RECORD, did, known_of, sheet
from app.web.routing import fields_of, pages, redirect

router = pages()

COURSES = f"{RECORD}/courses"

Setter = Annotated[Visitor, Depends(SignedIn(May.SET_BASELINE))]


@router.get(COURSES)
async def read(request: Request, patient_id: UUID, _: Reader, db: Db) -> Response:
    """The courses and baselines, with their forms."""
    return await page(request, db, patient_id)


async def page(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
    at: str = "",
) -> Response:
    """The courses; where a form was refused with what was typed."""
    known = await known_of(db, patient_id)
    if known["closed"] == "merged":
        return redirect(f"/patients/{patient_id}")
    baselines = await db.rows(subjects.BASELINES_OF, patient_id=patient_id)
    return sheet(
        request,
        "person_courses.html",
        "Courses and baselines",
        known,
        refusal,
        at,
        courses=await courses_of(db, patient_id),
        baselines=baselines,
        names=await queries.staff_names(db, [one["recorded_by"] for one in baselines]),
        scores=await queries.scored(db, patient_id),
        codes=[(one, one) for one in SCALES],
        indications=[(one.value, one.value) for one in Indication],
        phases=[(one.value, one.value) for one in Phase],
        own_id=(typed or {}).get("id") or new_id(),
        typed=typed or {},
    )


async def courses_of(db: database.Db, patient_id: UUID) -> list[dict[str, Any]]:
    """The courses, the newest first, each with its infusions and what it is measured against."""
    rows = await db.rows(subjects.LIST_COURSES, patient_id=patient_id)
    given: dict[str, list[Any]] = {}
    for one in await queries.given(db, patient_id):
        given.setdefault(str(one["course_id"]), []).append(one)
    found = await relief.read(db, patient_id)
    measured = {str(one["course_id"]): one for one in found["courses"]}
    told = [orjson.loads(row["json"]) for row in rows]
    return [
        one | {"given": given.get(one["id"], []), "measured": measured.get(one["id"])}
        for one in reversed(told)
    ]


def must_be_of(rows: list[Any], course_id: UUID) -> None:
    """Raise NotFound for a course that is none of these."""
    if course_id not in {one["id"] for one in rows}:
        raise NotFound


@router.post(f"{COURSES}/{{course_id}}")
async def describe(
    request: Request, patient_id: UUID, course_id: UUID, visitor: Charter
) -> Response:
    """Say what a course is for."""
    typed = await fields_of(request)
    patch: Json = {name: typed.get(name) or None for name in ("indication", "phase")}
    planned = typed.get("planned_infusions", "").strip()
    patch["planned_infusions"] = number(planned) if planned else None
    again = partial(page, request, patient_id=patient_id, typed=typed, at=str(course_id))
    async with writing(request, again) as db:
        must_be_of(await subjects.courses_of(db, patient_id), course_id)
        unread = Unread(CourseIn, written(patch))
        await courses.change(db, visitor.viewer, course_id, typed.get("version"), unread)
    return did(patient_id, "saved", "/courses")


@router.post(f"{RECORD}/baselines")
async def set_baseline(request: Request, patient_id: UUID, visitor: Setter) -> Response:
    """Say what a course is measured against, once."""
    typed = await fields_of(request)
    again = partial(page, request, patient_id=patient_id, typed=typed, at="baseline")
    async with writing(request, again) as db:
        subject = await subjects.subject(db, patient_id)
        told = said(typed, await queries.scored(db, patient_id))
        unread = Unread(BaselineIn, written(told))
        await records.put(db, visitor.viewer, BASELINE, subject, id_of(typed), unread)
    return did(patient_id, "baseline", "/courses")


def said(typed: Typed, scores: list[Any]) -> Json:
    """A baseline as the API takes it: answers on record name their instrument themselves."""
    told: Json = {
        name: typed[name].strip()
        for name in ("first_infusion_id", "instrument", "assessment_id", "reason")
        if typed.get(name, "").strip()
    }
    if typed.get("value", "").strip():
        told["value"] = number(typed["value"].strip())
    resting = next((one for one in scores if str(one["id"]) == told.get("assessment_id")), None)
    return told | ({"instrument": resting["instrument"]} if resting else {})
