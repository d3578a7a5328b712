"""/patients/new: somebody new, unless they are here already"""

from http import HTTPStatus
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from app.access.deps import Db
from app.clinics import queries as clinics
from app.kit import db as database
from app.kit.errors import Refusal
from app.kit.ids import new_id
from app.web import enrolling, people, queries
from app.web.deps import Charter, reading, writing
from app.web.entries import id_of
from app.web.people import Json, Typed
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()


@router.get("/patients/new")
async def ask(request: Request, _: Charter, db: Db) -> Response:
    """The form."""
    return await form(request, db, {}, new_id())


@router.post("/patients/new")
async def enrol(request: Request, visitor: Charter) -> Response:
    """Enrol somebody, once. Who may be here already is shown before."""
    typed = await fields_of(request)
    own_id = id_of(typed)
    try:
        async with reading(request) as db:
            told = enrolling.said(typed)
            alike = await enrolling.alike(db, own_id, told)
            taken = await enrolling.whose(db, own_id, told)
            if taken or (alike and typed.get("anyway") != "yes"):
                return await form(request, db, typed, own_id, alike=alike, taken=taken)
            zone = (await clinics.get(db))["time_zone"]
        async with writing(request) as db:
            await enrolling.enrol(db, visitor.viewer, own_id, typed, zone)
    except Refusal as refusal:
        async with reading(request) as db:
            return await form(request, db, typed, own_id, refusal)
    return redirect(f"/patients/{own_id}")


async def form(
    request: Request,
    db: database.Db,
    typed: Typed,
    own_id: UUID,
    refusal: Refusal | None = None,
    alike: list[Json] | None = None,
    taken: dict[int, Json] | None = None,
) -> Response:
    """The form; where it was not done with what was typed, and why."""
    wrong = wrong_by_field(refusal)
    wrong |= {f"identifiers/{place}/value": "Somebody here has it" for place in taken or ()}
    response = show(
        request,
        "enrol.html",
        "New patient",
        own_id=own_id,
        typed=typed,
        told=people.content(typed),
        refusal=refusal,
        wrong=wrong,
        alike=alike or [],
        taken=list((taken or {}).values()),
        **await known_of(db),
    )
    unsure = HTTPStatus.CONFLICT if alike or taken else HTTPStatus.OK
    response.status_code = int(refusal.status if refusal else unsure)
    return response


async def known_of(db: database.Db) -> dict[str, Any]:
    """What the form offers, beside what is asked of anybody on record."""
    told = await enrolling.offered(db)
    told |= {"kinds": people.KINDS, "versions": await queries.text_versions(db)}
    return told | {"today": enrolling.today_of(told["clinic_zone"])}
