"""/v1/patients/{patient_id}/timeline.svg"""

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.deps import ChartReader, Db
from app.kit.values import Instant, Text
from app.picture import actions

router = APIRouter(tags=["timeline"])

SVG = "image/svg+xml"

ALONE = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""A picture that is opened by itself brings its own colours and nothing else."""


@router.get(
    "/v1/patients/{patient_id}/timeline.svg",
    response_class=Response,
    responses={
        200: {"description": "The picture", "content": {SVG: {"schema": {"type": "string"}}}}
    },
)
async def draw_timeline(
    patient_id: UUID,
    _: ChartReader,
    db: Db,
    since: Annotated[
        Instant | None, Query(alias="from", description="Default: half a year")
    ] = None,
    until: Annotated[
        Instant | None, Query(alias="to", description="Default: what is ahead")
    ] = None,
    instrument: Annotated[Text | None, Query(description="In place of the preferred one")] = None,
    width: Annotated[int, Query(ge=320, le=2400, description="Pixels")] = 960,
    theme: Annotated[Literal["light", "dark"], Query()] = "light",
) -> Response:
    """Scores, infusions, relief, side effects and pressures under one axis of time, as SVG."""
    drawn = await actions.picture(
        db,
        patient_id,
        since=since,
        until=until,
        instrument=instrument,
        width=width,
        theme=theme,
    )
    headers = {"Content-Security-Policy": ALONE, "X-Content-Type-Options": "nosniff"}
    return Response(drawn, media_type=SVG, headers=headers)
