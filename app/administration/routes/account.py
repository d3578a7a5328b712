"""/v1/account: one's own"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.deps import AccountHolder, Address, Db, FactorHolder, OwnToken, SigningIn
from app.administration import account, staff
from app.administration.account import Own
from app.administration.schemas import (
    AccountOut,
    CodeIn,
    Ended,
    PasswordIn,
    RecoveryCodesOut,
    RemovalIn,
    SecondFactorBegun,
    SecondFactorOut,
    SessionOut,
    SessionsOut,
)
from app.kit.bodies import Unread, written
from app.kit.http import body, send

router = APIRouter(tags=["account"])

PATH = "/v1/account"
FACTOR = f"{PATH}/second-factor"


def own(viewer: AccountHolder, signing: SigningIn, token: OwnToken, address: Address) -> Own:
    """Somebody at their own account."""
    return Own(signing, viewer, token, address)


def setting_up(viewer: FactorHolder, signing: SigningIn, token: OwnToken, address: Address) -> Own:
    """The same, where they may do nothing else yet."""
    return Own(signing, viewer, token, address)


@router.get(PATH, response_model=AccountOut)
async def get_account(viewer: AccountHolder, db: Db) -> Response:
    """Who is signed in."""
    return send(written(await account.who(db, viewer)))


@router.post(f"{PATH}/password", status_code=204)
async def change_password(
    who: Annotated[Own, Depends(own)],
    unread: Annotated[Unread[PasswordIn], Depends(body(PasswordIn))],
) -> None:
    """Change your own password. Every other session of yours ends."""
    await who.change_password(unread)


@router.get(f"{PATH}/sessions", response_model=SessionsOut)
async def list_sessions(viewer: AccountHolder, token: OwnToken, db: Db) -> Response:
    """Where you are signed in, the latest first."""
    return send(written(await staff.sessions(db, viewer.id, token)))


@router.post(f"{PATH}/sessions/{{session_id}}/end", response_model=SessionOut)
async def end_session(session_id: UUID, viewer: AccountHolder, token: OwnToken, db: Db) -> Response:
    """End one of your sessions, at once."""
    return send(written(await staff.end_session(db, viewer.id, session_id, token)))


@router.post(f"{PATH}/sessions/end-others", response_model=Ended)
async def end_other_sessions(viewer: AccountHolder, token: OwnToken, db: Db) -> Response:
    """End every session of yours but this one, at once."""
    return send(written(await staff.end_others(db, viewer.id, token)))


@router.get(FACTOR, response_model=SecondFactorOut)
async def get_second_factor(viewer: FactorHolder, db: Db) -> Response:
    """Whether you have set a second factor up."""
    return send(written(await account.standing(db, viewer)))


@router.post(FACTOR, status_code=201, response_model=SecondFactorBegun)
async def begin_second_factor(viewer: FactorHolder, db: Db) -> Response:
    """A secret for your phone, shown this once. It counts once you have confirmed a code."""
    return send(written(await account.begin(db, viewer)), 201, Cache_Control="no-store")


@router.post(f"{FACTOR}/confirm", response_model=RecoveryCodesOut)
async def confirm_second_factor(
    who: Annotated[Own, Depends(setting_up)],
    unread: Annotated[Unread[CodeIn], Depends(body(CodeIn))],
) -> Response:
    """Show that your phone makes codes. The recovery codes are shown this once.

    Whoever could only do this signs in anew, with a code.
    """
    return send(written(await who.confirm(unread)), Cache_Control="no-store")


@router.post(f"{FACTOR}/remove", status_code=204)
async def remove_second_factor(
    who: Annotated[Own, Depends(own)],
    unread: Annotated[Unread[RemovalIn], Depends(body(RemovalIn))],
) -> None:
    """Take your second factor off, by password and code."""
    await who.remove(unread)
