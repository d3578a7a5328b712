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
from app.web import queries, telling
from app.web.deps import Reader
from app.web.routing import pages, show
from app.worklist import actions as worklist

router = pages()

SHOWN = 100
"""Patients on one page of the worklist."""

OVERNIGHT = timedelta(hours=12)
"""Whoever sat down before midnight is still here after it."""


@router.get("/today")
async def read_today(
    request: Request, _: Reader, db: Db, cursor: str | None = None, reason: str | None = None
) -> Response:
    """Today, in this clinic."""
    clinic = await clinics.get(db)
    zone = clinic["time_zone"]
    since, until = day_of(clock.now(), zone)
    sessions = await queries.sessions_between(db, since - OVERNIGHT, until)
    listed = (await worklist.page(db, reason or None, None, SHOWN, cursor))[0]
    return show(
        request,
        "today.html",
        "Today",
        clinic=clinic,
        zone=zone,
        alerts=await queries.open_alerts(db),
        here=await in_chairs(db, sessions),
        expected=[one for one in sessions if is_expected(one, since)],
        gone=[one for one in sessions if has_gone(one, since)],
        worklist=telling.once(orjson.loads(listed)),
        reason=reason,
    )


def day_of(now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The beginning and the end of a day where the clinic is."""
    today = datetime.combine(now.astimezone(ZoneInfo(zone)).date(), time(), ZoneInfo(zone))
    return today, today + timedelta(days=1)


def is_expected(session: Row, since: datetime) -> bool:
    """Whether somebody is still to come today; `since` is when the day began."""
    return session["status"] == SessionStatus.PLANNED and bool(session["scheduled_at"] >= since)


def has_gone(session: Row, since: datetime) -> bool:
    """Whether somebody went home today."""
    return bool(session["discharged_at"] and session["discharged_at"] >= since)


async def in_chairs(db: database.Db, sessions: Iterable[Row]) -> list[dict[str, Any]]:
    """Whose session runs, or is over and they are still here, with what is due next for each."""
    return [
        {"session": one, "chair": await chair.monitoring(db, one["id"])}
        for one in sessions
        if one["discharged_at"] is None and one["status"] != SessionStatus.PLANNED
    ]
