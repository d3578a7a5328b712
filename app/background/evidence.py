"""What becomes of the alerts that rest on what was recorded of a patient's background."""

from app.alerts.actions import resting_on_changed
from app.alerts.tables import EvidenceStatus
from app.records.kinds import Telling
from app.records.tables import Status


async def mark(telling: Telling) -> None:
    """Say of the alerts that rest on a record that it was corrected or voided. It closes none."""
    before = telling.before
    if before is None:
        return
    voided = telling.values["status"] == Status.ENTERED_IN_ERROR
    status = EvidenceStatus.VOIDED if voided else EvidenceStatus.CORRECTED
    await resting_on_changed(telling.db, telling.viewer, telling.subject.id, before["id"], status)
