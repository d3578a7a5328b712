"""How a page is answered: made from a template, refused as a page, its session kept alive."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from app.access.actions import SignIn
from app.access.passwords import fingerprint
from app.access.policy import ONLY_SECOND_FACTOR, May, Viewer
from app.config import Settings
from app.kit import clock
from app.kit.db import Pool
from app.kit.errors import Malformed, NotAllowed, NotFound, NotSignedIn, Refusal
from app.web import queries
from app.web.cookies import CLINIC, Session
from app.web.deps import ShownAgain, back_to, cookie_name, is_due, life, session_of
from app.web.rendering import page

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

SAFE = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
"""What every page says to the browser: nothing from elsewhere, nothing of it elsewhere."""


WORDS = {"Field required": "is needed"}
"""What is said beside a field in other words than to a program."""


class PageRoute(APIRoute):
    """A route that answers a refusal as a page, and who is not signed in with the way in."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler, with the page's own manners around it."""
        handle = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                response = await handle(request)
            except ShownAgain as form:
                response = form.response
            except NotSignedIn:
                response = to_sign_in(request)
            except NotAllowed as refusal:
                response = elsewhere(request) or refused(request, refusal)
            except Refusal as refusal:
                response = refused(request, refusal)
            except RequestValidationError:
                response = refused(request, NotFound())
            response.headers.update(SAFE)
            await keep_alive(request, response)
            return response

        return answer


def pages(**how: Any) -> APIRouter:
    """A router of pages: none of them is in the API's document."""
    return APIRouter(route_class=PageRoute, include_in_schema=False, **how)


def to_sign_in(request: Request) -> Response:
    """Sign in first; what reads by script is told by the status."""
    if request.headers.get("X-Form-Proof") or "text/html" not in request.headers.get(
        "Accept", "text/html"
    ):
        return Response(status_code=HTTPStatus.UNAUTHORIZED)
    response = redirect(f"/sign-in?next={back_to(request)}")
    response.delete_cookie(cookie_name(request.state.settings))
    return response


def elsewhere(request: Request) -> Response | None:
    """Where whoever may not see a page goes on instead; None for most.

    Who must set up a second factor does that first; today is no page for who reads the audit alone.
    """
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    if viewer is None or request.method != "GET":
        return None
    if viewer.scope == ONLY_SECOND_FACTOR:
        return redirect("/account")
    to_audit = request.url.path == "/today" and viewer.may(May.READ_AUDIT)
    return redirect("/audit") if to_audit else None


def refused(request: Request, refusal: Refusal) -> Response:
    """A refusal as a page, in its own words."""
    known = {"refusal": refusal, "wrong": wrong_of(refusal)}
    text = page("refused.html", **frame(request, refusal.title), **known)
    return HTMLResponse(text, int(refusal.status), refusal.headers)


def wrong_of(refusal: Refusal) -> list[dict[str, str]]:
    """What was wrong where, of a refusal that says."""
    found: Any = refusal.facts.get("errors", [])
    return list(found)


def wrong_by_field(refusal: Refusal | None) -> dict[str, str]:
    """The same, to stand beside the fields of a form."""
    told = wrong_of(refusal) if refusal else []
    return {one["pointer"].strip("/"): WORDS.get(one["detail"], one["detail"]) for one in told}


def frame(request: Request, title: str) -> dict[str, Any]:
    """What the frame around every page needs."""
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    session: Session | None = getattr(request.state, "session", None)
    return {
        "title": title,
        "bare": False,
        "viewer": viewer,
        "may": (lambda verb: viewer is not None and viewer.may(May[verb])),
        "signed_in": getattr(request.state, "person", None),
        "proof": session.proof() if session else "",
        "path": request.url.path,
        "now": clock.now(),
        "idle_minutes": request.state.settings.idle_minutes,
    }


def show(request: Request, template: str, title: str, **known: Any) -> HTMLResponse:
    """A page."""
    return HTMLResponse(page(template, **frame(request, title) | known))


async def fields_of(request: Request) -> dict[str, str]:
    """The fields of a form that are text. Raises Malformed for what no database can hold."""
    fields = {name: one for name, one in (await request.form()).items() if isinstance(one, str)}
    try:
        "".join(fields.values()).encode()
    except UnicodeEncodeError:
        raise Malformed("A field holds half of a character: send the form as UTF-8.") from None
    return fields


def redirect(to: str) -> Response:
    """After a form: look at what came of it."""
    return RedirectResponse(to, HTTPStatus.SEE_OTHER)


def remember(request: Request, response: Response, session: Session, clinic: str = "") -> None:
    """Give the browser its session. It ends with the browser, and with the token."""
    settings: Settings = request.state.settings
    secure = settings.tls_in_front
    response.set_cookie(
        cookie_name(settings), session.text, httponly=True, secure=secure, samesite="lax", path="/"
    )
    if clinic:
        response.set_cookie(
            CLINIC, clinic, max_age=400 * 86400, httponly=True, secure=secure, samesite="strict"
        )


async def keep_alive(request: Request, response: Response) -> None:
    """Let a session that is used live on."""
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    session, signing = session_of(request), sign_in_of(request)
    # What a page fetches by itself is nobody's touch.
    by_itself = getattr(request.state, "in_background", False)
    if viewer is None or session is None or by_itself or not is_due(session, signing):
        return
    if response.status_code == HTTPStatus.UNAUTHORIZED or "set-cookie" in response.headers:
        return
    now = clock.now()
    pool: Pool = request.state.pool
    async with pool.confined(viewer.clinic_id, actor=viewer.id) as db:
        kept = await queries.extend(db, fingerprint(session.token), now, life(signing))
    if kept:
        remember(request, response, Session(session.token, now))


def sign_in_of(request: Request) -> SignIn:
    """Where credentials are checked."""
    signing: SignIn = request.state.sign_in
    return signing
