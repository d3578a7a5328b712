"""/v1/safety/rules, and what speaks for one session"""

from uuid import UUID

from fastapi import APIRouter, Response

from app.access.deps import ChartReader, Db
from app.kit.bodies import written
from app.kit.http import send
from app.safety import actions
from app.safety.schemas import RulesOut, SessionSafetyOut

router = APIRouter(tags=["safety"])


@router.get("/v1/safety/rules", response_model=RulesOut)
async def list_safety_rules(_: ChartReader, db: Db) -> Response:
    """Every safety rule, with the numbers in force in this clinic and who says so."""
    return send(written({"items": await actions.rules(db), "next_cursor": None}))


@router.get("/v1/infusions/{infusion_id}/safety", response_model=SessionSafetyOut)
async def read_safety(infusion_id: UUID, _: ChartReader, db: Db) -> Response:
    """What speaks for a session now, and what it stands in the way of."""
    return send(written(await actions.of_infusion(db, infusion_id)))
