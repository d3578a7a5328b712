"""/patients: whom we treat, and one page about each"""

from datetime import date, datetime, timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Form, Query, Request, Response

from app.access.deps import Db
from app.alerts import actions as alerts
from app.kit import clock
from app.kit import db as database
from app.patients import actions as patients
from app.patients.schemas import Search
from app.picture import actions as picture
from app.picture.drawing import draw
from app.picture.scene import Scene
from app.relief import actions as relief
from app.science.relief import SCALES
from app.timeline import actions as timeline
from app.timeline.schemas import KINDS, Wanted
from app.web import telling
from app.web.deps import Reader
from app.web.routing import pages, show

router = pages()

RANGES = {"3 months": 92, "6 months": 183, "1 year": 366, "All": None}
"""How far back the picture reaches, in days."""

FIRST = datetime.fromisoformat("1990-01-01T00:00:00+00:00")
"""Before anybody was treated."""


@router.get("/patients")
async def list_patients(
    request: Request, _: Reader, db: Db, cursor: Annotated[str | None, Query(max_length=500)] = None
) -> Response:
    """The patients of the clinic."""
    found = await patients.listed(db, 100, cursor, {"active": True})
    return listed(request, orjson.loads(found[0]), "")


@router.post("/patients")
async def search_patients(
    request: Request, _: Reader, db: Db, name: Annotated[str, Form(max_length=100)] = ""
) -> Response:
    """Whose name begins so. It comes in the body: names stay out of addresses."""
    name = name.strip().replace("\x00", "")
    found = await patients.search(db, 100, None, Search(name=name or None))
    return listed(request, orjson.loads(found[0]), name)


def listed(request: Request, found: dict[str, Any], name: str) -> Response:
    """A page of patients."""
    return show(request, "patients.html", "Patients", found=found, name=name)


@router.get("/patients/{patient_id}")
async def read_patient(
    request: Request,
    patient_id: UUID,
    visitor: Reader,
    db: Db,
    span: str = "6 months",
    instrument: str | None = None,
    kinds: Annotated[list[str] | None, Query()] = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """One patient: is relief holding, since when, what is expected, what is in the way."""
    code = instrument if instrument in SCALES else None
    kept = await patients.get(db, patient_id)
    found = await relief.read(db, patient_id, code)
    scene = await drawn(db, patient_id, found, span)
    wanted = [one for one in kinds or KINDS if one in KINDS]
    asked = Wanted(kinds=",".join(wanted or KINDS), limit=30, cursor=cursor)
    history = await timeline.read(db, visitor.viewer, patient_id, asked)
    unclosed = await alerts.page(db, 20, None, {"patient_id": patient_id, "status": "open"})
    person = orjson.loads(kept.json)
    return show(
        request,
        "patient.html",
        telling.name_of(person),
        person=person,
        age=age(person["birth_date"], clock.now().date()),
        relief=found,
        held=found["window"]["held_by"] if found["window"] else [],
        told=telling.glance(found, scene),
        rows=telling.episodes(scene),
        svg=draw(scene, 1100, theme=None),
        zone=scene.zone,
        code=scene.scale.code,
        codes=list(SCALES),
        span=span,
        spans=list(RANGES),
        alerts=orjson.loads(unclosed[0])["items"],
        history=orjson.loads(history[0]),
        kinds=wanted,
        all_kinds=KINDS,
    )


async def drawn(db: database.Db, patient_id: UUID, found: dict[str, Any], span: str) -> Scene:
    """The picture's scene, as far back as the page shows."""
    days = RANGES.get(span, RANGES["6 months"])
    scene = await picture.scene(db, patient_id, found, None, None)
    since = scene.until - timedelta(days=days) if days else begun(scene)
    return await picture.scene(db, patient_id, found, since, scene.until)


def begun(scene: Scene) -> datetime:
    """A week before the first thing that is known."""
    known = [one.at for one in scene.given[:1]] + [scene.since + timedelta(days=7)]
    return min(known) - timedelta(days=7)


def age(born: str | None, today: date) -> int | None:
    """How old somebody is.

    >>> [age(born, date(2026, 11, 23)) for born in ("1980-11-24", "1980-11-23", None)]
    [45, 46, None]
    """
    if born is None:
        return None
    day = date.fromisoformat(born)
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
