"""/v1/worklist"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request, Response

from app.access.deps import ChartReader, Db
from app.kit.http import linked
from app.kit.paging import LIMIT, Limit, Page
from app.worklist import actions
from app.worklist.reasons import Reason
from app.worklist.schemas import WorklistItemOut

router = APIRouter(tags=["worklist"])


@router.get("/v1/worklist", response_model=Page[WorklistItemOut])
async def read_worklist(
    request: Request,
    _: ChartReader,
    db: Db,
    reason: Reason | Literal["nothing"] | None = None,
    clinician_id: Annotated[UUID | None, Query(description="The responsible clinician")] = None,
    limit: Limit = LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
) -> Response:
    """Every active patient by what needs attention and why, the most urgent first."""
    return linked(request, *await actions.page(db, reason, clinician_id, limit, cursor))
