"""Addresses where there is no page, when a person asks for one"""

from contextlib import suppress
from http import HTTPStatus

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from starlette.exceptions import HTTPException

from app.kit.errors import NotSignedIn
from app.kit.problems import PASSING, refusal_of
from app.web.deps import SignedIn, session_of
from app.web.rendering import page
from app.web.routing import SAFE, frame

OF_PROGRAMS = ("/v1", "/oauth2", "/problems", "/openapi.json", "/healthz", "/readyz", "/metrics")
"""Where programs are at home: they are answered as programs, whatever they would accept."""

SAYS = {
    HTTPStatus.NOT_FOUND: (
        "There is no page at this address",
        "It may be mistyped, or come from an older bookmark.",
    ),
    HTTPStatus.METHOD_NOT_ALLOWED: (
        "This address can't be opened like this",
        "It takes what a form of ours sends. Nothing was changed.",
    ),
}

OTHERWISE = ("That could not be read", "Go back, and send it again. Nothing was changed.")


def answer_lost(service: FastAPI) -> None:
    """Answer people with a page where there is none, and programs as before."""
    to_programs = service.exception_handlers[HTTPException]

    async def lost(request: Request, error: Exception) -> Response:
        if not is_a_person(request):
            return await to_programs(request, error)  # type: ignore[no-any-return,misc]  # ours is async
        assert isinstance(error, HTTPException)
        refusal = refusal_of(request, error)
        await look_who_is_here(request)
        title, text = SAYS.get(refusal.status, OTHERWISE)
        shown = page("lost.html", **frame(request, title), text=text)
        return HTMLResponse(shown, int(refusal.status), refusal.headers | SAFE)

    service.add_exception_handler(HTTPException, lost)


def is_a_person(request: Request) -> bool:
    """Whether a browser asks for a page, rather than a program for an answer."""
    path = request.url.path
    theirs = any(path == one or path.startswith(f"{one}/") for one in OF_PROGRAMS)
    return not theirs and "text/html" in request.headers.get("Accept", "")


async def look_who_is_here(request: Request) -> None:
    """Whoever is signed in sees the page in its frame; for anyone else it is bare."""
    if request.method == "GET" and session_of(request) is not None:
        with suppress(NotSignedIn, *PASSING):
            await SignedIn()(request)
