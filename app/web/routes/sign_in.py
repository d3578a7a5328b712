"""/sign-in, /sign-out"""

from typing import Annotated
from urllib.parse import quote, urlsplit

from fastapi import Form, Request, Response
from fastapi.responses import HTMLResponse

from app.access.addresses import network
from app.access.passwords import fingerprint
from app.access.policy import ONLY_SECOND_FACTOR
from app.access.second_factor import WRONG_CODE
from app.kit import clock
from app.kit.errors import NotSignedIn, SecondFactorNeeded, TooMany
from app.web import queries
from app.web.cookies import CLINIC, Session
from app.web.deps import Anyone, cookie_name, from_here
from app.web.rendering import page
from app.web.routing import frame, pages, redirect, remember, sign_in_of

router = pages()

Field = Annotated[str, Form(max_length=1024)]

HOME = "/today"

SET_UP = "/account"
"""Where whoever must set up a second factor first goes on."""


def inside(path: str) -> str:
    """A page of ours to go on to; anything else is the first page.

    >>> inside("/patients/1"), inside("//evil.example"), inside("https://evil.example")
    ('/patients/1', '/today', '/today')
    """
    told = urlsplit(path)
    ours = path.startswith("/") and not path.startswith(("//", "/\\")) and not told.netloc
    return path if ours and "\\" not in path else HOME


NO_CODE = "Your account has a second factor: type its code, and your password again."


def form(
    request: Request,
    status: int = 200,
    *,
    wrong: str = "",
    code_wrong: str = "",
    clinic: str = "",
    email: str = "",
) -> HTMLResponse:
    """The way in."""
    known = {
        "wrong": wrong,
        "code_wrong": code_wrong,
        "chosen": "chosen" in request.query_params,
        "clinic": clinic or request.query_params.get("clinic") or request.cookies.get(CLINIC, ""),
        "email": email,
        "next": inside(request.query_params.get("next", HOME)),
        "locked": "locked" in request.query_params,
    }
    return HTMLResponse(page("sign_in.html", **frame(request, "Sign in"), **known), status)


@router.get("/")
async def begin() -> Response:
    """The first page."""
    return redirect(HOME)


@router.get("/sign-in")
async def show_sign_in(request: Request) -> Response:
    """The way in."""
    return form(request)


@router.post("/sign-in")
async def sign_in(
    request: Request,
    clinic: Field = "",
    email: Field = "",
    password: Field = "",
    code: Field = "",
) -> Response:
    """Sign in, and go on to where one was."""
    from_here(request)
    clinic, email = clinic.strip().lower(), email.strip().lower()
    host = network(request.client.host if request.client else None)
    try:
        signing, asked = sign_in_of(request).at(request.scope), code.strip() or None
        access = await signing.staff(clinic, email, password, host, asked)
    except SecondFactorNeeded as refusal:
        return form(request, int(refusal.status), code_wrong=NO_CODE, clinic=clinic, email=email)
    except (NotSignedIn, TooMany) as refusal:
        name = "code_wrong" if refusal.detail == WRONG_CODE else "wrong"
        told = {name: refusal.detail}
        return form(request, int(refusal.status), clinic=clinic, email=email, **told)
    first = access.scope == ONLY_SECOND_FACTOR
    response = redirect(SET_UP if first else inside(request.query_params.get("next", HOME)))
    remember(request, response, Session(access.token, clock.now()), clinic)
    return response


@router.post("/sign-out")
async def sign_out(request: Request, visitor: Anyone) -> Response:
    """End this session, or all of one's own."""
    everywhere = (await request.form()).get("everywhere")
    locked = (await request.form()).get("locked")
    viewer = visitor.viewer
    async with request.state.pool.confined(viewer.clinic_id, actor=viewer.id) as db:
        if everywhere:
            await queries.revoke_all(db, clock.now(), viewer.id)
        else:
            await queries.revoke(db, fingerprint(visitor.session.token), clock.now())
    back = quote(inside(request.query_params.get("next", HOME)), safe="/")
    response = redirect(f"/sign-in?locked=1&next={back}" if locked else "/sign-in")
    response.delete_cookie(cookie_name(request.state.settings))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response
