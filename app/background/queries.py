"""How the background of a patient is shown, and what else is asked of it."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, bindparam, select

from app.background.schemas import (
    AllergyOut,
    ConditionOut,
    EventOut,
    LabOut,
    MedicationOut,
    ScreeningOut,
)
from app.background.tables import Allergy, Condition, Event, Lab, Medication, Screening
from app.kit.db import Db, Sql
from app.kit.tables import Base, shown, table_of
from app.records.queries import Statements, clinical_columns
from app.records.schemas import ClinicalOut

MEDICATIONS = table_of(Medication)


def columns_of(out: type[ClinicalOut]) -> Callable[[FromClause], Sequence[ColumnElement[Any]]]:
    """What a kind of record shows: the columns of every clinical record, and its own."""
    own = [name for name in out.model_fields if name not in ClinicalOut.model_fields]

    def columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
        return [*clinical_columns(t), *shown(t.c[name] for name in own)]

    return columns


def statements(model: type[Base], out: type[ClinicalOut]) -> Statements:
    """The statements of one kind of record."""
    return Statements(table_of(model), columns_of(out))


MEDICATION = statements(Medication, MedicationOut)
ALLERGY = statements(Allergy, AllergyOut)
CONDITION = statements(Condition, ConditionOut)
SCREENING = statements(Screening, ScreeningOut)
LAB = statements(Lab, LabOut)
EVENT = statements(Event, EventOut)

MEDICATION_OF = Sql(
    select(MEDICATIONS.c.status).where(
        MEDICATIONS.c.id == bindparam("id"), MEDICATIONS.c.patient_id == bindparam("patient_id")
    )
)


async def status_of_medication(db: Db, patient_id: UUID, medication_id: UUID) -> str | None:
    """Where a medication of the patient stands; None where they have none of that id."""
    found: str | None = await db.value(MEDICATION_OF, id=medication_id, patient_id=patient_id)
    return found
