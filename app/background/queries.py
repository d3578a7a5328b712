"""How the background of a patient is shown, and what else is asked of it."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Date,
    FromClause,
    Select,
    bindparam,
    literal_column,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import distinct_on

from app.background.schemas import (
    AllergyOut,
    ConditionOut,
    EventOut,
    LabOut,
    MedicationOut,
    ScreeningOut,
)
from app.background.tables import Allergy, Condition, Event, Lab, Medication, Screening
from app.kit.db import Db, Row, Sql
from app.kit.tables import Base, instant, shown, table_of
from app.records.queries import Statements, clinical_columns, document
from app.records.schemas import ClinicalOut
from app.records.tables import Status

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


MOST = 30
"""How much of one kind `current` shows; nobody takes thirty medications."""


def _standing(
    noun: str, statements: Statements, *names: str, newest_by: str | None = None
) -> Select[Any]:
    """Records of one kind of a patient, none of them voided, the newest first.

    `newest_by` is the column of whose every value only the newest is wanted.
    """
    t = statements.table

    def few(of: FromClause) -> Sequence[ColumnElement[Any]]:
        return [of.c.id, instant(of.c.effective_at), of.c.precision, *(of.c[one] for one in names)]

    own: ColumnElement[str] = literal_column(f"'{noun}'").label("noun")
    query = select(own, document(t, few).label("json"), t.c.effective_at.label("at"))
    voided: ColumnElement[str] = literal_column(f"'{Status.ENTERED_IN_ERROR}'")
    query = query.where(t.c.patient_id == bindparam("patient_id"), t.c.status != voided)
    if newest_by is not None:
        by = t.c[newest_by]
        return query.ext(distinct_on(by)).order_by(by, t.c.effective_at.desc(), t.c.id.desc())
    return query.order_by(t.c.effective_at.desc(), t.c.id.desc())


def _lasts(statements: Statements, name: str) -> ColumnElement[bool]:
    """Whether it isn't over by today."""
    day = statements.table.c[name]
    return or_(day.is_(None), day >= bindparam("today", type_=Date()))


_MEDICATION = ("name", "dose", "dose_unit", "frequency", "daily_dose_mg", "stopped_on")
_CONDITION = ("condition", "other_text", "present", "since_on", "resolved_on")
_SCREENING = ("kind", "answers", "result", "expires_on")
_LAB = ("code", "other_text", "value", "unit", "text_result", "abnormal")

CURRENT = Sql(
    union_all(
        *(
            one.limit(MOST).subquery().select()
            for one in (
                _standing("medication", MEDICATION, *_MEDICATION).where(
                    _lasts(MEDICATION, "stopped_on")
                ),
                _standing("allergy", ALLERGY, "substance", "reaction", "severity"),
                _standing("condition", CONDITION, *_CONDITION).where(
                    CONDITION.table.c.present, _lasts(CONDITION, "resolved_on")
                ),
                _standing("screening", SCREENING, *_SCREENING, newest_by="kind"),
                _standing("lab", LAB, *_LAB, newest_by="code"),
            )
        )
    )
)


async def current(db: Db, patient_id: UUID, today: date) -> list[Row]:
    """What a patient takes, must not be given and has on a day; the last screenings and results.

    Of screenings the last of each kind, of laboratory tests the last result of each.
    """
    return await db.rows(CURRENT, patient_id=patient_id, today=today)
