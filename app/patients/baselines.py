"""Baselines that a clinician sets: the score a course is measured against."""

from app.kit.errors import Invalid
from app.patients import queries
from app.patients.schemas import BaselineIn
from app.records.kinds import Kind, Telling


async def refuse_strangers(telling: Telling) -> None:
    """The infusion and the assessment are this patient's. Raises Invalid."""
    sent: BaselineIn = telling.sent
    about = telling.subject.id
    if not await queries.has_infusion(telling.db, about, sent.first_infusion_id):
        raise Invalid(("/first_infusion_id", "is no infusion of this patient"))
    if sent.assessment_id is not None and not await queries.has_score(
        telling.db, about, sent.assessment_id, sent.instrument
    ):
        raise Invalid(("/assessment_id", "is no scored assessment of this patient and instrument"))


BASELINE = Kind(
    noun="baseline",
    path="/v1/baselines",
    model=BaselineIn,
    statements=queries.BASELINE,
    derive=refuse_strangers,
)
