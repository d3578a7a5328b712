"""/v1/outcomes"""

from typing import Any

from fastapi import APIRouter, Request, Response

from app.access.deps import ChartReader
from app.kit.bodies import parse
from app.kit.http import send
from app.outcomes import actions
from app.outcomes.schemas import OutcomesOut, Wanted

router = APIRouter(tags=["outcomes"])


def parameters() -> list[dict[str, Any]]:
    """The query parameters, for the document."""
    schema = Wanted.model_json_schema(ref_template="#/components/schemas/{model}")
    return [
        {"name": name, "in": "query", "required": False, "schema": told}
        for name, told in schema["properties"].items()
    ]


@router.get(
    "/v1/outcomes",
    response_model=OutcomesOut,
    openapi_extra={"parameters": parameters()},
)
async def read_outcomes(request: Request, viewer: ChartReader) -> Response:
    """Response, remission, how long relief lasted and side effects, of the whole clinic."""
    wanted = parse(Wanted, dict(request.query_params))
    return send(await actions.read(request.state.pool, viewer.clinic_id, wanted))
