"""What hangs on a session: it names a session of its own patient, and is voided along with it."""

from app.alerts.actions import evidence_changed
from app.alerts.tables import EvidenceStatus
from app.infusions import queries
from app.infusions.tables import SessionStatus
from app.kit.db import Row
from app.kit.errors import HasChildren, Invalid
from app.records.kinds import Telling


async def session_of(telling: Telling) -> Row | None:
    """The session that a record names, or None. Raises Invalid for one that it can't hang on.

    A phone may not know that a session was voided: what it sends is kept.
    """
    sent, before = telling.sent, telling.before
    if sent.infusion_id is None:
        return None
    row = await queries.session_of(telling.db, telling.subject.id, sent.infusion_id)
    if row is None:
        raise Invalid(("/infusion_id", "is no session of this patient"))
    new = before is None or before["infusion_id"] != sent.infusion_id
    by_phone = telling.values.get("device_at") is not None
    if new and not by_phone and row["status"] == SessionStatus.ENTERED_IN_ERROR:
        raise Invalid(("/infusion_id", "is a session that was entered in error"))
    return row


async def void_children(telling: Telling) -> None:
    """Void what hangs on a session that is voided. Raises HasChildren unless the caller says so.

    What was an alert's evidence is marked there; the alert stays open.
    """
    db, viewer, session = telling.db, telling.viewer, telling.before
    assert session is not None, "a session that is voided exists"
    if not await queries.has_children(db, session["patient_id"], session["id"]):
        return
    if not telling.sent.with_children:
        raise HasChildren
    at, reason = telling.values["changed_at"], telling.sent.reason
    voided = await queries.void_children(
        db, session["patient_id"], session["id"], at, viewer.id, reason
    )
    for noun, record_id in voided:
        await evidence_changed(
            db,
            viewer,
            subject_kind=noun,
            subject_id=record_id,
            evidence_status=EvidenceStatus.VOIDED,
        )
