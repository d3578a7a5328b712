"""/oauth2/token, /v1/login, /v1/logout, and what is redeemed by a code"""

import base64
from typing import Annotated, Any
from urllib.parse import unquote_plus

from fastapi import APIRouter, Depends, Form, Request, Response

from app.access import invitations, queries
from app.access.actions import Access
from app.access.deps import Address, CurrentViewer, SigningIn, bearer
from app.access.passwords import fingerprint
from app.access.schemas import (
    InvitedIn,
    InvitedOut,
    LoginIn,
    PhoneTokenOut,
    RedeemIn,
    RedeemOut,
    TokenIn,
    TokenOut,
)
from app.kit import clock
from app.kit.bodies import Unread
from app.kit.errors import Invalid, NotSignedIn, WrongMediaType
from app.kit.http import body

router = APIRouter(tags=["access"])

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data", "")
"""How a token is asked for; no Content-Type comes with no body."""

NO_STORE = {"Cache-Control": "no-store", "Pragma": "no-cache"}


def token_out(access: Access) -> dict[str, Any]:
    """A token as RFC 6749 has it."""
    return {
        "access_token": access.token,
        "token_type": "bearer",
        "expires_in": access.expires_in,
        "scope": access.scope,
    }


def client_of(request: Request, client_id: str, client_secret: str) -> tuple[str, str]:
    """The client's credentials, by HTTP Basic (form-encoded, RFC 6749 2.3.1) or in the form."""
    scheme, _, text = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return client_id, client_secret
    try:
        name, _, secret = base64.b64decode(text, validate=True).decode().partition(":")
    except ValueError:
        raise NotSignedIn("The Basic credentials can't be read.") from None
    return unquote_plus(name), unquote_plus(secret)


def form_only(request: Request) -> None:
    """Refuse a body that is no form. Raises WrongMediaType."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in FORMS:
        raise WrongMediaType(f"Send {FORMS[0]}.")


@router.post(
    "/oauth2/token",
    response_model=PhoneTokenOut | TokenOut,
    dependencies=[Depends(form_only)],
    openapi_extra={"security": [{"client": []}, {}]},
)
async def token(
    request: Request,
    response: Response,
    signing: SigningIn,
    address: Address,
    sent: Annotated[TokenIn, Form()],
) -> dict[str, Any]:
    """Trade a client's secret, or a phone's refresh token, for an access token."""
    response.headers.update(NO_STORE)
    if sent.grant_type == "client_credentials":
        name, secret = client_of(request, sent.client_id, sent.client_secret)
        return token_out(await signing.client(name, secret, sent.scope, address))
    if sent.grant_type == "refresh_token":
        access = await signing.refresh(sent.refresh_token, address)
        return token_out(access) | {
            "refresh_token": access.refresh_token,
            "refresh_expires_at": access.refresh_expires_at,
        }
    raise Invalid(("/grant_type", "must be client_credentials or refresh_token"))


@router.post("/v1/login", response_model=TokenOut)
async def login(
    response: Response,
    signing: SigningIn,
    address: Address,
    unread: Annotated[Unread[LoginIn], Depends(body(LoginIn))],
) -> dict[str, Any]:
    """Sign a member of staff in."""
    response.headers.update(NO_STORE)
    sent = unread.read()
    return token_out(
        await signing.staff(sent.clinic, sent.email, sent.password, address, sent.code)
    )


@router.post("/v1/logout", status_code=204)
async def logout(
    request: Request, viewer: CurrentViewer, credential: Annotated[Any, Depends(bearer)]
) -> None:
    """End the token that this request carries."""
    sha256 = fingerprint(credential.credentials)
    # As the clinic: a phone's view holds no tokens, its own neither.
    async with request.state.pool.confined(viewer.clinic_id, actor=viewer.id) as db:
        await db.run(queries.REVOKE_TOKEN, sha256=sha256, at=clock.now())


@router.post("/v1/enrolments/redeem", response_model=RedeemOut)
async def redeem(
    response: Response,
    signing: SigningIn,
    address: Address,
    unread: Annotated[Unread[RedeemIn], Depends(body(RedeemIn))],
) -> dict[str, Any]:
    """Turn this phone into the patient's device, with the code that the clinic gave."""
    response.headers.update(NO_STORE)
    sent = unread.read()
    access = await signing.phone(sent.code, sent.device_name, address)
    return {
        "patient_id": access.patient_id,
        "access_token": access.token,
        "refresh_token": access.refresh_token,
        "expires_in": access.expires_in,
        "refresh_expires_at": access.refresh_expires_at,
    }


@router.post("/v1/invitations/redeem", response_model=InvitedOut)
async def redeem_invitation(
    response: Response,
    signing: SigningIn,
    address: Address,
    unread: Annotated[Unread[InvitedIn], Depends(body(InvitedIn))],
) -> dict[str, Any]:
    """Choose a password, with the code that an admin gave. Then sign in with it."""
    response.headers.update(NO_STORE)
    sent = unread.read()
    return await invitations.redeem(signing, sent.code, sent.password, address)
