"""/patients/{patient_id}/record: who somebody is, and what stands of them apart from treatment"""

from functools import partial
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response

from app.access.deps import Db
from app.clinics import queries as clinics
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import Refusal, Stale
from app.patients import actions as patients
from app.patients.queries import PATIENT
from app.patients.schemas import LegalHold, PatientIn
from app.records import changes
from app.records.schemas import Void
from app.web import enrolling, joining, people, queries, telling
from app.web.deps import Administrator, Charter, Reader, writing
from app.web.people import Json, Typed
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()

RECORD = "/patients/{patient_id}/record"

DONE = {
    "saved": "Saved.",
    "held": "The legal hold was changed.",
    "merged": "The two records are one.",
    "unmerged": "The two records are apart again.",
    "given": "The consent is recorded.",
    "withdrawn": "The consent is withdrawn.",
    "voided": "Marked as entered in error.",
    "baseline": "The baseline is set.",
    "plan": "The plan was changed.",
}
"""What a form did, as the page after it says."""


WHO = "responsible_clinician_id"

SAID = {WHO: "responsible", "merged_into_id": "merged into another record"}
"""What the page calls a field, where that is not its name in words."""


async def known_of(db: database.Db, patient_id: UUID) -> dict[str, Any]:
    """Whose record it is, and why nothing of it is changed any more. Raises NotFound."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    closed = (
        ("merged" if person["merged_into_id"] else "")
        or ("voided" if person["status"] == "entered_in_error" else "")
        or ("erased" if person["erased_at"] else "")
    )
    name = telling.name_of(person)
    return {"person": person, "name": name, "zone": person["time_zone"], "closed": closed}


def sheet(
    request: Request,
    template: str,
    title: str,
    known: dict[str, Any],
    refusal: Refusal | None = None,
    at: str = "",
    **more: Any,
) -> Response:
    """A page of the record; where a form was refused, `at` says which."""
    response = show(
        request,
        template,
        title,
        **known
        | {
            "refusal": refusal,
            "wrong": wrong_by_field(refusal),
            "existing": refusal.facts.get("existing_id") if refusal else None,
            "at": at,
            "typed": {},
            "did": DONE.get(request.query_params.get("did", "")),
        }
        | more,
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response


def did(patient_id: UUID, what: str, under: str = "") -> Response:
    """After a form: the page that it stood on says what was done."""
    return redirect(f"/patients/{patient_id}/record{under}?did={what}")


@router.get(RECORD)
async def read(request: Request, patient_id: UUID, _: Reader, db: Db) -> Response:
    """Who somebody is, and the form to change it."""
    return await page(request, db, patient_id)


async def page(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
    at: str = "",
) -> Response:
    """The record; where a form was refused with what was typed, and what stands by now."""
    known = await known_of(db, patient_id)
    if known["closed"] == "merged":
        return redirect(f"/patients/{patient_id}")
    offered = await enrolling.offered(db)
    there = people.on_record(known["person"], offered["clinic_zone"])
    stale = isinstance(refusal, Stale)
    return sheet(
        request,
        "person.html",
        "Record",
        known,
        refusal,
        at,
        **offered,
        typed=typed or {},
        told=there | (people.content(typed) if typed and at == "person" else {}),
        wrong=people.stands(typed or {}, there) if stale else wrong_by_field(refusal),
        stale=stale,
        merges=await joining.merged_into(db, patient_id),
        versions=await versions_of(db, patient_id),
    )


async def versions_of(db: database.Db, patient_id: UUID) -> list[Json]:
    """Who changed what of a person, the newest first."""
    items = orjson.loads(await changes.history(db, PATIENT, patient_id))["items"]
    fields = [each for one in items for each in one["changes"]]
    named = [each[when] for each in fields if each["field"] == WHO for when in ("before", "after")]
    ids = [UUID(one) for one in (*(one["by"] for one in items), *named) if one]
    names = await queries.staff_names(db, ids)
    return [
        {
            "at": one["at"],
            "by": names.get(one["by"], "another system"),
            "reason": one["reason"],
            "changes": [
                (SAID.get(each["field"], each["field"]), *changed_in(each, names))
                for each in one["changes"]
            ],
        }
        for one in reversed(items)
    ]


def changed_in(each: Json, names: dict[str, str]) -> tuple[str, str]:
    """What a field said before and says now. Ids are nothing to read."""
    values = (each["before"], each["after"])
    if each["field"] == WHO:
        values = (names.get(values[0], values[0]), names.get(values[1], values[1]))
    if each["field"] == "merged_into_id":
        values = (values[0] and "yes", values[1] and "yes")
    return people.spoken(values[0]), people.spoken(values[1])


@router.post(RECORD)
async def change(request: Request, patient_id: UUID, visitor: Charter) -> Response:
    """Change who somebody is; what was changed meanwhile is not overwritten."""
    typed = await fields_of(request)
    again = partial(page, request, patient_id=patient_id, typed=typed, at="person")
    async with writing(request, again) as db:
        person = orjson.loads((await patients.get(db, patient_id)).json)
        zone = (await clinics.get(db))["time_zone"]
        patch = people.changed(typed, people.on_record(person, zone))
        patch |= {"change_reason": typed.get("change_reason", "").strip() or None}
        unread = Unread(PatientIn, written(patch))
        await patients.change(db, visitor.viewer, patient_id, typed.get("version"), unread)
    return did(patient_id, "saved")


@router.post(f"{RECORD}/hold")
async def hold(request: Request, patient_id: UUID, visitor: Administrator) -> Response:
    """Say whether nothing of somebody may be erased, and why."""
    typed = await fields_of(request)
    sent = {"held": typed.get("held") == "yes"} | reason_of(typed)
    again = partial(page, request, patient_id=patient_id, typed=typed, at="hold")
    async with writing(request, again) as db:
        unread = Unread(LegalHold, written(sent))
        await patients.hold_for_the_law(db, visitor.viewer, patient_id, unread)
    return did(patient_id, "held")


@router.post(f"{RECORD}/void")
async def void(request: Request, patient_id: UUID, visitor: Charter) -> Response:
    """Mark somebody as registered by mistake."""
    typed = await fields_of(request)
    again = partial(page, request, patient_id=patient_id, typed=typed, at="void")
    async with writing(request, again) as db:
        unread = Unread(Void, written(reason_of(typed)))
        await patients.get(db, patient_id)
        await patients.void(db, visitor.viewer, patient_id, unread)
    return did(patient_id, "voided")


def reason_of(typed: Typed) -> Json:
    """The reason that was typed; without one the schema says that it is missing."""
    reason = typed.get("reason", "").strip()
    return {"reason": reason} if reason else {}
