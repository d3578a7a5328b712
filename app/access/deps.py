"""What an endpoint asks for: the caller, the caller's view of the database, a permission."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer
from fastapi.security.base import SecurityBase

from app.access import queries
from app.access.passwords import fingerprint
from app.access.policy import May, Viewer
from app.kit.db import Db as Confined
from app.kit.db import Pool
from app.kit.errors import NotSignedIn

bearer = HTTPBearer(auto_error=False, scheme_name="bearer")


async def viewer_of(request: Request) -> Viewer:
    """The caller, from the Authorization header: one look-up by a unique key, once a request.

    Whatever needs the caller asks here and not by a dependency: FastAPI walks the whole tree of
    dependencies for each request, the solved ones again, which took a tenth of its time.
    """
    viewer: Viewer | None = getattr(request.state, "viewer", None)
    if viewer is not None:
        return viewer
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedIn
    pool: Pool = request.state.pool
    async with pool.connection() as connection:
        viewer = await queries.viewer_of(connection, fingerprint(token.strip()))
    if viewer is None:
        raise NotSignedIn("That token is unknown or has expired.")
    request.state.viewer = viewer
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

    async def __call__(self, request: Request) -> Viewer:
        """The caller. Raises NotSignedIn and NotAllowed."""
        viewer = await viewer_of(request)
        viewer.must(*self.verbs)
        return viewer


def permitted(*verbs: May) -> Any:
    """Depends() for a viewer who may do one of these."""
    return Depends(Permission(*verbs))


async def get_db(request: Request) -> AsyncIterator[Confined]:
    """One transaction a request, showing only the caller's rows, committed when it succeeds."""
    viewer = await viewer_of(request)
    pool: Pool = request.state.pool
    confined = pool.confined(viewer.clinic_id, actor=viewer.id, patient_id=viewer.patient_id)
    async with confined as db:
        yield db


# scope="function" ends the transaction before the answer leaves. With FastAPI's default the
# commit would come after, and a client could be told 201 about a row that never landed.
Db = Annotated[Confined, Depends(get_db, scope="function")]

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
