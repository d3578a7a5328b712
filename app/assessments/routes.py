"""/v1/assessments, /v1/instruments and the schedules that staff set"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Response

from app.access.deps import Db, InstrumentReader, Planner, ScheduleReader
from app.assessments import schedules
from app.assessments.actions import ASSESSMENT
from app.assessments.schemas import AssessmentOut, ScheduleIn, SlotOut
from app.kit.bodies import Unread, written
from app.kit.errors import NotFound
from app.kit.http import body, send
from app.kit.paging import Page
from app.patients.routing import Doors, clinical_routes
from app.science import instruments

router = APIRouter(tags=["instruments"])

SCHEDULE = "/v1/patients/{patient_id}/schedule"

DESCRIPTIONS = {
    code: written(instruments.describe(one)) for code, one in instruments.INSTRUMENTS.items()
}
"""They change with the release only."""

EVERY_INSTRUMENT = b'{"items":[' + b",".join(DESCRIPTIONS.values()) + b'],"next_cursor":null}'

assessments = clinical_routes(Doors(ASSESSMENT, AssessmentOut))


@router.get("/v1/instruments", response_model=Page)
async def list_instruments(_: InstrumentReader) -> Response:
    """Every instrument: items, ranges, bands, safety items, licence, sources."""
    return send(EVERY_INSTRUMENT)


@router.get("/v1/instruments/{code}", response_model=dict[str, object])
async def get_instrument(code: str, _: InstrumentReader) -> Response:
    """One instrument, by its code."""
    if code not in DESCRIPTIONS:
        raise NotFound
    return send(DESCRIPTIONS[code])


@router.get(SCHEDULE, response_model=list[SlotOut])
async def get_schedule(patient_id: UUID, _: ScheduleReader, db: Db) -> Response:
    """What the patient is asked in the coming weeks."""
    return send(written(await schedules.schedule_of(db, patient_id)))


@router.put(SCHEDULE, response_model=list[SlotOut])
async def put_schedule(
    patient_id: UUID,
    viewer: Planner,
    unread: Annotated[Unread[ScheduleIn], Depends(body(ScheduleIn))],
    db: Db,
) -> Response:
    """Set what the patient is asked; an empty list returns to the default plan."""
    return send(written(await schedules.put_schedule(db, viewer, patient_id, unread)))
