"""/v1/infusions, what was given in them, their moves, vital signs, side effects"""

from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.deps import Charter, ChartReader, Db
from app.infusions import actions, queries
from app.infusions.dose_events import DOSE_EVENT, session_subject
from app.infusions.medications_given import MEDICATION_GIVEN
from app.infusions.schemas import (
    CancelIn,
    CompleteIn,
    DoseEventOut,
    InfusionOut,
    MedicationGivenOut,
    SideEffectOut,
    StartIn,
    StopIn,
    VitalsOut,
)
from app.infusions.schemas.sessions import Standing
from app.infusions.sessions import INFUSION
from app.infusions.side_effects import SIDE_EFFECT
from app.infusions.tables import SessionStatus
from app.infusions.vitals import VITALS
from app.kit import db as database
from app.kit.bodies import Unread
from app.kit.http import body, send
from app.kit.paging import Page
from app.kit.values import Text
from app.patients.routing import (
    Doors,
    Wanted,
    add_creating,
    add_own,
    clinical_routes,
    page_of,
    wanted,
)
from app.records.kinds import Kind
from app.records.schemas import ClinicalOut

SESSION = "/v1/infusions/{infusion_id}"

Want = Annotated[Wanted, Depends(wanted)]

router = APIRouter(tags=["infusions"])


@router.get("/v1/infusions", name="list_infusions_of_clinic", response_model=Page[InfusionOut])
async def list_infusions(
    request: Request,
    _: ChartReader,
    want: Want,
    db: Db,
    status: Annotated[SessionStatus | None, Query()] = None,
    chair: Annotated[Text | None, Query()] = None,
) -> Response:
    """The clinic's sessions by start or plan, the latest first."""
    told = {"status": status and status.value, "chair": chair}
    voided = status == SessionStatus.ENTERED_IN_ERROR or want.include_voided
    equal = {name: value for name, value in told.items() if value is not None}
    return await page_of(request, db, INFUSION, replace(want, include_voided=voided), **equal)


@router.post(f"{SESSION}/start", response_model=InfusionOut)
async def start_infusion(
    infusion_id: UUID,
    viewer: Charter,
    unread: Annotated[Unread[StartIn], Depends(body(StartIn))],
    db: Db,
) -> Response:
    """Start a planned session. Safe to repeat."""
    kept = await actions.move(db, viewer, infusion_id, Standing.IN_PROGRESS, unread)
    return send(kept.json, version=kept.version)


@router.post(f"{SESSION}/stop", response_model=InfusionOut)
async def stop_infusion(
    infusion_id: UUID,
    viewer: Charter,
    unread: Annotated[Unread[StopIn], Depends(body(StopIn))],
    db: Db,
) -> Response:
    """Stop a session before its end. Safe to repeat, with or without a body."""
    kept = await actions.move(db, viewer, infusion_id, Standing.STOPPED, unread)
    return send(kept.json, version=kept.version)


@router.post(f"{SESSION}/complete", response_model=InfusionOut)
async def complete_infusion(
    infusion_id: UUID,
    viewer: Charter,
    unread: Annotated[Unread[CompleteIn], Depends(body(CompleteIn))],
    db: Db,
) -> Response:
    """Say that a session ran to its end. Safe to repeat."""
    kept = await actions.move(db, viewer, infusion_id, Standing.COMPLETED, unread)
    return send(kept.json, version=kept.version)


@router.post(f"{SESSION}/cancel", response_model=InfusionOut)
async def cancel_infusion(
    infusion_id: UUID,
    viewer: Charter,
    unread: Annotated[Unread[CancelIn], Depends(body(CancelIn))],
    db: Db,
) -> Response:
    """Cancel a session in which nothing was given. Safe to repeat."""
    kept = await actions.move(db, viewer, infusion_id, Standing.CANCELLED, unread)
    return send(kept.json, version=kept.version)


async def hanging(
    request: Request, db: database.Db, kind: Kind, want: Wanted, infusion_id: UUID
) -> Response:
    """What hangs on one session, oldest first unless the caller wants it otherwise."""
    session = await queries.session(db, infusion_id)
    newest_first = request.query_params.get("order") == "desc"
    mine = {"patient_id": session["patient_id"], "infusion_id": infusion_id}
    return await page_of(request, db, kind, replace(want, newest_first=newest_first), **mine)


@router.get(f"{SESSION}/vitals", response_model=Page[VitalsOut])
async def vitals_of_infusion(
    request: Request, infusion_id: UUID, _: ChartReader, want: Want, db: Db
) -> Response:
    """The vital signs of one session, oldest first."""
    return await hanging(request, db, VITALS, want, infusion_id)


@router.get(f"{SESSION}/side-effects", response_model=Page[SideEffectOut])
async def side_effects_of_infusion(
    request: Request, infusion_id: UUID, _: ChartReader, want: Want, db: Db
) -> Response:
    """The side effects of one session, oldest first."""
    return await hanging(request, db, SIDE_EFFECT, want, infusion_id)


@router.get(f"{SESSION}/dose-events", response_model=Page[DoseEventOut])
async def dose_events_of_infusion(
    request: Request, infusion_id: UUID, _: ChartReader, want: Want, db: Db
) -> Response:
    """What was given in one session, oldest first."""
    return await hanging(request, db, DOSE_EVENT, want, infusion_id)


@router.get(f"{SESSION}/medications-given", response_model=Page[MedicationGivenOut])
async def medications_given_of_infusion(
    request: Request, infusion_id: UUID, _: ChartReader, want: Want, db: Db
) -> Response:
    """What was given beside the drug in one session, oldest first."""
    return await hanging(request, db, MEDICATION_GIVEN, want, infusion_id)


def routes_under_session(kind: Kind, out: type[ClinicalOut]) -> APIRouter:
    """Some records are created under their session; the patient follows from it."""
    made = APIRouter(tags=[kind.path.removeprefix("/v1/")])
    doors = Doors(kind, out, under=SESSION, parent=session_subject)
    add_creating(made, doors)
    add_own(made, doors)
    return made


infusions = clinical_routes(Doors(INFUSION, InfusionOut))
dose_events = routes_under_session(DOSE_EVENT, DoseEventOut)
medications_given = routes_under_session(MEDICATION_GIVEN, MedicationGivenOut)
vitals = clinical_routes(Doors(VITALS, VitalsOut))
side_effects = clinical_routes(Doors(SIDE_EFFECT, SideEffectOut))
