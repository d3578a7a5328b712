"""Consents: what somebody agreed to, and what may not be done without."""

from uuid import UUID

from app.access import phones
from app.access.policy import Viewer
from app.clinics.queries import chosen
from app.kit import clock
from app.kit.db import Db
from app.kit.errors import ConsentMissing
from app.patients import queries
from app.patients.schemas import ConsentIn
from app.patients.tables import ConsentKind
from app.records.actions import refuse_closed
from app.records.kinds import Kind

REQUIRED_FOR_PHONES = "consents.required_for_enrolment"

CONSENT = Kind(noun="consent", path="/v1/consents", model=ConsentIn, statements=queries.CONSENT)


async def must_have(db: Db, patient_id: UUID, kind: ConsentKind) -> None:
    """Whatever takes a consent asks here. Raises ConsentMissing; the newest of its kind counts."""
    if not await queries.consented(db, patient_id, kind.value, clock.now()):
        raise ConsentMissing(f"Record a consent of kind {kind.value} first.")


async def enrol(db: Db, viewer: Viewer, patient_id: UUID, held_by: str) -> dict[str, object]:
    """A code for a patient's phone. Raises ConsentMissing where the clinic requires a consent."""
    refuse_closed(await queries.subject(db, patient_id))
    if (await chosen(db)).get(REQUIRED_FOR_PHONES):
        await must_have(db, patient_id, ConsentKind.PHONE)
    return await phones.enrol(db, viewer, patient_id, held_by)
