"""/patients/{patient_id}/phones: the phones with which a patient answers"""

from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Request, Response

from app.access import phones
from app.access import queries as credentials
from app.access.deps import Db
from app.access.policy import May
from app.access.schemas import EnrolmentIn
from app.clinics import queries as clinics
from app.kit import db as database
from app.kit.bodies import parse
from app.kit.errors import NotFound
from app.patients import actions as patients
from app.patients import consents
from app.web import telling
from app.web.deps import SignedIn, Visitor, writing
from app.web.routing import fields_of, pages, redirect, show

router = pages()

PHONES = "/patients/{patient_id}/phones"

Enroller = Annotated[Visitor, Depends(SignedIn(May.ENROL_PHONE))]
Manager = Annotated[Visitor, Depends(SignedIn(May.MANAGE_DEVICES))]


@router.get(PHONES)
async def list_phones(request: Request, patient_id: UUID, _: Manager, db: Db) -> Response:
    """The phones, and the codes that nobody has used yet."""
    told = await known_of(db, patient_id)
    devices = await credentials.devices_of(db, patient_id)
    codes = [
        one
        for one in await credentials.enrolments_of(db, patient_id)
        if one["redeemed_at"] is None and one["revoked_at"] is None
    ]
    return show(request, "phones.html", "Phones", **told, devices=devices, codes=codes)


async def known_of(db: database.Db, patient_id: UUID) -> dict[str, Any]:
    """Whose phones they are. Raises NotFound."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    zone = (await clinics.get(db))["time_zone"]
    return {"person": person, "name": telling.name_of(person), "zone": zone}


@router.post(PHONES)
async def enrol(request: Request, patient_id: UUID, visitor: Enroller) -> Response:
    """A code for one phone, in this answer and in no other."""
    sent = parse(EnrolmentIn, {"for": (await fields_of(request)).get("for", "patient")})
    async with writing(request) as db:
        made = await consents.enrol(db, visitor.viewer, patient_id, sent.held_by)
        told = await known_of(db, patient_id)
    host = request.headers.get("Host", "")
    return show(request, "phone_code.html", "Code for a phone", **told, made=made, host=host)


@router.post(f"{PHONES}/codes/{{enrolment_id}}/revoke")
async def revoke_code(
    request: Request, patient_id: UUID, enrolment_id: UUID, _: Manager
) -> Response:
    """Make a code worthless that nobody has used."""
    async with writing(request) as db:
        given = await credentials.enrolments_of(db, patient_id)
        if enrolment_id not in {one["id"] for one in given}:
            raise NotFound
        await phones.revoke_enrolment(db, enrolment_id)
    return redirect(f"/patients/{patient_id}/phones")


@router.post(f"{PHONES}/{{device_id}}/revoke")
async def revoke_phone(request: Request, patient_id: UUID, device_id: UUID, _: Manager) -> Response:
    """End a phone's access at once."""
    async with writing(request) as db:
        await phones.revoke_device(db, patient_id, device_id)
    return redirect(f"/patients/{patient_id}/phones")
