"""The tables that the rules look at, and how their rows are put into one statement.

Sessions, readings, side effects and answers belong to packages above: they are named by their
tables alone, as their rows are tied by foreign keys alone.
"""

from typing import Any

from sqlalchemy import (
    Boolean,
    ColumnElement,
    Date,
    DateTime,
    Double,
    FromClause,
    Select,
    SmallInteger,
    TableClause,
    Text,
    Uuid,
    bindparam,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.alerts.tables import Alert
from app.background.tables import Allergy, Condition, Medication, Screening
from app.clinics.tables import Clinic, Setting
from app.kit.tables import table_of
from app.patients.tables import Patient

A, C, P, SET = table_of(Alert), table_of(Clinic), table_of(Patient), table_of(Setting)
MEDICATIONS, CONDITIONS = table_of(Medication), table_of(Condition)
ALLERGIES, SCREENINGS = table_of(Allergy), table_of(Screening)

INSTANT = DateTime(timezone=True)

TYPES: dict[str, Any] = {
    "clinic_id": Uuid(),
    "id": Uuid(),
    "patient_id": Uuid(),
    "infusion_id": Uuid(),
    "effective_at": INSTANT,
    "scheduled_at": INSTANT,
    "weight_kg": Double(),
    "dose_mg": Double(),
    "present": Boolean(),
    "total": Double(),
    "started_on": Date(),
    "flags": ARRAY(Text()),
    "answers": ARRAY(SmallInteger()),
}


def named(name: str, *columns: str) -> TableClause:
    """A table of a package above, with the columns that are asked for."""
    own = ("clinic_id", "id", "patient_id", "status", "effective_at", *columns)
    return table(name, *(column(one, TYPES.get(one, Text())) for one in own))


IN_SESSION = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "heart_rate_bpm",
    "spo2_percent",
    "respiratory_rate_per_minute",
    "sedation_moaas",
    "symptomatic",
    "precision",
)
"""What the rules look at of a reading."""

OF_SESSION = (
    "drug",
    "route",
    "setting",
    "planned_dose_mg",
    "planned_mg_per_kg",
    "dose_mg",
    "weight_kg",
    "weight_measured_on",
    "weight_kind",
    "started_at",
    "monitoring_ended_at",
    "discharged_at",
    "reasons",
)
"""What the rules look at of a session."""

S = named("infusions", *OF_SESSION, "flags", "entry_mode", "scheduled_at")
V = named("vitals", "infusion_id", "weight_kg", "flags", *IN_SESSION)
E = named("side_effects", "infusion_id", "effect", "present")
D = named("dose_events", "infusion_id", "kind")
Q = named("assessments", "instrument", "total", "answers", "entry_mode")


def word(text: str) -> ColumnElement[str]:
    """A word of ours within a statement."""
    return literal_column(f"'{text}'", Text)


def number(value: int) -> ColumnElement[int]:
    """A number of ours within a statement."""
    return literal_column(str(value))


def listed(query: Select[Any], name: str) -> ColumnElement[Any]:
    """The rows of a query as a JSON array."""
    rows = func.coalesce(
        func.jsonb_agg(literal_column(f"{name}_of")), literal_column("'[]'::jsonb")
    )
    return select(rows).select_from(query.subquery(f"{name}_of")).scalar_subquery().label(name)


def single(query: Select[Any], name: str) -> ColumnElement[Any]:
    """The first row of a query as a JSON object, or null."""
    one = query.limit(number(1)).subquery(f"{name}_of")
    row = select(func.to_jsonb(literal_column(f"{name}_of"))).select_from(one)
    return row.scalar_subquery().label(name)


PATIENT = bindparam("patient_id", type_=Uuid())
SESSION = bindparam("infusion_id", type_=Uuid())
AT = bindparam("at", type_=INSTANT)


def stands(t: FromClause) -> ColumnElement[bool]:
    """Whether a record was not entered in error."""
    return t.c.status != word("entered_in_error")


def of_patient(t: FromClause, *columns: str) -> Select[Any]:
    """A patient's records of a kind that stand."""
    return select(*(t.c[name] for name in ("id", *columns))).where(
        t.c.patient_id == PATIENT, stands(t)
    )


GIVEN = (
    S.c.status.in_([word("in_progress"), word("completed"), word("stopped")]),
    or_(S.c.dose_mg.is_(None), S.c.dose_mg > literal_column("0")),
)
"""What something was given in, or may have been."""
