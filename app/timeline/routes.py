"""/v1/patients/{patient_id}/timeline"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import Db, OwnReader
from app.kit.paging import Page
from app.patients.routing import linked
from app.timeline import actions
from app.timeline.schemas import TimelineItem, Wanted

router = APIRouter(tags=["timeline"])


@router.get("/v1/patients/{patient_id}/timeline", response_model=Page[TimelineItem])
async def read_timeline(
    request: Request,
    patient_id: UUID,
    viewer: OwnReader,
    db: Db,
    wanted: Annotated[Wanted, Query()],
) -> Response:
    """What happened to a patient, newest first. Phones read their own."""
    return linked(request, *await actions.read(db, viewer, patient_id, wanted))
