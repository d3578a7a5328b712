"""Forgetting a person: their episodes stay, and tell of nobody."""

from uuid import UUID

from app.audit import actions as audit
from app.exchange.queries import erasing
from app.kit import clock
from app.kit.db import Db
from app.kit.failed import Failed
from app.patients.queries.following import hold_two


async def erase(db: Db, patient_id: UUID, reason: str) -> int:
    """Erase a patient, and whoever was merged into them, for the owner; how many charts.

    Names, birth date but for the year, contacts, identifiers, phones and whatever somebody wrote
    go, from what the rows were before too. Raises Failed under a legal hold.
    """
    await hold_two(db, patient_id)
    found = {row["id"]: row for row in await erasing.who(db, patient_id)}
    if patient_id not in found:
        raise Failed("There is no patient of that id at this clinic.")
    if found[patient_id]["merged_into_id"] is not None:
        raise Failed(f"That patient became {found[patient_id]['merged_into_id']}: erase that one.")
    if any(row["legal_hold"] for row in found.values()):
        raise Failed("The patient is under a legal hold: an admin lifts it, and says why.")
    await erasing.forget(db, list(found), clock.now(), reason)
    await audit.note(db, "patient erase", patient_id=patient_id)
    return len(found)
