"""/v1/audit-events, and what a patient may know of it: /v1/me/accesses"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.deps import AuditReader, Db, OwnPhone
from app.audit import actions
from app.audit.schemas import AccessOut, AuditEventOut, AuditHeadOut
from app.kit.bodies import written
from app.kit.http import linked, send
from app.kit.paging import LIMIT, Limit, Page
from app.kit.values import Instant

router = APIRouter(tags=["audit"])

Cursor = Annotated[str | None, Query(max_length=500)]


def narrowed(
    patient_id: UUID | None = None,
    actor: Annotated[UUID | None, Query(description="Staff, client or phone")] = None,
    since: Annotated[Instant | None, Query(alias="from", description="Inclusive")] = None,
    before: Annotated[Instant | None, Query(alias="to", description="Exclusive")] = None,
    refused: Annotated[bool, Query(description="Only what was refused")] = False,  # noqa: FBT002  # a query parameter
) -> dict[str, Any]:
    """Which rows are shown."""
    told = {"patient_id": patient_id, "actor_id": actor, "since": since, "before": before}
    return told | {"refused": refused or None}


@router.get("/v1/audit-events", response_model=Page[AuditEventOut])
async def list_audit_events(
    request: Request,
    _: AuditReader,
    db: Db,
    filters: Annotated[dict[str, Any], Depends(narrowed)],
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Who did what, the newest first. Asking leaves a row too."""
    return linked(request, *await actions.page(db, limit, cursor, filters))


@router.get("/v1/audit-events/head", response_model=AuditHeadOut)
async def get_audit_head(_: AuditReader, db: Db) -> Response:
    """The last link of the chain, to be noted elsewhere."""
    return send(written(await actions.head(db)))


@router.get("/v1/me/accesses", response_model=Page[AccessOut])
async def list_own_accesses(
    request: Request, viewer: OwnPhone, db: Db, limit: Limit = LIMIT, cursor: Cursor = None
) -> Response:
    """Who saw or wrote something of this phone's patient, the newest first."""
    assert viewer.patient_id is not None, "a phone has a patient"
    told = (viewer.patient_id, viewer.id, limit, cursor)
    return linked(request, *await actions.accesses(db, *told))
