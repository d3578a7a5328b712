"""What an endpoint asks for: the caller, the caller's view of the database, a permission."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from app.access import queries
from app.access.passwords import fingerprint
from app.access.policy import May, Viewer
from app.kit.db import Db as Confined
from app.kit.db import Pool
from app.kit.errors import NotSignedIn

bearer = HTTPBearer(auto_error=False, scheme_name="bearer")


async def get_viewer(
    request: Request,
    credential: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
) -> Viewer:
    """The caller, from the Authorization header: one look-up by a unique key."""
    if credential is None:
        raise NotSignedIn
    pool: Pool = request.state.pool
    async with pool.connection() as connection:
        viewer = await queries.viewer_of(connection, fingerprint(credential.credentials))
    if viewer is None:
        raise NotSignedIn("That token is unknown or has expired.")
    request.state.viewer = viewer
    return viewer


CurrentViewer = Annotated[Viewer, Depends(get_viewer)]


async def get_db(request: Request, viewer: CurrentViewer) -> AsyncIterator[Confined]:
    """One transaction a request, showing only the caller's rows, committed when it succeeds."""
    pool: Pool = request.state.pool
    confined = pool.confined(viewer.clinic_id, actor=viewer.id, patient_id=viewer.patient_id)
    async with confined as db:
        yield db


def permitted(*verbs: May) -> Any:
    """Depends() for a viewer who may do one of these; anyone else gets a 403."""

    async def check(viewer: CurrentViewer) -> Viewer:
        viewer.must(*verbs)
        return viewer

    check.verbs = verbs  # type: ignore[attr-defined]  # read by the test that every endpoint has one
    return Depends(check)


# scope="function" ends the transaction before the answer leaves. With FastAPI's default the
# commit would come after, and a client could be told 201 about a row that never landed.
Db = Annotated[Confined, Depends(get_db, scope="function")]

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
