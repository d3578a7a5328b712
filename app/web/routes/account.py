"""/account: one's own password, sessions and second factor"""

from typing import Annotated, Any
from uuid import UUID

import segno
from fastapi import Depends, Request, Response

from app.access.addresses import network
from app.access.deps import Db
from app.access.passwords import fingerprint
from app.access.policy import May
from app.administration import account, staff
from app.administration.account import Own
from app.administration.schemas import CodeIn, PasswordIn, RemovalIn
from app.clinics import queries as clinics
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import Invalid, Refusal
from app.web.deps import SignedIn, Visitor, reading, writing
from app.web.routing import fields_of, pages, redirect, show, sign_in_of, wrong_by_field

router = pages()

Holder = Annotated[Visitor, Depends(SignedIn(May.KEEP_ACCOUNT))]
FactorHolder = Annotated[Visitor, Depends(SignedIn(May.SET_UP_SECOND_FACTOR))]

FACTOR = "/account/second-factor"


def own_of(request: Request, visitor: Visitor) -> Own:
    """Somebody at their own account."""
    host = network(request.client.host if request.client else None)
    token = fingerprint(visitor.session.token)
    return Own(sign_in_of(request).at(request.scope), visitor.viewer, token, host)


@router.get("/account")
async def read_account(request: Request, visitor: FactorHolder, db: Db, did: str = "") -> Response:
    """One's own account; of whoever must set up a second factor first, that alone."""
    return await form(request, visitor, db, did=did)


@router.post("/account/password")
async def change_password(request: Request, visitor: Holder) -> Response:
    """Another password. Every other session ends."""
    fields = await fields_of(request)
    try:
        typed_twice(fields)
        sent = {"current": fields.get("current", ""), "new": fields.get("new", "")}
        await own_of(request, visitor).change_password(Unread(PasswordIn, written(sent)))
    except Refusal as refusal:
        return await again(request, visitor, "password", refusal)
    return redirect("/account?did=password")


def typed_twice(fields: dict[str, str]) -> None:
    """Raise Invalid where a new password was mistyped: nobody sees what they type."""
    if fields.get("new") != fields.get("again"):
        raise Invalid(("/again", "is not the same as the new password"))


@router.post("/account/sessions/end-others")
async def end_others(request: Request, visitor: Holder) -> Response:
    """End every other session of one's own."""
    async with writing(request) as db:
        await staff.end_others(db, visitor.viewer.id, fingerprint(visitor.session.token))
    return redirect("/account?did=sessions#sessions")


@router.post("/account/sessions/{session_id}/end")
async def end_session(request: Request, session_id: UUID, visitor: Holder) -> Response:
    """End one session of one's own."""
    own = fingerprint(visitor.session.token)
    async with writing(request) as db:
        await staff.end_session(db, visitor.viewer.id, session_id, own)
    return redirect("/account?did=sessions#sessions")


@router.post(FACTOR)
async def begin(request: Request, visitor: FactorHolder) -> Response:
    """A secret for the phone, shown in this answer and in no other."""
    async with writing(request) as db:
        made = await account.begin(db, visitor.viewer)
    return show(request, "factor.html", "Second factor", made=made, picture=qr(made["otpauth_uri"]))


def qr(text: str) -> str:
    """A QR code as SVG: black on white in either theme, as cameras want it."""
    drawn: str = segno.make(text, error="m").svg_inline(scale=4, dark="#000", light="#fff")
    return drawn


@router.post(f"{FACTOR}/confirm")
async def confirm(request: Request, visitor: FactorHolder) -> Response:
    """Show that the phone makes codes. The recovery codes are in this answer and in no other."""
    sent = {"code": (await fields_of(request)).get("code", "")}
    try:
        told = await own_of(request, visitor).confirm(Unread(CodeIn, written(sent)))
    except Refusal as refusal:
        return await again(request, visitor, "confirm", refusal)
    return show(request, "recovery.html", "Recovery codes", codes=told["recovery_codes"])


@router.post(f"{FACTOR}/remove")
async def remove(request: Request, visitor: Holder) -> Response:
    """Take the second factor off, by password and code."""
    fields = await fields_of(request)
    sent = {name: fields.get(name, "") for name in ("password", "code")}
    try:
        await own_of(request, visitor).remove(Unread(RemovalIn, written(sent)))
    except Refusal as refusal:
        return await again(request, visitor, "remove", refusal)
    return redirect("/account?did=removed")


async def again(request: Request, visitor: Visitor, part: str, refusal: Refusal) -> Response:
    """The page once more, with what was wrong beside the field; no secret is filled in again."""
    async with reading(request) as db:
        response = await form(request, visitor, db, part, refusal)
    response.status_code = int(refusal.status)
    return response


async def form(
    request: Request,
    visitor: Visitor,
    db: database.Db,
    part: str = "",
    refusal: Refusal | None = None,
    did: str = "",
) -> Response:
    """The account, and what came of the form that was sent."""
    viewer, known = visitor.viewer, {}
    if viewer.may(May.KEEP_ACCOUNT):
        own = fingerprint(visitor.session.token)
        known = {
            "zone": (await clinics.get(db))["time_zone"],
            "sessions": (await staff.sessions(db, viewer.id, own))["items"],
        }
    told: dict[str, Any] = {
        "me": await account.who(db, viewer),
        "factor": await account.standing(db, viewer),
        "part": part,
        "refusal": refusal,
        "wrong": wrong_by_field(refusal),
        "did": did,
    }
    return show(request, "account.html", "Your account", **told, **known)
