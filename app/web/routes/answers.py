"""Questionnaires: filled in by staff, or by the patient on a tablet handed to them"""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Form, Request, Response

from app.access.deps import Db
from app.access.policy import Viewer
from app.assessments.actions import ASSESSMENT
from app.assessments.schemas import AssessmentIn
from app.clinics import queries as clinics
from app.clinics.crisis import text_of
from app.kit import clock
from app.kit import db as database
from app.kit.bodies import parse
from app.kit.errors import Invalid, NotFound
from app.kit.ids import new_id
from app.patients import actions as patients
from app.patients import queries as subjects
from app.records.actions import create
from app.science.instruments import find
from app.science.instruments.model import Instrument
from app.web import answering, handing, queries, telling
from app.web.deps import HANDED, Charter, HandedOver, from_here
from app.web.routing import fields_of, pages, redirect, show, wrong_of

router = pages()

Id = Annotated[UUID | None, Form(alias="id")]


def instrument_of(code: str) -> Instrument:
    """An instrument. Raises NotFound."""
    known = find(code)
    if known is None:
        raise NotFound
    return known


Known = Annotated[Instrument, Depends(instrument_of)]


@router.get("/patients/{patient_id}/assess")
async def choose(request: Request, patient_id: UUID, _: Charter, db: Db) -> Response:
    """Which questionnaire, and who fills it in."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    known = {"person": person, "name": telling.name_of(person), "all": answering.listed()}
    return show(request, "choose.html", "New answers", **known)


@router.get("/patients/{patient_id}/assess/{code}")
async def ask(
    request: Request, patient_id: UUID, instrument: Known, _: Charter, db: Db
) -> Response:
    """The form, for staff."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    return form(request, instrument, {}, person=person)


@router.post("/patients/{patient_id}/assess/{code}")
async def keep(
    request: Request,
    patient_id: UUID,
    instrument: Known,
    visitor: Charter,
    db: Db,
    own_id: Id = None,
) -> Response:
    """Keep what staff filled in."""
    fields = await fields_of(request)
    person = orjson.loads((await patients.get(db, patient_id)).json)
    by = {"answered_by": fields.get("answered_by") or "patient", "note": fields.get("note") or None}
    try:
        await record(
            db, visitor.viewer, patient_id, answering.sent(instrument, fields) | by, own_id
        )
    except Invalid as refused:
        return form(request, instrument, fields, refused, person=person)
    return redirect(f"/patients/{patient_id}#history")


@router.post("/patients/{patient_id}/hand-over")
async def hand_over(
    patient_id: UUID, visitor: Charter, db: Db, code: Annotated[str, Form()], request: Request
) -> Response:
    """Hand the tablet to the patient: staff are signed out of it."""
    instrument = instrument_of(code)
    await subjects.subject(db, patient_id)
    token = await handing.hand_over(db, visitor.viewer, visitor.session, patient_id)
    response = redirect(f"/answer/{instrument.code}")
    settings = request.state.settings
    response.delete_cookie(visitor.cookie)
    response.set_cookie(
        HANDED,
        token,
        max_age=int(handing.LASTS.total_seconds()),
        httponly=True,
        secure=settings.tls_in_front,
        samesite="strict",
    )
    return response


@router.get("/answer/{code}")
async def answer(request: Request, instrument: Known, _: HandedOver) -> Response:
    """The form, for the patient alone with it."""
    return form(request, instrument, {}, handed=True)


@router.post("/answer/{code}")
async def answered(
    request: Request, instrument: Known, viewer: HandedOver, db: Db, own_id: Id = None
) -> Response:
    """Keep what the patient answered; whoever may be in danger is shown where help is."""
    from_here(request)
    assert viewer.patient_id is not None, "a tablet is handed to a patient"
    fields = await fields_of(request)
    told = answering.sent(instrument, fields) | {"answered_by": "patient"}
    try:
        kept = await record(db, viewer, viewer.patient_id, told, own_id)
    except Invalid as refused:
        return form(request, instrument, fields, refused, handed=True)
    danger = kept["self_harm"] == "present"
    crisis = text_of((await clinics.get(db))["crisis"]) if danger else None
    response = show(request, "thanks.html", "Thank you", crisis=crisis, bare=True)
    response.delete_cookie(HANDED)
    # The token lives until its half hour is over: of its own, a patient may do no more than read.
    return response


async def record(
    db: database.Db, viewer: Viewer, patient_id: UUID, told: dict[str, Any], own_id: UUID | None
) -> dict[str, Any]:
    """Keep answers once: a form sent twice is one record. Raises Invalid."""
    sent = parse(AssessmentIn, told | {"taken_at": clock.now().isoformat()})
    subject = await subjects.hold(db, patient_id)
    if own_id is not None and (there := await queries.own_answers(db, own_id)) is not None:
        return dict(there)
    kept = await create(db, viewer, ASSESSMENT, subject, sent, own_id)
    return dict(orjson.loads(kept.json))


def form(
    request: Request,
    instrument: Instrument,
    fields: dict[str, str],
    refused: Invalid | None = None,
    *,
    person: dict[str, Any] | None = None,
    handed: bool = False,
) -> Response:
    """A questionnaire with what was answered so far, and what was wrong with it."""
    response = show(
        request,
        "answers.html",
        instrument.code,
        asked=answering.form_of(instrument, fields),
        wrong=[one["detail"] for one in wrong_of(refused)] if refused else [],
        person=person,
        name=telling.name_of(person) if person else "",
        handed=handed,
        bare=handed,
        own_id=fields.get("id") or new_id(),
        fields=fields,
    )
    response.status_code = int(refused.status) if refused else 200
    return response
