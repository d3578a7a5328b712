"""/patients/{patient_id}/add: what is recorded outside a session"""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Request, Response

from app.access.deps import Db
from app.kit import clock
from app.kit import db as database
from app.kit.errors import IdTaken, NotFound, Refusal
from app.patients import actions as patients
from app.web import telling
from app.web.charting import asking, keeping
from app.web.charting import reading as charts
from app.web.charting.forms import FORMS, Form
from app.web.deps import Charter, Reader, writing
from app.web.entries import Typed, id_of
from app.web.routing import fields_of, pages, redirect, show

router = pages()


def form_named(what: str) -> Form:
    """The form of an address. Raises NotFound."""
    if what not in FORMS:
        raise NotFound
    return FORMS[what]


Named = Annotated[Form, Depends(form_named)]


@router.get("/patients/{patient_id}/chart")
async def read_chart(request: Request, patient_id: UUID, _: Reader, db: Db) -> Response:
    """All that is on a patient's chart, by kind."""
    known = await charts.chart(db, patient_id)
    return show(request, "chart.html", "Chart", words=words(), **known)


@router.get("/patients/{patient_id}/add/{what}")
async def ask(request: Request, patient_id: UUID, form: Named, _: Charter, db: Db) -> Response:
    """A form, empty but for the time."""
    typed = asking.started(form, clock.now(), await keeping.zone_of(db))
    return await shown(request, db, patient_id, form, typed)


@router.post("/patients/{patient_id}/add/{what}")
async def add(request: Request, patient_id: UUID, form: Named, visitor: Charter) -> Response:
    """Keep what the form says, once; then look at it."""
    typed = {name: text.strip() for name, text in (await fields_of(request)).items()}
    again = partial(shown, request, patient_id=patient_id, form=form, typed=typed)
    async with writing(request, again) as db:
        record_id = await keeping.add(db, visitor.viewer, form, patient_id, typed)
    return redirect(f"/records/{form.kind.noun}/{record_id}")


async def shown(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    form: Form,
    typed: Typed,
    refusal: Refusal | None = None,
) -> Response:
    """The form with what was typed, and what was wrong with it."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    whole, wrong = asking.beside(form, refusal)
    kept = isinstance(refusal, IdTaken)
    known = {
        "person": person,
        "name": telling.name_of(person),
        "fields": asking.asked(form, typed, wrong, await others(db, form, patient_id)),
        "whole": [] if kept else whole,
        "wrong": wrong,
        "kept": f"/records/{form.kind.noun}/{id_of(typed)}" if kept else "",
        "hidden": {"id": id_of(typed)},
        "back": f"/patients/{patient_id}",
        "zone": await keeping.zone_of(db),
    }
    told = {"heading": form.title, "action": request.url.path, "correcting": False}
    response = show(request, "chart_form.html", form.title, **known, **told)
    response.status_code = int(refusal.status) if refusal else 200
    return response


async def others(db: database.Db, form: Form, patient_id: UUID) -> list[tuple[str, str]]:
    """The records that a form may name, where it may name any."""
    names = "medication_id" in form.names()
    return await charts.medications(db, patient_id) if names else []


def words() -> dict[str, list[tuple[str, str]]]:
    """What can be added, by the noun of its kind: the word in its address, and its title."""
    found: dict[str, list[tuple[str, Any]]] = {}
    for what, form in FORMS.items():
        found.setdefault(form.kind.noun, []).append((what, form.title))
    return found
