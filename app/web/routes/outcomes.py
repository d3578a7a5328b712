"""/outcomes: what the clinic's treatment came to, of how many, and what others published"""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import Request, Response

from app.clinics import queries as clinics
from app.infusions.tables import Drug, Route
from app.kit.bodies import parse
from app.kit.errors import Invalid
from app.outcomes import actions
from app.outcomes.schemas import Wanted
from app.picture.curves import draw
from app.science.relief import SCALES
from app.web import tallies
from app.web.deps import Reader, reading
from app.web.routing import pages, show

router = pages()

WIDE, NARROW = 720, 420
"""Pixels of the clinic's own curve, and of a part's."""

ASKED = ("since", "until", "drug", "route", "instrument", "by")


@router.get("/outcomes")
async def read_outcomes(request: Request, visitor: Reader) -> Response:
    """Response, remission, how long relief lasts, and side effects."""
    async with reading(request) as db:
        clinic = await clinics.get(db)
    asked = {name: request.query_params.get(name, "") for name in ASKED}
    wanted = parse(Wanted, wanted_of(asked, clinic["time_zone"]))
    told = await actions.read(request.state.pool, visitor.viewer.clinic_id, wanted)
    found = orjson.loads(told)
    return show(
        request,
        "outcomes.html",
        "Outcomes",
        clinic=clinic,
        zone=clinic["time_zone"],
        asked=asked,
        found=found,
        picture=picture(found, found["all"], WIDE, "all"),
        parts=[
            (one, picture(found, one, NARROW, f"part-{place}"))
            for place, one in enumerate(found["strata"])
        ],
        drugs=list(Drug),
        routes=list(Route),
        instruments=list(SCALES),
        t=tallies,
    )


def wanted_of(asked: dict[str, str], zone: str) -> dict[str, Any]:
    """What the form asks for, as the API takes it: whole days, where the clinic is.

    >>> wanted_of({"until": "2026-11-01", "drug": "", "by": "route"}, "America/Denver")
    {'by': 'route', 'to': '2026-11-02T00:00:00-07:00'}
    """
    told = {name: asked[name] for name in ("drug", "route", "instrument", "by") if asked.get(name)}
    for name, sent, more in (("since", "from", 0), ("until", "to", 1)):
        if asked.get(name):
            told[sent] = midnight(asked[name], zone, more).isoformat()
    return told


def midnight(day: str, zone: str, more: int) -> datetime:
    """When a day begins, or one so many days later. Raises Invalid."""
    try:
        first = date.fromisoformat(day) + timedelta(days=more)
    except (ValueError, OverflowError):
        raise Invalid(("/date", "must be a date, like 2026-11-23")) from None
    return datetime.combine(first, time(), ZoneInfo(zone))


def picture(found: dict[str, Any], one: dict[str, Any], width: int, name: str) -> str:
    """The curves of a part; empty where there are too few patients."""
    if one["curves"]["observed"] is None:
        return ""
    title = "How long relief lasts" + (f": {tallies.part(one)}" if one["by"] else "")
    return draw(one["curves"], found["days"], width, title, name)
