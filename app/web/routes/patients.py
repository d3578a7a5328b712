"""/patients: whom we treat, and one page about each"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Depends, Form, Query, Request, Response

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
from app.timeline.schemas import KINDS, WHEN_ASKED, Wanted
from app.web import telling
from app.web.charting import reading as charts
from app.web.deps import Reader
from app.web.enrolling import today_of
from app.web.ranges import Asked, Days, steps
from app.web.routes.merging import merged
from app.web.routing import pages, show

router = pages()

RANGES = {"3 months": 92, "6 months": 183, "1 year": 366, "All": None}
"""How far back the picture reaches, in days."""

EVERY_KIND = (*KINDS, *WHEN_ASKED)
"""What the history can show; it shows the first of them unless it is asked."""

USUAL = "6 months"


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


@dataclass(frozen=True)
class Looked:
    """How the page is looked at."""

    span: Annotated[str, Query()] = USUAL
    since: Annotated[str | None, Query(alias="from")] = None
    until: Annotated[str | None, Query(alias="to")] = None
    """Days of the patient's clock, both shown. They win over `span`."""
    instrument: Annotated[str | None, Query()] = None
    kinds: Annotated[list[str] | None, Query()] = None
    cursor: Annotated[str | None, Query(max_length=500)] = None

    @property
    def wanted(self) -> list[str]:
        """The kinds of the history that are shown."""
        return [one for one in self.kinds or () if one in EVERY_KIND] or list(KINDS)

    @property
    def reach(self) -> timedelta | None:
        """How far back the picture reaches."""
        days = RANGES.get(self.span, RANGES[USUAL])
        return timedelta(days=days) if days else None

    @property
    def kept(self) -> dict[str, Any]:
        """What an address goes on saying, whatever range it asks for."""
        narrowed = None if self.wanted == list(KINDS) else self.wanted
        return {"instrument": self.instrument, "kinds": narrowed}


@router.get("/patients/{patient_id}")
async def read_patient(
    request: Request,
    patient_id: UUID,
    visitor: Reader,
    db: Db,
    looked: Annotated[Looked, Depends()],
) -> Response:
    """One patient: is relief holding, since when, what is expected, what is in the way."""
    code = looked.instrument if looked.instrument in SCALES else None
    person = orjson.loads((await patients.get(db, patient_id)).json)
    if person["merged_into_id"] is not None:
        return await merged(request, db, person)
    asked = Wanted(kinds=",".join(looked.wanted), limit=30, cursor=looked.cursor)
    history = await timeline.read(db, visitor.viewer, patient_id, asked)
    found = await found_of(db, patient_id, code, looked)
    return show(
        request,
        "patient.html",
        telling.name_of(person),
        person=person,
        age=age(person["birth_date"], clock.now().date()),
        looked=looked,
        codes=list(SCALES),
        spans=list(RANGES),
        usual=USUAL,
        history=orjson.loads(history[0]),
        all_kinds=EVERY_KIND,
        **await charts.section(db, patient_id, found["zone"]),
        **found,
    )


async def found_of(
    db: database.Db, patient_id: UUID, code: str | None, looked: Looked
) -> dict[str, Any]:
    """What relief found, as a picture, in words and as a table; and what is in the way."""
    found = await relief.read(db, patient_id, code)
    zone = await picture.zone_of(db, patient_id)
    today = today_of(zone)
    asked = Asked.read(looked.since, looked.until, today)
    scene = await picture.scene(db, patient_id, found, (asked or Asked()).range(zone, looked.reach))
    unclosed = await alerts.page(db, 20, None, {"patient_id": patient_id, "status": "open"})
    listed = orjson.loads(unclosed[0])["items"]
    return {
        "relief": found,
        "told": telling.glance(found, scene),
        "rows": telling.episodes(scene),
        "svg": draw(scene, 1100, theme=None),
        **ranges_of(scene, asked, today),
        "zone": zone,
        "code": scene.scale.code,
        "held": found["window"]["held_by"] if found["window"] else [],
        "alerts": [one for one in listed if one["level"] != "info"],
        "noted": [one for one in listed if one["level"] == "info"],
    }


def ranges_of(scene: Scene, asked: Asked | None, today: date) -> dict[str, Any]:
    """Which days the picture shows, whether somebody chose them, and which others one may see."""
    shown = Days.of(scene.since, scene.until, scene.zone)
    whole = shown if scene.whole is None else Days.of(*scene.whole, scene.zone)
    return {
        "shown": shown,
        "chosen": asked is not None and asked != Asked(),
        "no_range": asked is None,
        "steps": steps(shown, whole, today),
    }


def age(born: str | None, today: date) -> int | None:
    """How old somebody is.

    >>> [age(born, date(2026, 11, 23)) for born in ("1980-11-24", "1980-11-23", None)]
    [45, 46, None]
    """
    if born is None:
        return None
    day = date.fromisoformat(born)
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
