"""/v1/clinic"""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.access.deps import Administrator, Db, SettingsReader
from app.administration import clinic
from app.administration.history import AdminHistory, history
from app.administration.queries import clinic as queries
from app.administration.schemas import ClinicOut, ClinicPatch
from app.kit.bodies import Unread, written
from app.kit.http import IfMatch, patch, send

router = APIRouter(tags=["administration"])

PATH = "/v1/clinic"


@router.get(PATH, response_model=ClinicOut)
async def get_clinic(_: SettingsReader, db: Db) -> Response:
    """The clinic, and what its patients are shown when they are in danger."""
    found = await clinic.get(db)
    return send(written(found), version=found["version"])


@router.get(f"{PATH}/history", response_model=AdminHistory)
async def history_of_clinic(_: SettingsReader, db: Db) -> Response:
    """What was changed of the clinic: who, when, and both values."""
    return send(history(await queries.versions(db)))


@router.patch(PATH, response_model=ClinicOut)
async def change_clinic(
    _: Administrator,
    match: IfMatch,
    unread: Annotated[Unread[ClinicPatch], Depends(patch(ClinicPatch))],
    db: Db,
) -> Response:
    """Change its name, its time zone, or the crisis text with its contacts."""
    kept = await clinic.change(db, match, unread)
    return send(written(kept), version=kept["version"])
