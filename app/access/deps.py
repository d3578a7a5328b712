"""What an endpoint asks for: the caller, the caller's view of the database, a permission."""

from collections.abc import AsyncIterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.base import SecurityBase

from app.access import queries
from app.access.actions import SignIn
from app.access.addresses import network
from app.access.passwords import fingerprint
from app.access.policy import FOR_CLIENTS, May, Viewer
from app.access.rates import Rates
from app.access.recording import ACTING_FOR, OF_NO_CHART, Scope, entry_of, reads, template_of
from app.access.refused import Refused, asked
from app.audit.queries import appended
from app.audit.trail import Trail
from app.kit.db import Closing, Pool
from app.kit.db import Db as Confined
from app.kit.errors import NotSignedIn
from app.kit.http import told

bearer = HTTPBearer(auto_error=False, scheme_name="bearer")


async def viewer_of(request: Request) -> Viewer:
    """The caller, from the Authorization header: one look-up by a unique key, once a request.

    Whatever needs the caller asks here and not by a dependency: FastAPI walks the whole tree of
    dependencies for each request, the solved ones again, which took a tenth of its time.
    Raises NotSignedIn, and TooMany for who asks too often.
    """
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    if viewer is not None:
        return viewer
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    pool: Pool = request.state.pool
    sha256 = fingerprint(token.strip())
    async with pool.connection() as connection:
        viewer = await queries.viewer_of(connection, sha256)
        ended = None if viewer else await queries.ended_token(connection, sha256)
    if viewer is None:
        refused: Refused = request.state.refused
        refused.note(int(NotSignedIn.status), asked(request.scope), ended)
        raise NotSignedIn("That token is unknown or has expired.")
    request.state.viewer = viewer
    rates: Rates = request.state.rates
    rates.take((viewer.clinic_id, viewer.id), request.state.headers)
    return viewer


class SignedIn(SecurityBase):
    """A bearer token of anyone whom we know."""

    model = bearer.model
    scheme_name = bearer.scheme_name

    async def __call__(self, request: Request) -> Viewer:
        """The caller. Raises NotSignedIn."""
        return await viewer_of(request)


class Permission(SignedIn):
    """A bearer token of a caller who may do one of these; anyone else gets a 403."""

    def __init__(self, *verbs: May) -> None:
        self.verbs = verbs
        """Read by the test that every endpoint names its permission."""
        self.parameters = [ACTING_FOR] if FOR_CLIENTS & set(verbs) else []
        """Read by kit.openapi: what is read of the request beside the endpoint."""

    async def __call__(self, request: Request) -> Viewer:
        """The caller. Raises NotSignedIn and NotAllowed."""
        viewer = await viewer_of(request)
        viewer.must(*self.verbs)
        return viewer


def permitted(*verbs: May) -> Any:
    """Depends() for a viewer who may do one of these."""
    return Depends(Permission(*verbs))


def closing_of(request: Request, viewer: Viewer) -> Closing:
    """What keeps a write's row of the audit in the transaction of the write."""
    scope = request.scope
    told.set((getattr(scope.get("route"), "status_code", None) or int(HTTPStatus.OK), None))
    closing = Closing(lambda: appended(entry_of(scope, viewer, *told.get())))
    request.state.closing = closing
    return closing


async def record(scope: Scope, status: int) -> None:
    """Keep a request's row of the audit, unless its transaction did. On disk when this returns.

    Reads share a commit. Whoever is not signed in has no clinic to keep a row in: see the log.
    """
    state = scope["state"]
    # It knows its request: left in there, both would stay until a collection finds them.
    viewer, closing = state.get("viewer"), state.pop("closing", None)
    if viewer is None or (closing is not None and closing.committed):
        return
    if template_of(scope) not in OF_NO_CHART:
        trail: Trail = state["trail"]
        await trail.add(entry_of(scope, viewer, status))


async def get_db(request: Request) -> AsyncIterator[Confined]:
    """One transaction a request, showing only the caller's rows, committed when it succeeds."""
    viewer = await viewer_of(request)
    pool: Pool = request.state.pool
    closing = None if reads(request.scope) else closing_of(request, viewer)
    own = viewer.patient_id
    async with pool.confined(
        viewer.clinic_id, actor=viewer.id, patient_id=own, closing=closing
    ) as db:
        yield db


# scope="function" ends the transaction before the answer leaves. With FastAPI's default the
# commit would come after, and a client could be told 201 about a row that never landed.
Db = Annotated[Confined, Depends(get_db, scope="function")]


def sign_in(request: Request) -> SignIn:
    """Where credentials are checked."""
    signing: SignIn = request.state.sign_in
    return signing.at(request.scope)


SigningIn = Annotated[SignIn, Depends(sign_in)]


def address(request: Request) -> str:
    """Where the caller knocks from."""
    return network(request.client.host if request.client else None)


Address = Annotated[str, Depends(address)]


def token_of(request: Request) -> bytes:
    """The hash of the token that a request carries, for whoever tells sessions apart."""
    return fingerprint(request.headers.get("Authorization", "").partition(" ")[2].strip())


OwnToken = Annotated[bytes, Depends(token_of)]

CurrentViewer = Annotated[Viewer, Depends(SignedIn())]

ChartReader = Annotated[Viewer, permitted(May.READ_CHART)]
Charter = Annotated[Viewer, permitted(May.CHART)]
BaselineSetter = Annotated[Viewer, permitted(May.SET_BASELINE)]
AlertReader = Annotated[Viewer, permitted(May.SEE_ALERTS)]
AlertHandler = Annotated[Viewer, permitted(May.ACKNOWLEDGE_ALERT)]
AlertCloser = Annotated[Viewer, permitted(May.CLOSE_ALERT, May.CLOSE_GRAVE_ALERT)]
Planner = Annotated[Viewer, permitted(May.PLAN_CHECK_INS)]
ScheduleReader = Annotated[Viewer, permitted(May.READ_CHART)]
Enroller = Annotated[Viewer, permitted(May.ENROL_PHONE)]
DeviceManager = Annotated[Viewer, permitted(May.MANAGE_DEVICES)]
Phone = Annotated[Viewer, permitted(May.CHECK_IN)]
OwnPhone = Annotated[Viewer, permitted(May.READ_OWN)]
OwnReader = Annotated[Viewer, permitted(May.READ_CHART, May.READ_OWN)]
InstrumentReader = Annotated[Viewer, permitted(May.READ_INSTRUMENTS)]
SettingsReader = Annotated[Viewer, permitted(May.READ_SETTINGS)]
Administrator = Annotated[Viewer, permitted(May.ADMINISTER)]
AuditReader = Annotated[Viewer, permitted(May.READ_AUDIT)]
AccountHolder = Annotated[Viewer, permitted(May.KEEP_ACCOUNT)]
FactorHolder = Annotated[Viewer, permitted(May.SET_UP_SECOND_FACTOR)]
