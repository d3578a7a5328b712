"""/v1/patients/{patient_id}/relief, and the decisions that are made on it"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response

from app.access.deps import ChartReader, Db
from app.access.policy import May
from app.kit.bodies import written
from app.kit.http import send
from app.kit.values import Instant, Text
from app.patients.routing import Doors, clinical_routes
from app.relief import actions
from app.relief.decisions import DECISION
from app.relief.schemas import DecisionOut, ReliefOut

router = APIRouter(tags=["relief"])


@router.get("/v1/patients/{patient_id}/relief", response_model=ReliefOut)
async def read_relief(
    patient_id: UUID,
    _: ChartReader,
    db: Db,
    instrument: Annotated[Text | None, Query(description="In place of the preferred ones")] = None,
    as_of: Annotated[Instant | None, Query(description="Leave out what came after")] = None,
    known_at: Annotated[Instant | None, Query(description="As it was recorded then")] = None,
) -> Response:
    """How long relief lasted after each infusion, and how the patient is doing."""
    return send(written(await actions.read(db, patient_id, instrument, as_of, known_at)))


decisions = clinical_routes(Doors(DECISION, DecisionOut, write=May.DECIDE))
