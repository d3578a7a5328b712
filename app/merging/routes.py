"""/v1/patients/{patient_id}/merge and unmerge"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.deps import Charter, ChartReader, Db
from app.kit.bodies import Unread, written
from app.kit.http import body, send
from app.merging import actions
from app.merging.schemas import MergeIn, MergesOut, UnmergeIn
from app.patients.schemas import PatientOut

router = APIRouter(tags=["patients"])

PATIENT = "/v1/patients/{patient_id}"


@router.post(f"{PATIENT}/merge", response_model=PatientOut)
async def merge_patient(
    patient_id: UUID,
    viewer: Charter,
    unread: Annotated[Unread[MergeIn], Depends(body(MergeIn))],
    db: Db,
) -> Response:
    """Make a patient one with another, the survivor, who is answered. Safe to repeat."""
    kept = await actions.merge(db, viewer, patient_id, unread)
    return send(kept.json, version=kept.version)


@router.get(f"{PATIENT}/merges", response_model=MergesOut)
async def list_merges(patient_id: UUID, _: ChartReader, db: Db) -> Response:
    """Who became this patient, or who they became, undone ones too; the newest first."""
    return send(written({"items": await actions.merges(db, patient_id), "next_cursor": None}))


@router.post(f"{PATIENT}/unmerge", response_model=PatientOut)
async def unmerge_patient(
    patient_id: UUID,
    viewer: Charter,
    unread: Annotated[Unread[UnmergeIn], Depends(body(UnmergeIn))],
    db: Db,
) -> Response:
    """Take the last merge into this patient back. What came with it goes back."""
    kept = await actions.unmerge(db, viewer, patient_id, unread)
    return send(kept.json, version=kept.version)
