"""/v1/patients/{patient_id}/timeline"""

from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from app.access.deps import Db, OwnReader
from app.kit.bodies import parse
from app.kit.http import linked
from app.kit.paging import Page
from app.timeline import actions
from app.timeline.schemas import TimelineItem, Wanted

router = APIRouter(tags=["timeline"])


def parameters() -> list[dict[str, Any]]:
    """The query parameters, for the document."""
    return [
        {"name": name, "in": "query", "required": False, "schema": told}
        for name, told in Wanted.model_json_schema()["properties"].items()
    ]


# The query is judged in one go: FastAPI's own way, a parameter at a time, takes a tenth of what
# this process spends on a page.
@router.get(
    "/v1/patients/{patient_id}/timeline",
    response_model=Page[TimelineItem],
    openapi_extra={"parameters": parameters()},
)
async def read_timeline(request: Request, patient_id: UUID, viewer: OwnReader, db: Db) -> Response:
    """What happened to a patient, newest first. Phones read their own."""
    wanted = parse(Wanted, dict(request.query_params))
    return linked(request, *await actions.read(db, viewer, patient_id, wanted))
