"""What was given beside the drug within a session."""

from app.infusions import queries
from app.infusions.queries import MEDICATION_GIVEN as STATEMENTS
from app.infusions.schemas import MedicationGivenIn
from app.infusions.tables import SessionStatus
from app.kit.errors import Voided
from app.patients.queries import hold
from app.records.kinds import Kind, Telling


async def derive(telling: Telling) -> None:
    """It belongs to a session that stands, begun or not. Raises Voided."""
    if telling.before is not None:
        return
    telling.values["infusion_id"] = telling.subject.under
    session = await queries.session(telling.db, telling.values["infusion_id"])
    if session["status"] == SessionStatus.ENTERED_IN_ERROR:
        raise Voided


MEDICATION_GIVEN = Kind(
    noun="medication_given",
    path="/v1/medications-given",
    model=MedicationGivenIn,
    statements=STATEMENTS,
    derive=derive,
    subject=hold,
)
