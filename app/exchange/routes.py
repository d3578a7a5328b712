"""/v1/changes, /v1/batch"""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, Response

from app.access.deps import Charter, ChartReader, closing_of
from app.exchange import batch, changes
from app.exchange.schemas import BatchIn, BatchOut, ChangesPage, Wanted
from app.kit.bodies import Unread, parse, written
from app.kit.http import body, linked, send

router = APIRouter(tags=["exchange"])


def parameters() -> list[dict[str, Any]]:
    """The query parameters of the changes, for the document."""
    return [
        {"name": name, "in": "query", "required": False, "schema": told}
        for name, told in Wanted.model_json_schema()["properties"].items()
    ]


@router.get(
    "/v1/changes",
    response_model=ChangesPage,
    responses={410: {"description": "The cursor has expired"}},
    openapi_extra={"parameters": parameters()},
)
async def read_changes(request: Request, viewer: ChartReader) -> Response:
    """Everything that became of the clinic's records, each version once, nothing skipped."""
    wanted = parse(Wanted, dict(request.query_params))
    pool = request.state.pool
    return linked(request, *await changes.follow(pool, viewer, wanted, request.is_disconnected))


@router.post("/v1/batch", response_model=BatchOut)
async def send_batch(
    request: Request,
    viewer: Charter,
    unread: Annotated[Unread[BatchIn], Depends(body(BatchIn))],
) -> Response:
    """Send records of any kind, as often as it takes. Each item is kept once."""
    items, closing = unread.read().items, closing_of(request, viewer)
    kept = await batch.take_in(request.state.pool, viewer, items, closing)
    return send(written(kept))
