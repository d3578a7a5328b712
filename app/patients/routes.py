"""/v1/patients, their courses, baselines, enrolments and phones"""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access import phones
from app.access import queries as credentials
from app.access.deps import Administrator, Charter, ChartReader, Db, DeviceManager, Enroller
from app.access.policy import May
from app.access.schemas import DevicesOut, EnrolmentIn, EnrolmentOut, EnrolmentShown, EnrolmentsOut
from app.kit.bodies import Unread, written
from app.kit.http import IfMatch, body, linked, patch, send
from app.kit.paging import LIMIT, Limit, Page, page_body
from app.kit.values import Day, Text
from app.patients import actions, courses, queries
from app.patients.baselines import BASELINE
from app.patients.consents import CONSENT, enrol
from app.patients.routing import Doors, Key, clinical_routes
from app.patients.schemas import (
    BaselineOut,
    ConsentOut,
    CourseIn,
    CourseOut,
    LegalHold,
    PatientIn,
    PatientOut,
    Search,
)
from app.records import actions as records
from app.records import changes
from app.records.kinds import Kept
from app.records.schemas import History, Void, patch_of

router = APIRouter(tags=["patients"])

PATIENT = "/v1/patients/{patient_id}"
COURSE = "/v1/courses/{course_id}"

Sent = Annotated[Unread[PatientIn], Depends(body(PatientIn))]
Cursor = Annotated[str | None, Query(max_length=500)]


def located(kept: Kept) -> Response:
    """A new patient, and where they are."""
    place = f"/v1/patients/{kept.id}"
    return send(kept.json, 201 if kept.created else 200, version=kept.version, Location=place)


@router.post("/v1/patients", status_code=201, response_model=PatientOut)
async def add_patient(
    request: Request, viewer: Charter, unread: Sent, db: Db, key: Key = None
) -> Response:
    """Register a patient. An identifier that another patient has is 409 with their id."""

    async def make() -> Kept:
        return await actions.create(db, viewer, unread)

    return located(await records.once(db, viewer, key, (request.url.path, unread.raw), make))


@router.put(
    PATIENT,
    response_model=PatientOut,
    responses={201: {"model": PatientOut, "description": "Created"}},
)
async def put_patient(patient_id: UUID, viewer: Charter, unread: Sent, db: Db) -> Response:
    """Register a patient under an id of your choosing. Safe to repeat."""
    return located(await actions.create(db, viewer, unread, patient_id))


