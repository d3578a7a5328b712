"""/audit: who did what; /patients/{patient_id}/accesses: who has looked at a chart"""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from fastapi import Query, Request, Response

from app.access.deps import Db
from app.access.policy import May, Viewer
from app.administration.queries import clients, staff
from app.audit import actions as audit
from app.clinics import queries as clinics
from app.kit import db as database
from app.patients import actions as patients
from app.web import deeds, queries, telling
from app.web.deps import AuditReader
from app.web.routing import pages, show

router = pages()

SHOWN = 50

MOST = 500
"""Members of staff, and programs, to choose from; others are chosen by a click on their rows."""

FIELDS = ("patient_id", "actor", "from", "to", "refused")
"""What the form narrows by, and the pages that follow too."""

Cursor = Annotated[str | None, Query(max_length=500)]


@router.get("/audit")
async def read_audit(
    request: Request, visitor: AuditReader, db: Db, cursor: Cursor = None
) -> Response:
    """Who did what, the newest first. Reading it leaves a row too."""
    clinic = await clinics.get(db)
    asked = {name: request.query_params.get(name, "").strip() for name in FIELDS}
    filters, wrong = narrowed(asked, clinic["time_zone"])
    found: tuple[list[dict[str, Any]], str | None] = ([], None)
    if not wrong:
        found = await audit.named(db, SHOWN, cursor, filters)
    response = show(
        request,
        "audit.html",
        "Audit",
        zone=clinic["time_zone"],
        slug=clinic["slug"],
        head=await audit.head(db),
        people=await staff.page(db, MOST, None),
        programs=await clients.page(db, MOST, None),
        asked={name: text for name, text in asked.items() if text},
        wrong=wrong,
        rows=await told(db, visitor.viewer, found[0]),
        more=found[1],
    )
    response.status_code = 422 if wrong else 200
    return response


@router.get("/patients/{patient_id}/accesses")
async def read_accesses(
    request: Request, patient_id: UUID, visitor: AuditReader, db: Db, cursor: Cursor = None
) -> Response:
    """Who has looked at a chart or written to it, the newest first."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    rows, more = await audit.named(db, SHOWN, cursor, {"patient_id": patient_id})
    may_name = visitor.viewer.may(May.READ_CHART)
    return show(
        request,
        "accesses.html",
        "Who has looked",
        patient_id=patient_id,
        name=telling.name_of(person) if may_name else None,
        zone=(await clinics.get(db))["time_zone"],
        rows=await told(db, visitor.viewer, rows),
        more=more,
    )


def narrowed(asked: dict[str, str], zone: str) -> tuple[dict[str, Any], dict[str, str]]:
    """The filters that a form names, and what is wrong with it by field. Both days are shown."""
    filters: dict[str, Any] = {"refused": True} if asked["refused"] else {}
    wrong = {}
    for name, column in (("patient_id", "patient_id"), ("actor", "actor_id")):
        try:
            filters[column] = UUID(asked[name]) if asked[name] else None
        except ValueError:
            wrong[name] = "must be an id"
    for name, column, days in (("from", "since", 0), ("to", "before", 1)):
        try:
            filters[column] = midnight(asked[name], days, zone) if asked[name] else None
        except (ValueError, OverflowError):
            wrong[name] = "must be a date"
    return filters, wrong


def midnight(day: str, days: int, zone: str) -> datetime:
    """The beginning of a day where the clinic is, or of one so many days later.

    Raises ValueError and OverflowError for what is no day, or one that no calendar reaches.
    """
    then = date.fromisoformat(day) + timedelta(days=days)
    return datetime.combine(then, time(), ZoneInfo(zone)).astimezone(UTC)


async def told(db: database.Db, viewer: Viewer, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in words; patients by name for those who may read their charts."""
    ids = list({row["patient_id"] for row in rows if row["patient_id"] is not None})
    known = await queries.names_of(db, ids) if viewer.may(May.READ_CHART) else {}
    unnamed = [row["actor_id"] for row in rows if row["actor_id"] and not row["name"]]
    by_email = await queries.staff_names(db, unnamed) if unnamed else {}
    named = [row | {"name": row["name"] or by_email.get(str(row["actor_id"]))} for row in rows]
    return [
        row
        | dict(zip(("who", "kind"), deeds.who(row), strict=True))
        | {
            "did": deeds.did(row["method"], row["route"]),
            "refused": deeds.came_of_it(row["status"]),
            "patient": known.get(str(row["patient_id"])),
        }
        for row in named
    ]
