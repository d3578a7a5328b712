"""/v1/staff"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.deps import Administrator, Db, OwnToken
from app.administration import staff
from app.administration.changing import paged
from app.administration.history import AdminHistory, history
from app.administration.queries import staff as queries
from app.administration.schemas import (
    Ended,
    InvitationOut,
    SessionOut,
    SessionsOut,
    StaffIn,
    StaffInvited,
    StaffOut,
    StaffPatch,
)
from app.kit.bodies import Unread, written
from app.kit.http import IfMatch, body, linked, patch, send
from app.kit.paging import LIMIT, Limit, Page, instant_key

router = APIRouter(tags=["administration"])

PATH = "/v1/staff"
ONE = f"{PATH}/{{staff_id}}"

Cursor = Annotated[str | None, Query(max_length=500)]


@router.get(PATH, response_model=Page[StaffOut])
async def list_staff(
    request: Request, _: Administrator, db: Db, limit: Limit = LIMIT, cursor: Cursor = None
) -> Response:
    """Who works at the clinic, and who did, in the order in which they came."""
    after = instant_key(cursor) if cursor is not None else None
    return linked(request, *paged(await queries.page(db, limit + 1, after), limit))


@router.post(PATH, status_code=201, response_model=StaffInvited)
async def add_staff(
    viewer: Administrator, unread: Annotated[Unread[StaffIn], Depends(body(StaffIn))], db: Db
) -> Response:
    """Add somebody. The invitation is shown this once, and good for 72 hours."""
    made = await staff.add(db, viewer.id, unread)
    place = ONE.format(staff_id=made["id"])
    return send(
        written(made), 201, version=made["version"], Location=place, Cache_Control="no-store"
    )


@router.get(ONE, response_model=StaffOut)
async def get_staff(staff_id: UUID, _: Administrator, db: Db) -> Response:
    """Somebody who works at the clinic."""
    row = await queries.get(db, staff_id)
    return send(written(dict(row)), version=row["version"])


@router.get(f"{ONE}/history", response_model=AdminHistory)
async def history_of_staff(staff_id: UUID, _: Administrator, db: Db) -> Response:
    """What was changed of somebody who works at the clinic: who, when, and both values."""
    return send(history(await queries.versions(db, staff_id)))


@router.patch(ONE, response_model=StaffOut)
async def change_staff(
    staff_id: UUID,
    _: Administrator,
    match: IfMatch,
    unread: Annotated[Unread[StaffPatch], Depends(patch(StaffPatch))],
    db: Db,
) -> Response:
    """Change a name, a role, or whether they work here: the latter two end every session."""
    row = await staff.change(db, staff_id, match, unread)
    return send(written(dict(row)), version=row["version"])


@router.post(f"{ONE}/invitations", status_code=201, response_model=InvitationOut)
async def invite_staff(staff_id: UUID, viewer: Administrator, db: Db) -> Response:
    """A new invitation: for who never came, or lost the password. Earlier ones are void."""
    return send(written(await staff.invite(db, viewer.id, staff_id)), 201, Cache_Control="no-store")


@router.post(f"{ONE}/second-factor/remove", response_model=StaffOut)
async def remove_second_factor_of_staff(staff_id: UUID, _: Administrator, db: Db) -> Response:
    """Take off the second factor of somebody who lost it, and end their sessions."""
    row = await staff.remove_second_factor(db, staff_id)
    return send(written(dict(row)), version=row["version"])


@router.get(f"{ONE}/sessions", response_model=SessionsOut)
async def list_sessions_of_staff(
    staff_id: UUID, _: Administrator, own: OwnToken, db: Db
) -> Response:
    """Where somebody is signed in, the latest first."""
    return send(written(await staff.sessions(db, staff_id, own)))


@router.post(f"{ONE}/sessions/{{session_id}}/end", response_model=SessionOut)
async def end_session_of_staff(
    staff_id: UUID, session_id: UUID, _: Administrator, own: OwnToken, db: Db
) -> Response:
    """End one session of somebody, at once."""
    return send(written(await staff.end_session(db, staff_id, session_id, own)))


@router.post(f"{ONE}/sessions/end", response_model=Ended)
async def end_sessions_of_staff(
    staff_id: UUID, _: Administrator, own: OwnToken, db: Db
) -> Response:
    """End every session of somebody, at once; of your own all but this one."""
    return send(written(await staff.end_others(db, staff_id, own)))
