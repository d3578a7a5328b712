"""What a patient takes, must not be given, has, and what the laboratory says of them."""

from app.background import queries
from app.background.dates import date_undated, refuse_ahead
from app.background.evidence import mark
from app.background.schemas import AllergyIn, ConditionIn, LabIn, MedicationIn
from app.records.kinds import Kind, Telling


async def derive_medication(telling: Telling) -> None:
    """Its code as one column. A last day may be planned; a first one has been."""
    sent: MedicationIn = telling.sent
    telling.values["code"] = sent.code and sent.code.model_dump()
    date_undated(telling)


async def derive_allergy(telling: Telling) -> None:
    """Only its own time."""
    date_undated(telling)


async def derive_condition(telling: Telling) -> None:
    """Nothing is over before its time."""
    refuse_ahead(telling, "resolved_on")
    date_undated(telling)


MEDICATION = Kind(
    noun="medication",
    path="/v1/medications",
    model=MedicationIn,
    statements=queries.MEDICATION,
    derive=derive_medication,
    after=mark,
)

ALLERGY = Kind(
    noun="allergy",
    path="/v1/allergies",
    model=AllergyIn,
    statements=queries.ALLERGY,
    derive=derive_allergy,
    after=mark,
)

CONDITION = Kind(
    noun="condition",
    path="/v1/conditions",
    model=ConditionIn,
    statements=queries.CONDITION,
    derive=derive_condition,
    after=mark,
)

LAB = Kind(noun="lab", path="/v1/labs", model=LabIn, statements=queries.LAB)
