"""/v1/alerts, and those of one patient"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.deps import AlertCloser, AlertHandler, AlertReader, Db
from app.alerts import actions
from app.alerts.queries import ALERT
from app.alerts.schemas import AlertOut, Handling
from app.alerts.tables import Level, State
from app.kit.bodies import Unread
from app.kit.http import body, linked, send
from app.kit.paging import LIMIT, Limit, Page
from app.kit.values import Text
from app.patients import queries as patients
from app.records import changes
from app.records.schemas import History

router = APIRouter(tags=["alerts"])

ALERT_PATH = "/v1/alerts/{alert_id}"

Cursor = Annotated[str | None, Query(max_length=500)]
Sent = Annotated[Unread[Handling], Depends(body(Handling))]


def narrowed(
    status: State | None = None,
    level: Level | None = None,
    rule: Annotated[Text | None, Query()] = None,
) -> dict[str, Any]:
    """Which alerts a list shows."""
    return {"status": status, "level": level, "rule": rule}


Narrowed = Annotated[dict[str, Any], Depends(narrowed)]


@router.get("/v1/alerts", response_model=Page[AlertOut])
async def list_alerts(
    request: Request,
    _: AlertReader,
    db: Db,
    filters: Narrowed,
    patient_id: UUID | None = None,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """The clinic's alerts, the newest first."""
    equal = filters | {"patient_id": patient_id}
    return linked(request, *await actions.page(db, limit, cursor, equal))


@router.get("/v1/patients/{patient_id}/alerts", response_model=Page[AlertOut])
async def list_alerts_of_patient(
    request: Request,
    patient_id: UUID,
    _: AlertReader,
    db: Db,
    filters: Narrowed,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """A patient's alerts, the newest first."""
    await patients.subject(db, patient_id)
    equal = filters | {"patient_id": patient_id}
    return linked(request, *await actions.page(db, limit, cursor, equal))


@router.get(ALERT_PATH, response_model=AlertOut)
async def get_alert(alert_id: UUID, _: AlertReader, db: Db) -> Response:
    """One alert."""
    kept = await actions.get(db, alert_id)
    return send(kept.json, version=kept.version)


@router.post(f"{ALERT_PATH}/acknowledge", response_model=AlertOut)
async def acknowledge_alert(alert_id: UUID, viewer: AlertHandler, unread: Sent, db: Db) -> Response:
    """Say that you have seen it. A second acknowledge answers the first."""
    kept = await actions.acknowledge(db, viewer, alert_id, unread)
    return send(kept.json, version=kept.version)


@router.post(f"{ALERT_PATH}/close", response_model=AlertOut)
async def close_alert(alert_id: UUID, viewer: AlertCloser, unread: Sent, db: Db) -> Response:
    """Say that it is dealt with. A stop or an emergency is a clinician's to close."""
    kept = await actions.close(db, viewer, alert_id, unread)
    return send(kept.json, version=kept.version)


@router.get(f"{ALERT_PATH}/history", response_model=History)
async def alert_history(alert_id: UUID, _: AlertReader, db: Db) -> Response:
    """Who knew, and when: every version of an alert."""
    return send(await changes.history(db, ALERT, alert_id))
