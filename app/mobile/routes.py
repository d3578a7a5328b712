"""/v1/check-ins, /v1/me"""

from hashlib import sha256
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Request, Response

from app.access.deps import Db, OwnPhone, Phone, closing_of
from app.access.policy import Viewer
from app.assessments import schedules
from app.assessments.schemas import SlotOut
from app.kit.bodies import Unread, written
from app.kit.http import body, send
from app.mobile import actions
from app.mobile.schemas import CheckInsIn, CheckInsOut, MeOut, Receipt

router = APIRouter(tags=["phones"])


def own_patient(viewer: Viewer) -> UUID:
    """The patient whose phone is calling."""
    assert viewer.patient_id is not None, "a phone has a patient"
    return viewer.patient_id


@router.post("/v1/check-ins", response_model=CheckInsOut)
async def check_in(
    request: Request,
    viewer: Phone,
    unread: Annotated[Unread[CheckInsIn], Depends(body(CheckInsIn))],
) -> Response:
    """Send what was answered, offline or not, as often as it takes. Each item is kept once."""
    sent, closing = unread.read(), closing_of(request, viewer)
    kept = await actions.check_in(request.state.pool, viewer, sent, closing)
    return send(written(kept))


@router.get("/v1/check-ins/{check_in_id}", response_model=Receipt)
async def get_receipt(check_in_id: UUID, _: Phone, db: Db) -> Response:
    """Whether an item arrived."""
    return send(written(await actions.receipt(db, check_in_id)))


@router.get(
    "/v1/me",
    response_model=MeOut,
    responses={304: {"description": "As it was when you last asked"}},
)
async def get_me(
    viewer: OwnPhone, db: Db, if_none_match: Annotated[str | None, Header()] = None
) -> Response:
    """Whose phone this is, and what to show in a crisis. Keep it for when offline."""
    told = written(await actions.me(db, viewer))
    tag = f'"{sha256(told).hexdigest()[:32]}"'
    # A proxy's phone may be that of two patients: what is kept of one is not shown of the other.
    headers = {"ETag": tag, "Cache-Control": "private, max-age=3600", "Vary": "Authorization"}
    if if_none_match == tag:
        return Response(status_code=304, headers=headers)
    return Response(told, headers=headers, media_type="application/json")


@router.get("/v1/me/schedule", response_model=list[SlotOut])
async def get_own_schedule(viewer: OwnPhone, db: Db) -> Response:
    """What is asked in the coming weeks."""
    return send(written(await schedules.schedule_of(db, own_patient(viewer))))
