"""/patients/{patient_id}/record/consents: what somebody agreed to, and withdrew"""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from app.access.deps import Db
from app.kit import clock
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import NotFound, Refusal
from app.kit.ids import new_id
from app.patients import queries as subjects
from app.patients.consents import CONSENT
from app.patients.schemas import ConsentIn
from app.records import changes
from app.web import enrolling, people, queries
from app.web.deps import Charter, Reader, writing
from app.web.entries import id_of
from app.web.people import Json, Typed
from app.web.routes.record import RECORD, did, known_of, sheet
from app.web.routing import fields_of, pages

router = pages()

CONSENTS = f"{RECORD}/consents"


@router.get(CONSENTS)
async def read(request: Request, patient_id: UUID, _: Reader, db: Db) -> Response:
    """What was agreed to, and the form for more."""
    return await page(request, db, patient_id)


async def page(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
    at: str = "give",
) -> Response:
    """The consents; where a form was refused with what was typed."""
    known = await known_of(db, patient_id)
    given = await queries.consents_of(db, patient_id)
    by = {one[name] for one in given for name in ("recorded_by", "changed_by")}
    return sheet(
        request,
        "person_consents.html",
        "Consents",
        known,
        refusal,
        at,
        given=given,
        names=await queries.staff_names(db, list(by)),
        kinds={kind.value: text for kind, text in people.KINDS.items()},
        versions=await queries.text_versions(db),
        today=enrolling.today_of(known["zone"]),
        own_id=(typed or {}).get("id") or new_id(),
        typed=typed or {},
    )


@router.post(CONSENTS)
async def give(request: Request, patient_id: UUID, visitor: Charter) -> Response:
    """Record a consent, once."""
    typed = await fields_of(request)
    again = partial(page, request, patient_id=patient_id, typed=typed)
    async with writing(request, again) as db:
        subject = await subjects.subject(db, patient_id)
        told = said(typed, subject.time_zone)
        await enrolling.consent(db, visitor.viewer, subject, told, id_of(typed))
    return did(patient_id, "given", "/consents")


def said(typed: Typed, zone: str) -> Json:
    """A consent as the API takes it."""
    told: Json = {name: typed[name] for name in ("kind", "given_by") if typed.get(name)}
    note = typed.get("note", "").strip()
    when = people.given_when(typed, clock.now().isoformat(), enrolling.today_of(zone))
    told |= people.version_of(typed.get("text_version", "")) | when
    return told | ({"note": note} if note else {})


@router.post(f"{CONSENTS}/{{consent_id}}/withdraw")
async def withdraw(
    request: Request, patient_id: UUID, consent_id: UUID, visitor: Charter
) -> Response:
    """Withdraw a consent from now on."""
    typed = await fields_of(request)
    again = partial(page, request, patient_id=patient_id, typed=typed, at=str(consent_id))
    async with writing(request, again) as db:
        row = await one_of(db, patient_id, consent_id)
        if row["withdrawn_at"] is None:
            why = typed.get("reason", "").strip() or None
            patch = {"withdrawn_at": clock.now().isoformat(), "change_reason": why}
            unread = Unread(ConsentIn, written(patch))
            match = typed.get("version")
            await changes.change(db, visitor.viewer, CONSENT, consent_id, match, unread)
    return did(patient_id, "withdrawn", "/consents")


async def one_of(db: database.Db, patient_id: UUID, consent_id: UUID) -> Any:
    """A consent of this patient. Raises NotFound."""
    for row in await queries.consents_of(db, patient_id):
        if row["id"] == consent_id:
            return row
    raise NotFound
