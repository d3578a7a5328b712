"""Patients as they come in a batch: by an id, or by what another system calls them."""

from uuid import UUID

from app.access.policy import Viewer
from app.exchange import queries
from app.exchange.items import Item
from app.exchange.standing import Standing
from app.kit.bodies import Unread, written
from app.kit.db import Db, Row
from app.kit.errors import IdentifierTaken
from app.patients import actions
from app.patients.queries import PATIENT
from app.patients.schemas import PatientIn
from app.records.stamps import digest


async def register(db: Db, viewer: Viewer, known: Standing, item: Item) -> tuple[bool, UUID]:
    """Keep a patient once; whether they are new, and their id.

    One without an id is known by an identifier: the same content again is the same patient. Raises
    IdentifierTaken for other content, and what registering raises.
    """
    sent: PatientIn = item.sent
    named = [(one.system, one.value) for one in sent.identifiers]
    there = next((known.people[one] for one in named if one in known.people), None)
    if item.id is None and there is not None:
        await refuse_other(db, viewer, sent, there)
        return False, there
    unread = Unread(PatientIn, written(sent.model_dump(mode="json")))
    kept = await actions.create(db, viewer, unread, item.id)
    assert kept.id is not None, "a patient who was kept has an id"
    for one in named:  # an identifier may have followed its patient into another
        known.people.setdefault(one, kept.id)
    known.subjects[kept.id] = None
    return kept.created, kept.id


async def refuse_other(db: Db, viewer: Viewer, sent: PatientIn, there: UUID) -> None:
    """Raise IdentifierTaken unless this very content made the patient, or one who became them."""
    row = await db.row(PATIENT.find, id=there)
    if row is not None and made_by(viewer, sent, row):
        return
    if not any(made_by(viewer, sent, one) for one in await queries.merged_into(db, there)):
        raise IdentifierTaken(existing_id=str(there))


def made_by(viewer: Viewer, sent: PatientIn, row: Row) -> bool:
    """Whether this content made a patient, under an id of theirs or of ours."""
    made = {digest(viewer.clinic_id, sent), digest(row["id"], sent)}
    return bytes(row["content_sha256"]) in made
