"""/v1/settings, and the intended use of the forecast"""

from typing import Annotated

from fastapi import APIRouter, Depends, Response

from app.access.deps import Administrator, Db, SettingsReader
from app.clinics import actions
from app.clinics.choices import INTENDED_USE
from app.clinics.schemas import (
    AcceptIn,
    ChoicesOut,
    IntendedUseOut,
    SettingIn,
    SettingOut,
    SettingsOut,
    WithdrawIn,
)
from app.kit.bodies import Unread, written
from app.kit.http import IfMatch, body, send

router = APIRouter(tags=["settings"])

PATH = "/v1/settings"
ONE = f"{PATH}/{{key}}"
USE = f"{PATH}/intended-use"

Choosing = Annotated[Unread[SettingIn], Depends(body(SettingIn))]
Accepting = Annotated[Unread[AcceptIn], Depends(body(AcceptIn))]
Withdrawing = Annotated[Unread[WithdrawIn], Depends(body(WithdrawIn))]


@router.get(PATH, response_model=SettingsOut)
async def list_settings(_: SettingsReader, db: Db) -> Response:
    """Everything that the clinic may choose: what is in force, what is usual, and who says so."""
    return send(written({"items": await actions.every(db), "next_cursor": None}))


@router.get(USE, response_model=IntendedUseOut)
async def read_intended_use(_: SettingsReader, db: Db) -> Response:
    """What the forecast is for, and whether the clinic accepted it. Without that it is off."""
    return send(written(await actions.read_intended_use(db)))


@router.post(f"{USE}/accept", response_model=IntendedUseOut)
async def accept_intended_use(viewer: Administrator, unread: Accepting, db: Db) -> Response:
    """Accept the text of intended use for the clinic. Again is harmless."""
    return send(written(await actions.accept(db, viewer.id, unread)))


@router.post(f"{USE}/withdraw", response_model=IntendedUseOut)
async def withdraw_intended_use(viewer: Administrator, unread: Withdrawing, db: Db) -> Response:
    """Take the acceptance back: the forecast is off at once. Again is harmless."""
    return send(written(await actions.withdraw(db, viewer.id, unread)))


@router.get(f"{USE}/history", response_model=ChoicesOut)
async def intended_use_history(_: SettingsReader, db: Db) -> Response:
    """Who accepted which text, and who took it back."""
    return send(written({"items": await actions.history(db, INTENDED_USE), "next_cursor": None}))


@router.get(ONE, response_model=SettingOut)
async def get_setting(key: str, _: SettingsReader, db: Db) -> Response:
    """One setting."""
    found = await actions.get(db, key)
    return send(written(found), version=found["version"])


@router.put(ONE, response_model=SettingOut)
async def choose_setting(
    key: str, viewer: Administrator, match: IfMatch, unread: Choosing, db: Db
) -> Response:
    """Choose a value, with a reason; null returns to the default.

    What was chosen before needs If-Match, a first choice doesn't.
    """
    kept = await actions.choose(db, viewer.id, key, match, unread)
    return send(written(kept), version=kept["version"])


@router.get(f"{ONE}/history", response_model=ChoicesOut)
async def setting_history(key: str, _: SettingsReader, db: Db) -> Response:
    """Every choice: who, when, why, and both values."""
    actions.choice_of(key)
    return send(written({"items": await actions.history(db, key), "next_cursor": None}))
