"""/invitations/redeem: choose a password by the code that an admin gave"""

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from app.access import invitations
from app.access.addresses import network
from app.access.schemas import InvitedIn
from app.kit.bodies import parse
from app.kit.errors import NotFound, Refusal
from app.web.deps import from_here
from app.web.rendering import page
from app.web.routes.account import typed_twice
from app.web.routing import fields_of, frame, pages, redirect, sign_in_of, wrong_by_field
from app.web.words import query

router = pages()

PATH = "/invitations/redeem"


@router.get(PATH)
async def ask(request: Request) -> Response:
    """The code, and a password of one's own. The code is typed: it is in no address."""
    return form(request, {})


@router.post(PATH)
async def redeem(request: Request) -> Response:
    """Choose a password, and go on to sign in with it."""
    from_here(request)
    fields = await fields_of(request)
    host = network(request.client.host if request.client else None)
    try:
        typed_twice(fields)
        told = {"code": fields.get("code", "").strip(), "password": fields.get("new", "")}
        sent = parse(InvitedIn, told)
        signing = sign_in_of(request).at(request.scope)
        made = await invitations.redeem(signing, sent.code, sent.password, host)
    except Refusal as refusal:
        return form(request, fields, refusal)
    return redirect(f"/sign-in?{query({'clinic': made['clinic'], 'chosen': 1})}")


def form(request: Request, fields: dict[str, str], refusal: Refusal | None = None) -> Response:
    """The form, with what was wrong; a password is never filled in again."""
    wrong = wrong_by_field(refusal)
    if isinstance(refusal, NotFound):
        wrong["code"] = refusal.detail
    told = {"wrong": wrong, "refusal": refusal, "code": fields.get("code", "")}
    text = page("invitation.html", **frame(request, "Choose a password"), **told)
    return HTMLResponse(text, int(refusal.status) if refusal else 200)
