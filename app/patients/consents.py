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
from app.records.kinds import Kind, Telling

REQUIRED_FOR_PHONES = "consents.required_for_enrolment"


async def end_phones(telling: Telling) -> None:
    """Who withdraws the consent to phones has none any more: access ends with the withdrawal.

    A code lasts three days, so what was enrolled later than that was agreed to anew: an import of
    old withdrawals ends no phone of today's.
    """
    sent, patient_id = telling.sent, telling.subject.id
    if not isinstance(sent, ConsentIn) or sent.kind is not ConsentKind.PHONE:
        return
    if sent.withdrawn_at is not None and not await holds(telling.db, patient_id, sent.kind):
        await phones.end_all(telling.db, patient_id, sent.withdrawn_at + phones.ENROLMENT_LIFE)


CONSENT = Kind(
    noun="consent",
    path="/v1/consents",
    model=ConsentIn,
    statements=queries.CONSENT,
    after=end_phones,
)


async def holds(db: Db, patient_id: UUID, kind: ConsentKind) -> bool | None:
    """Whether the newest consent of a kind stands; None where there never was one."""
    row = await queries.consent_of(db, patient_id, kind, clock.now())
    return None if row is None else row["withdrawn_at"] is None


async def enrol(db: Db, viewer: Viewer, patient_id: UUID, held_by: str) -> dict[str, object]:
    """A code for a patient's phone.

    Raises ConsentMissing for who withdrew it, and for who never gave it where the clinic asks it.
    """
    refuse_closed(await queries.subject(db, patient_id))
    given = await holds(db, patient_id, ConsentKind.PHONE)
    if given is False or (given is None and (await chosen(db)).get(REQUIRED_FOR_PHONES)):
        raise ConsentMissing("Record a consent of kind phone first.")
    return await phones.enrol(db, viewer, patient_id, held_by)
