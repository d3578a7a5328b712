"""A patient's phones: the codes that enrol them, and the end of their access. No HTTP here."""

from datetime import datetime, timedelta
from uuid import UUID

from app.access import passwords, queries
from app.access.policy import Viewer
from app.access.queries.phones import end_phones
from app.kit import clock
from app.kit.db import Db, Row
from app.kit.errors import Conflict, NotFound
from app.kit.ids import new_id

ENROLMENT_LIFE = timedelta(hours=72)
"""A code lasts over a weekend."""


async def enrol(db: Db, viewer: Viewer, patient_id: UUID, held_by: str) -> dict[str, object]:
    """Make a code that turns one phone into this patient's. The patient must exist."""
    code, now, enrolment_id = passwords.new_code(), clock.now(), new_id()
    await queries.add(
        db,
        queries.ADD_ENROLMENT,
        id=enrolment_id,
        patient_id=patient_id,
        sha256=passwords.fingerprint(passwords.plain_code(code)),
        held_by=held_by,
        created_at=now,
        created_by=viewer.id,
        expires_at=now + ENROLMENT_LIFE,
        redeemed_at=None,
        revoked_at=None,
    )
    return {
        "id": enrolment_id,
        "patient_id": patient_id,
        "code": code,
        "for": held_by,
        "expires_at": now + ENROLMENT_LIFE,
    }


async def revoke_enrolment(db: Db, enrolment_id: UUID) -> dict[str, object]:
    """Make a code worthless. Again is harmless. Raises NotFound, and Conflict for one redeemed."""
    row = await queries.revoke_enrolment(db, enrolment_id, clock.now())
    if row is None:
        raise NotFound
    if row["redeemed_at"] is not None:
        raise Conflict("A phone was enrolled with it: revoke the phone.")
    return shown(row)


def shown(row: Row) -> dict[str, object]:
    """A code that was given, as the API shows it: whose phone it is for is called `for`."""
    told = dict(row)
    return {"for": told.pop("held_by"), **told}


async def revoke_device(db: Db, patient_id: UUID, device_id: UUID) -> None:
    """End a phone's access. Raises NotFound for another patient's."""
    device = await db.row(queries.LOCK_DEVICE, id=device_id)
    if device is None or device["patient_id"] != patient_id:
        raise NotFound
    await queries.revoke_device(db, device_id, clock.now())


async def end_all(db: Db, patient_id: UUID, until: datetime) -> None:
    """End every phone of a patient, and every code, that is not younger than `until`."""
    await end_phones(db, patient_id, until, clock.now())
