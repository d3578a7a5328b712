"""/patients/{patient_id}/session: plan a session, and go to its chair"""

from functools import partial
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from fastapi import Request, Response

from app.access.deps import Db
from app.chair.queries import last_session
from app.clinics import queries as clinics
from app.infusions.tables import Drug, Route, WeightKind
from app.kit import clock
from app.kit import db as database
from app.kit.errors import Refusal
from app.kit.ids import new_id
from app.patients import actions as patients
from app.web import chairside, telling
from app.web.deps import Charter, writing
from app.web.entries import Typed
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()

USUAL = {"drug": "ketamine", "route": "iv", "planned_mg_per_kg": 0.5, "planned_minutes": 40}
"""Of the first session: the trials' dose; clinical reference, section 2."""

AS_BEFORE = (
    "drug",
    "route",
    "planned_mg_per_kg",
    "planned_minutes",
    "weight_kg",
)
"""What a session usually shares with the one before."""


@router.get("/patients/{patient_id}/session")
async def ask_session(request: Request, patient_id: UUID, _: Charter, db: Db) -> Response:
    """The form, filled in as the last session was planned."""
    return await form(request, db, patient_id)


@router.post("/patients/{patient_id}/session")
async def plan_session(request: Request, patient_id: UUID, visitor: Charter) -> Response:
    """Plan a session, and go to its chair."""
    fields = await fields_of(request)
    typed = {name: text.strip() for name, text in fields.items() if name != "proof"}
    again = partial(form, request, patient_id=patient_id, typed=typed)
    async with writing(request, again) as db:
        infusion_id = await chairside.plan(db, visitor.viewer, patient_id, typed)
    return redirect(f"/chair/{infusion_id}")


async def known_of(db: database.Db, patient_id: UUID) -> dict[str, Any]:
    """The patient, and what the form is filled in with."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    last = await last_session(db, patient_id)
    zone = (await clinics.get(db))["time_zone"]
    local = clock.now().astimezone(ZoneInfo(zone))
    usual = USUAL if last is None else {name: last[name] for name in AS_BEFORE}
    if last is not None and last["planned_mg_per_kg"] is None:
        usual |= {"planned_dose_mg": last["planned_dose_mg"]}
    filled = {name: plain(value) for name, value in usual.items() if value is not None}
    filled |= {"day": local.date().isoformat(), "clock": f"{local:%H:%M}"}
    return {"person": person, "last": last, "zone": zone, "filled": filled}


def plain(value: Any) -> str:
    """A value as somebody would type it."""
    return f"{value:g}" if isinstance(value, float) else str(value)


async def form(
    request: Request,
    db: database.Db,
    patient_id: UUID,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The form; where it was refused with what was typed, and what is wrong with it."""
    known = await known_of(db, patient_id)
    filled = known["filled"] if typed is None else typed
    response = show(
        request,
        "session.html",
        "New session",
        **known | {"filled": filled},
        name=telling.name_of(known["person"]),
        refusal=refusal,
        existing=refusal.facts.get("existing_id") if refusal else None,
        wrong=wrong_by_field(refusal),
        own_id=filled.get("id") or new_id(),
        drugs=list(Drug),
        routes=list(Route),
        kinds=list(WeightKind),
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response
