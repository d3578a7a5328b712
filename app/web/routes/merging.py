"""/patients/{patient_id}/record/merge: somebody who was registered twice, and the way back"""

from functools import partial
from typing import Any
from uuid import UUID

import orjson
from fastapi import Request, Response

from app.access.deps import Db
from app.kit import db as database
from app.kit.errors import Refusal
from app.patients import actions as patients
from app.web import joining, telling
from app.web.deps import Charter, writing
from app.web.people import Json, Typed
from app.web.routes.record import RECORD, did, known_of, reason_of, sheet
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()

MERGE = f"{RECORD}/merge"


@router.get(MERGE)
async def ask(request: Request, patient_id: UUID, _: Charter, db: Db) -> Response:
    """Look for the other record of the same person."""
    return await page(request, db, patient_id, {}, None)


@router.post(MERGE)
async def search(request: Request, patient_id: UUID, _: Charter, db: Db) -> Response:
    """Whom it may be. What is looked for comes in the body: names stay out of addresses."""
    typed = await fields_of(request)
    try:
        found = await joining.find(db, patient_id, typed)
    except Refusal as refusal:
        return await page(request, db, patient_id, typed, None, refusal)
    return await page(request, db, patient_id, typed, found)


async def page(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    typed: Typed,
    found: list[Json] | None,
    refusal: Refusal | None = None,
) -> Response:
    """The search, and whom it found."""
    known = await known_of(db, patient_id)
    told = {"typed": typed, "found": found}
    title = "Other record"
    return sheet(request, "person_merge.html", title, known, refusal, "search", **told)


@router.get(f"{MERGE}/{{other_id}}")
async def compare(
    request: Request, patient_id: UUID, other_id: UUID, _: Charter, db: Db
) -> Response:
    """Both side by side, and what would follow."""
    return await both(request, db, patient_id, other_id, {})


async def both(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    other_id: UUID,
    typed: Typed,
    refusal: Refusal | None = None,
) -> Response:
    """The two records; where the merge was refused with what was typed."""
    known = await known_of(db, patient_id)
    sides = [await joining.side(db, one) for one in (patient_id, other_id)]
    return sheet(
        request,
        "person_compare.html",
        "Other record",
        known,
        refusal,
        "merge",
        sides=sides,
        kinds=sorted({name for one in sides for name in one["counts"]}),
        other_id=other_id,
        typed=typed,
        apart=" ".join(joining.apart(typed)),
        twin=refusal is not None and refusal.name == "possible-duplicate-session",
    )


@router.post(f"{MERGE}/{{other_id}}")
async def merge(request: Request, patient_id: UUID, other_id: UUID, visitor: Charter) -> Response:
    """Make the two one."""
    typed = await fields_of(request)
    again = partial(both, request, patient_id=patient_id, other_id=other_id, typed=typed)
    async with writing(request, again) as db:
        into = await joining.join(db, visitor.viewer, patient_id, other_id, typed)
    return did(into, "merged")


@router.post(f"{RECORD}/unmerge")
async def unmerge(request: Request, patient_id: UUID, visitor: Charter) -> Response:
    """Take the merge of this patient back."""
    typed = await fields_of(request)

    async def again(db: database.Db, refusal: Refusal) -> Response:
        return await merged(request, db, await person_of(db, patient_id), typed, refusal)

    async with writing(request, again) as db:
        person = await person_of(db, patient_id)
        if person["merged_into_id"] is not None:
            await joining.part(db, visitor.viewer, person, reason_of(typed))
    return did(patient_id, "unmerged")


async def person_of(db: database.Db, patient_id: UUID) -> dict[str, Any]:
    """A patient. Raises NotFound."""
    person: dict[str, Any] = orjson.loads((await patients.get(db, patient_id)).json)
    return person


async def merged(
    request: Request,
    db: database.Db,
    person: Json,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """Of somebody who became another: where everything is, and the way back."""
    if person["merged_into_id"] is None:
        return redirect(f"/patients/{person['id']}")
    response = show(
        request,
        "merged.html",
        telling.name_of(person),
        person=person,
        typed=typed or {},
        refusal=refusal,
        wrong=wrong_by_field(refusal),
        **await joining.survivor(db, person),
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response
