"""What a page asks for: who is signed in on this browser, and that a form is one of ours."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated
from urllib.parse import quote

from fastapi import Depends, Request, Response

from app.access import queries as access
from app.access.actions import SignIn
from app.access.deps import closing_of
from app.access.passwords import fingerprint
from app.access.policy import Caller, May, Viewer
from app.config import Settings
from app.kit import clock
from app.kit.db import Db, Pool
from app.kit.errors import NotAllowed, NotFound, NotSignedIn, Refusal
from app.web import cookies, queries
from app.web.cookies import Session

HANDED = "afterglow-handed"
"""The cookie of a tablet that was handed to a patient."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Somebody of the staff at a browser."""

    viewer: Viewer
    session: Session
    cookie: str


def cookie_name(settings: Settings) -> str:
    """Off loopback the cookie is the host's alone and only crosses the network under TLS."""
    return cookies.SECURE_NAME if settings.tls_in_front else cookies.NAME


def session_of(request: Request) -> Session | None:
    """The session that this browser says it has."""
    return cookies.session_of(request.cookies.get(cookie_name(request.state.settings)))


class SignedIn:
    """Somebody of the staff who may do one of these; anyone else signs in, or is refused.

    The viewer is left where access.deps finds it: from there on a page is a request like any other.
    """

    def __init__(self, *verbs: May) -> None:
        self.verbs = verbs

    async def __call__(self, request: Request) -> Visitor:
        """Who it is. Raises NotSignedIn and NotAllowed."""
        session = session_of(request)
        if session is None:
            raise NotSignedIn
        pool: Pool = request.state.pool
        async with pool.connection() as connection:
            viewer = await access.viewer_of(connection, fingerprint(session.token))
        if viewer is None or viewer.caller != Caller.STAFF:
            raise NotSignedIn
        request.state.viewer = viewer
        request.state.session = session
        if "text/html" in request.headers.get("Accept", ""):
            # What a script fetches has no frame to show it in.
            async with pool.confined(viewer.clinic_id, actor=viewer.id) as db:
                request.state.person = await queries.who(db, viewer.id)
        if self.verbs:
            viewer.must(*self.verbs)
        await self._judge_form(request, session)
        return Visitor(viewer, session, cookie_name(request.state.settings))

    async def _judge_form(self, request: Request, session: Session) -> None:
        """What changes something must come from a page of this session. Raises NotAllowed."""
        if request.method not in {"GET", "HEAD"}:
            from_here(request)
            sent = request.headers.get("X-Form-Proof") or (await request.form()).get("proof") or ""
            if not isinstance(sent, str) or not session.proves(sent):
                raise NotAllowed("This form is not of your session. Open the page again.")


async def handed_over(request: Request) -> Viewer:
    """The patient to whom this tablet was handed. Raises NotSignedIn."""
    pool: Pool = request.state.pool
    async with pool.connection() as connection:
        token = request.cookies.get(HANDED, "")
        viewer = await access.viewer_of(connection, fingerprint(token))
    if viewer is None or viewer.caller != Caller.DEVICE:
        raise NotSignedIn
    request.state.viewer = viewer
    return viewer


HandedOver = Annotated[Viewer, Depends(handed_over)]


def from_here(request: Request) -> None:
    """Raise NotAllowed for a form that a page of another site sent."""
    origin, host = request.headers.get("Origin"), request.headers.get("Host", "")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    elsewhere = origin is not None and origin not in {f"http://{host}", f"https://{host}"}
    if elsewhere or site not in {"same-origin", "none"}:
        raise NotAllowed("That came from another site.")


def staff(*verbs: May) -> object:
    """Depends() for somebody of the staff who may do one of these."""
    return Depends(SignedIn(*verbs))


Anyone = Annotated[Visitor, staff()]
Reader = Annotated[Visitor, staff(May.READ_CHART)]
Charter = Annotated[Visitor, staff(May.CHART)]
Decider = Annotated[Visitor, staff(May.DECIDE)]
AlertReader = Annotated[Visitor, staff(May.SEE_ALERTS)]
AlertHandler = Annotated[Visitor, staff(May.ACKNOWLEDGE_ALERT)]
Administrator = Annotated[Visitor, staff(May.ADMINISTER)]
AuditReader = Annotated[Visitor, staff(May.READ_AUDIT)]


def life(signing: SignIn) -> timedelta:
    """How long a session lasts without being used."""
    return timedelta(minutes=signing.minutes)


def is_due(session: Session, signing: SignIn) -> bool:
    """Whether a session should be made longer now."""
    return session.is_due(clock.now(), life(signing))


def back_to(request: Request) -> str:
    """The page to return to after signing in, as part of an address."""
    return quote(request.url.path, safe="/")


class ShownAgain(Exception):
    """Nothing failed: a form was refused, and its page is shown again with what was wrong."""

    def __init__(self, response: Response) -> None:
        self.response = response


Again = Callable[..., Awaitable[Response]]
"""The page of a form once more, from a transaction and `refusal`."""


@asynccontextmanager
async def writing(request: Request, again: Again | None = None) -> AsyncIterator[Db]:
    """A transaction of whoever is signed in, with its row of the audit; a refusal undoes it.

    For forms that are shown again when they are refused: `access.deps.Db` would keep what was
    written before the refusal. Raises ShownAgain with that page, but where what the form is about
    isn't there, or isn't theirs to change.
    """
    viewer: Viewer = request.state.viewer
    pool: Pool = request.state.pool
    closing = closing_of(request, viewer)
    try:
        async with pool.confined(viewer.clinic_id, actor=viewer.id, closing=closing) as db:
            yield db
    except Refusal as refusal:
        if again is None or isinstance(refusal, NotFound | NotAllowed):
            raise
        async with reading(request) as db:
            raise ShownAgain(await again(db, refusal=refusal)) from refusal


@asynccontextmanager
async def reading(request: Request) -> AsyncIterator[Db]:
    """A transaction of whoever is signed in that ends before the answer begins."""
    viewer: Viewer = request.state.viewer
    pool: Pool = request.state.pool
    async with pool.confined(viewer.clinic_id, actor=viewer.id) as db:
        yield db
