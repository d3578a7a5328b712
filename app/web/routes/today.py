"""/today: who is in a chair, who is expected, and what needs attention"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import Request, Response

from app.access.deps import Db
from app.chair import actions as chair
from app.clinics import queries as clinics
from app.infusions.tables import SessionStatus
from app.kit import clock
from app.kit import db as database
from app.kit.db import Row
from app.web import queries
from app.web.deps import Reader
from app.web.routing import pages, show
from app.worklist import actions as worklist

router = pages()

SHOWN = 100
"""Patients on one page of the worklist."""


@router.get("/today")
async def read_today(
    request: Request, _: Reader, db: Db, cursor: str | None = None, reason: str | None = None
) -> Response:
    """Today, in this clinic."""
    clinic = await clinics.get(db)
    zone = clinic["time_zone"]
    sessions = await queries.sessions_between(db, *day_of(clock.now(), zone))
    listed = (await worklist.page(db, reason or None, None, SHOWN, cursor))[0]
    return show(
        request,
        "today.html",
        "Today",
        clinic=clinic,
        zone=zone,
        alerts=await queries.open_alerts(db),
        here=await in_chairs(db, sessions),
        expected=[one for one in sessions if one["status"] == SessionStatus.PLANNED],
        gone=[one for one in sessions if one["discharged_at"] is not None],
        worklist=orjson.loads(listed),
        reason=reason,
    )


def day_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The beginning and the end of a day where the clinic is."""
    today = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
    return today, today + timedelta(days=1)


async def in_chairs(db: database.Db, sessions: Iterable[Row]) -> list[dict[str, Any]]:
    """Whose session runs, or is over and they are still here, with what is due next for each."""
    return [
        {"session": one, "chair": await chair.monitoring(db, one["id"])}
        for one in sessions
        if one["discharged_at"] is None and one["status"] != SessionStatus.PLANNED
    ]
