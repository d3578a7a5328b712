"""/patients/{patient_id}/decide: the evidence on one page, and what was decided"""

from typing import Any
from uuid import UUID, uuid5

import orjson
from fastapi import Request, Response

from app.access.deps import Db
from app.alerts import actions as alerts
from app.kit import clock
from app.kit import db as database
from app.kit.bodies import parse, written
from app.kit.errors import Invalid
from app.kit.ids import new_id
from app.patients import actions as patients
from app.patients import queries as subjects
from app.picture import actions as picture
from app.picture.drawing import draw
from app.records.actions import create
from app.relief import actions as relief
from app.relief.decisions import DECISION
from app.relief.schemas import DecisionIn
from app.relief.tables import Choice
from app.web import queries, telling
from app.web.deps import Decider
from app.web.entries import id_of
from app.web.routing import fields_of, pages, redirect, show, wrong_of

router = pages()


@router.get("/patients/{patient_id}/decide")
async def ask(request: Request, patient_id: UUID, _: Decider, db: Db) -> Response:
    """What is known, and what to decide. It recommends nothing."""
    return await form(request, db, patient_id, {})


@router.post("/patients/{patient_id}/decide")
async def decide(request: Request, patient_id: UUID, visitor: Decider, db: Db) -> Response:
    """Keep a decision with what was shown."""
    fields = await fields_of(request)
    try:
        subject = await subjects.hold(db, patient_id)
        own_id = id_under(fields, subject.id)
        if not await queries.is_decided(db, own_id):
            sent = parse(DecisionIn, said(fields))
            await create(db, visitor.viewer, DECISION, subject, sent, own_id)
    except Invalid as refused:
        return await form(request, db, patient_id, fields, refused)
    return redirect(f"/patients/{patient_id}#history")


def id_under(fields: dict[str, str], patient_id: UUID) -> UUID:
    """Sent twice it is one decision; typed otherwise in a form that was sent, it is another."""
    told = {name: fields.get(name, "").strip() for name in ASKED}
    return uuid5(id_of(fields), written(told | {"patient_id": patient_id}).decode())


ASKED = ("decision", "planned_on", "planned_dose_mg_per_kg", "reason")


def said(fields: dict[str, str]) -> dict[str, Any]:
    """What the form says, as the API takes it."""
    told: dict[str, Any] = {name: fields[name].strip() for name in ASKED if fields.get(name)}
    dose = told.get("planned_dose_mg_per_kg", "").replace(",", ".")
    if dose.replace(".", "", 1).isdecimal():
        told["planned_dose_mg_per_kg"] = float(dose)
    return told | {"decided_at": clock.now().isoformat()}


async def form(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    fields: dict[str, str],
    refused: Invalid | None = None,
) -> Response:
    """The evidence, and the form with what was typed."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    response = show(
        request,
        "decide.html",
        "Decide",
        person=person,
        name=telling.name_of(person),
        choices=list(Choice),
        fields=fields,
        own_id=fields.get("id") or new_id(),
        wrong=said_wrong(refused),
        **await evidence_of(db, patient_id),
    )
    response.status_code = int(refused.status) if refused else 200
    return response


async def evidence_of(db: database.Db, patient_id: UUID) -> dict[str, Any]:
    """What there is to decide by."""
    found = await relief.read(db, patient_id)
    scene = await picture.scene(db, patient_id, found)
    unclosed = await alerts.page(db, 20, None, {"patient_id": patient_id, "status": "open"})
    return {
        "relief": found,
        "window": found["window"],
        "told": telling.glance(found, scene),
        "svg": draw(scene, 720, theme=None),
        "zone": scene.zone,
        "alerts": [one for one in orjson.loads(unclosed[0])["items"] if one["level"] != "info"],
    }


def said_wrong(refused: Invalid | None) -> dict[str, str]:
    """What was wrong, by field."""
    listed = wrong_of(refused) if refused else []
    return {one["pointer"].strip("/"): one["detail"] for one in listed}
