"""/v1/infusions/{infusion_id}/monitoring and /discharge"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.deps import Charter, ChartReader, Db
from app.chair import actions
from app.chair.schemas import DischargeIn, DischargeOut, MonitoringOut
from app.infusions.schemas import InfusionOut
from app.kit.bodies import Unread, written
from app.kit.http import body, send

router = APIRouter(tags=["chair"])

SESSION = "/v1/infusions/{infusion_id}"


@router.get(f"{SESSION}/monitoring", response_model=MonitoringOut)
async def read_monitoring(infusion_id: UUID, _: ChartReader, db: Db) -> Response:
    """Readings due, late and missed, the last values, running side effects, the dose so far."""
    return send(written(await actions.monitoring(db, infusion_id)))


@router.get(f"{SESSION}/discharge", response_model=DischargeOut)
async def read_discharge(infusion_id: UUID, _: ChartReader, db: Db) -> Response:
    """Each criterion of discharge, met or not, with its evidence. Whoever discharges decides."""
    return send(written(await actions.criteria(db, infusion_id)))


@router.post(f"{SESSION}/discharge", response_model=InfusionOut)
async def discharge_infusion(
    infusion_id: UUID,
    viewer: Charter,
    unread: Annotated[Unread[DischargeIn], Depends(body(DischargeIn))],
    db: Db,
) -> Response:
    """Let somebody go home; what is not met takes a reason. Safe to repeat."""
    kept = await actions.discharge(db, viewer, infusion_id, unread)
    return send(kept.json, version=kept.version)
