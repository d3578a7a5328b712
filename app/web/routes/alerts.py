"""/alerts: what can't wait, with its evidence, and who has dealt with it"""

from collections.abc import Mapping
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Form, Query, Request, Response

from app.access.deps import Db
from app.access.policy import May
from app.alerts import actions
from app.alerts.queries import ALERT
from app.alerts.schemas import Handling
from app.alerts.tables import Level, State
from app.clinics import queries as clinics
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.patients import actions as patients
from app.records.changes import history
from app.science.safety import RULES
from app.web import evidence, queries, telling
from app.web.deps import AlertHandler, AlertReader
from app.web.routing import pages, redirect, show

router = pages()

GRAVE = (Level.STOP, Level.EMERGENCY)


@router.get("/alerts")
async def list_alerts(
    request: Request,
    _: AlertReader,
    db: Db,
    status: State | None = None,
    level: Level | None = None,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """The clinic's alerts, the newest first; those that are open unless asked otherwise."""
    shown = status if "status" in request.query_params else State.OPEN
    found = orjson.loads((await actions.page(db, 50, cursor, {"status": shown, "level": level}))[0])
    names = await queries.names_of(db, [UUID(one["patient_id"]) for one in found["items"]])
    return show(
        request,
        "alerts.html",
        "Alerts",
        found=found,
        names=names,
        title_of=title_of,
        status=shown,
        level=level,
        levels=list(Level),
        states=list(State),
    )


@router.get("/alerts/{alert_id}")
async def read_alert(request: Request, alert_id: UUID, visitor: AlertReader, db: Db) -> Response:
    """One alert: why, on what evidence, who must act, who has seen it."""
    alert = orjson.loads((await actions.get(db, alert_id)).json)
    person = orjson.loads((await patients.get(db, UUID(alert["patient_id"]))).json)
    rule = RULES.get(alert["rule"])
    verb = May.CLOSE_GRAVE_ALERT if alert["level"] in GRAVE else May.CLOSE_ALERT
    zone = (await clinics.get(db))["time_zone"]
    return show(
        request,
        "alert.html",
        title_of(alert["rule"]),
        alert=alert,
        rule=rule,
        person=person,
        name=telling.name_of(person),
        zone=zone,
        evidence=list(evidence.told(alert["evidence"], zone)),
        thresholds=list(evidence.thresholds(alert["evidence"])),
        staff=await staff_of(db, alert),
        may_close=visitor.viewer.may(verb),
        versions=orjson.loads(await history(db, ALERT, alert_id))["items"],
    )


@router.post("/alerts/{alert_id}/acknowledge")
async def acknowledge(
    alert_id: UUID, visitor: AlertHandler, db: Db, note: Annotated[str, Form(max_length=9999)] = ""
) -> Response:
    """Say that one has seen it."""
    await actions.acknowledge(db, visitor.viewer, alert_id, handling(note))
    return redirect(f"/alerts/{alert_id}")


@router.post("/alerts/{alert_id}/close")
async def close(
    alert_id: UUID,
    visitor: AlertHandler,
    db: Db,
    note: Annotated[str, Form(max_length=9999)] = "",
    outcome: Annotated[str, Form(max_length=200)] = "",
) -> Response:
    """Say that it is dealt with."""
    await actions.close(db, visitor.viewer, alert_id, handling(note, outcome))
    return redirect(f"/alerts/{alert_id}")


def handling(note: str, outcome: str = "") -> Unread[Handling]:
    """What the form said, as a body; an empty field says nothing."""
    said = {"note": note.strip() or None, "outcome": outcome.strip() or None}
    return Unread(Handling, written(said))


def title_of(rule: str) -> str:
    """What a rule is about.

    >>> title_of("BP-RISE"), title_of("self-harm")
    ('Rise of blood pressure', 'Self harm')
    """
    known = RULES.get(rule)
    return known.title if known else rule.replace("-", " ").capitalize()


async def staff_of(db: database.Db, alert: Mapping[str, Any]) -> dict[str, str]:
    """The names of those whom an alert speaks of, by id."""
    ids = {alert[name] for name in ("assigned_to", "acknowledged_by", "closed_by")}
    ids |= set(alert["escalated_to"] or ())
    return await queries.staff_names(db, [UUID(one) for one in ids if one])
