"""/patients/{patient_id}/record/follow-up: what somebody is asked in the coming weeks"""

from collections.abc import Callable
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Request, Response

from app.access.deps import Db
from app.access.policy import May
from app.assessments import queries as assessments
from app.assessments import schedules
from app.assessments.schemas import ScheduleIn
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import Invalid, Refusal
from app.web import answering, enrolling, planning
from app.web.deps import Reader, SignedIn, Visitor, writing
from app.web.people import Json, Typed
from app.web.routes.record import RECORD, did, known_of, sheet
from app.web.routing import fields_of, pages, redirect

router = pages()

PLAN = f"{RECORD}/follow-up"

Planner = Annotated[Visitor, Depends(SignedIn(May.PLAN_CHECK_INS))]

Planning = Callable[[list[Json], Typed, str], list[Json]]


@router.get(PLAN)
async def read(request: Request, patient_id: UUID, _: Reader, db: Db) -> Response:
    """What is asked, and when."""
    return await page(request, db, patient_id)


async def page(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
    at: str = "",
) -> Response:
    """The plan; where a form was refused with what was typed."""
    known = await known_of(db, patient_id)
    if known["closed"] == "merged":
        return redirect(f"/patients/{patient_id}")
    return sheet(
        request,
        "person_follow_up.html",
        "Follow-up",
        known,
        refusal,
        at,
        slots=await schedules.schedule_of(db, patient_id),
        own=bool(await assessments.slots_of(db, patient_id)),
        codes=[(one["code"], one["code"]) for one in answering.listed() if one["by"] == "self"],
        today=enrolling.today_of(known["zone"]),
        typed=typed or {},
    )


async def plan(
    request: Request, patient_id: UUID, visitor: Visitor, at: str, change: Planning
) -> Response:
    """Put what a form makes of the plan in its place."""
    typed = await fields_of(request)

    async def again(db: database.Db, refusal: Refusal) -> Response:
        return await page(request, db, patient_id, typed, named(refusal), at)

    async with writing(request, again) as db:
        known = await known_of(db, patient_id)
        there = await schedules.schedule_of(db, patient_id)
        slots = change(there, typed, known["zone"])
        unread = Unread(ScheduleIn, written(slots))
        await schedules.put_schedule(db, visitor.viewer, patient_id, unread)
    return did(patient_id, "plan", "/follow-up")


def named(refusal: Refusal) -> Refusal:
    """A finding about one of many questions, as one about what the form asks."""
    if not isinstance(refusal, Invalid):
        return refusal
    errors = refusal.facts["errors"]
    assert isinstance(errors, list), "Invalid lists what it found"
    told = {one["pointer"].rpartition("/")[2]: one["detail"] for one in errors}
    return Invalid(*((f"/{name}", detail) for name, detail in told.items()))


@router.post(f"{PLAN}/add")
async def add(request: Request, patient_id: UUID, visitor: Planner) -> Response:
    """Ask something more, or only this."""

    def change(there: list[Json], typed: Typed, zone: str) -> list[Json]:
        more = planning.series(typed, zone)
        return more if typed.get("instead") == "yes" else planning.beside(there, more)

    return await plan(request, patient_id, visitor, "add", change)


@router.post(f"{PLAN}/leave-out")
async def leave_out(request: Request, patient_id: UUID, visitor: Planner) -> Response:
    """Ask less."""

    def change(there: list[Json], typed: Typed, _: str) -> list[Json]:
        return planning.without(there, typed)

    return await plan(request, patient_id, visitor, "leave-out", change)


@router.post(f"{PLAN}/default")
async def to_default(request: Request, patient_id: UUID, visitor: Planner) -> Response:
    """Return to the default plan."""

    def change(_: list[Json], __: Typed, ___: str) -> list[Json]:
        return []

    return await plan(request, patient_id, visitor, "default", change)