@router.get("/v1/patients", response_model=Page[PatientOut])
async def list_patients(
    request: Request,
    _: ChartReader,
    db: Db,
    identifier: Annotated[Text | None, Query(description="SYSTEM|VALUE")] = None,
    birth_date: Annotated[Day | None, Query()] = None,
    active: Annotated[bool | None, Query()] = None,
    include_voided: Annotated[bool, Query()] = False,  # noqa: FBT002  # a query parameter
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """The clinic's patients, in the order of their ids."""
    told = {"identifier": identifier, "birth_date": birth_date, "active": active}
    voided = {"voided": include_voided}
    return linked(request, *await actions.listed(db, limit, cursor, told | voided))


@router.post("/v1/patients/search", response_model=Page[PatientOut])
async def search_patients(
    request: Request,
    _: ChartReader,
    unread: Annotated[Unread[Search], Depends(body(Search))],
    db: Db,
    limit: Limit = LIMIT,
    cursor: Cursor = None,
) -> Response:
    """Find patients by the beginning of either name. Names stay out of URLs."""
    return linked(request, *await actions.search(db, limit, cursor, unread.read()))


@router.get(PATIENT, response_model=PatientOut)
async def get_patient(patient_id: UUID, _: ChartReader, db: Db) -> Response:
    """One patient."""
    kept = await actions.get(db, patient_id)
    return send(kept.json, version=kept.version)


@router.patch(PATIENT, response_model=PatientOut)
async def change_patient(
    patient_id: UUID,
    viewer: Charter,
    match: IfMatch,
    unread: Annotated[Unread[PatientIn], Depends(patch(patch_of(PatientIn)))],
    db: Db,
) -> Response:
    """Change a patient by merge patch. If-Match says which version."""
    kept = await actions.change(db, viewer, patient_id, match, unread)
    return send(kept.json, version=kept.version)


@router.post(f"{PATIENT}/void", response_model=PatientOut)
async def void_patient(
    patient_id: UUID,
    viewer: Charter,
    unread: Annotated[Unread[Void], Depends(body(Void))],
    db: Db,
) -> Response:
    """Mark a patient as registered by mistake. What is recorded of them is voided first."""
    kept = await actions.void(db, viewer, patient_id, unread)
    return send(kept.json, version=kept.version)


@router.put(f"{PATIENT}/legal-hold", response_model=PatientOut)
async def hold_for_the_law(
    patient_id: UUID,
    viewer: Administrator,
    unread: Annotated[Unread[LegalHold], Depends(body(LegalHold))],
    db: Db,
) -> Response:
    """Say whether nothing of a patient may be erased, and why."""
    kept = await actions.hold_for_the_law(db, viewer, patient_id, unread)
    return send(kept.json, version=kept.version)


@router.get(f"{PATIENT}/history", response_model=History)
async def patient_history(patient_id: UUID, _: ChartReader, db: Db) -> Response:
    """Every version of a patient's own data."""
    return send(await changes.history(db, queries.PATIENT, patient_id))


@router.get(f"{PATIENT}/courses", response_model=Page[CourseOut])
async def list_courses(patient_id: UUID, _: ChartReader, db: Db) -> Response:
    """A patient's courses, the first one first."""
    await queries.subject(db, patient_id)
    rows = await db.rows(queries.LIST_COURSES, patient_id=patient_id)
    return send(page_body([row["json"] for row in rows], None))


@router.get(COURSE, response_model=CourseOut)
async def get_course(course_id: UUID, _: ChartReader, db: Db) -> Response:
    """One course."""
    kept = await courses.get(db, course_id)
    return send(kept.json, version=kept.version)


@router.patch(COURSE, response_model=CourseOut)
async def change_course(
    course_id: UUID,
    viewer: Charter,
    match: IfMatch,
    unread: Annotated[Unread[CourseIn], Depends(patch(patch_of(CourseIn)))],
    db: Db,
) -> Response:
    """Say what a course is for. If-Match says which version."""
    kept = await courses.change(db, viewer, course_id, match, unread)
    return send(kept.json, version=kept.version)


@router.get(f"{COURSE}/history", response_model=History)
async def course_history(course_id: UUID, _: ChartReader, db: Db) -> Response:
    """Every version of what was said of a course."""
    return send(await changes.history(db, queries.COURSE, course_id))


@router.post(f"{PATIENT}/enrolments", status_code=201, response_model=EnrolmentOut)
async def enrol_phone(
    patient_id: UUID,
    viewer: Enroller,
    unread: Annotated[Unread[EnrolmentIn], Depends(body(EnrolmentIn))],
    db: Db,
) -> Response:
    """A code that turns one phone into this patient's, once, within 72 hours."""
    await queries.subject(db, patient_id)
    made = await enrol(db, viewer, patient_id, unread.read().held_by)
    return send(written(made), 201, Cache_Control="no-store")


@router.get(f"{PATIENT}/enrolments", response_model=EnrolmentsOut)
async def list_enrolments(patient_id: UUID, _: DeviceManager, db: Db) -> Response:
    """The codes that were given for a patient's phones, used and expired ones too."""
    await queries.subject(db, patient_id)
    items = [phones.shown(row) for row in await credentials.enrolments_of(db, patient_id)]
    return send(written({"items": items, "next_cursor": None}))


@router.post("/v1/enrolments/{enrolment_id}/revoke", response_model=EnrolmentShown)
async def revoke_enrolment(enrolment_id: UUID, _: DeviceManager, db: Db) -> Response:
    """Make a code that nobody has used worthless. Again is harmless."""
    return send(written(await phones.revoke_enrolment(db, enrolment_id)))


@router.get(f"{PATIENT}/devices", response_model=DevicesOut)
async def list_devices(patient_id: UUID, _: DeviceManager, db: Db) -> Response:
    """A patient's phones, revoked ones too."""
    await queries.subject(db, patient_id)
    return send(devices(await credentials.devices_of(db, patient_id)))


@router.delete(f"{PATIENT}/devices/{{device_id}}", status_code=204)
async def revoke_device(patient_id: UUID, device_id: UUID, _: DeviceManager, db: Db) -> None:
    """End a phone's access at once. Again is harmless."""
    await phones.revoke_device(db, patient_id, device_id)


def devices(rows: Any) -> bytes:
    """Phones as the API shows them."""
    items = [{"for": row["held_by"], **dict(row)} for row in rows]
    for item in items:
        item.pop("held_by")
    return written({"items": items, "next_cursor": None})


baselines = clinical_routes(Doors(BASELINE, BaselineOut, write=May.SET_BASELINE))
consents = clinical_routes(Doors(CONSENT, ConsentOut))
