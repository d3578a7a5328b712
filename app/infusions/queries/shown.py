"""How sessions, doses, vital signs and side effects are shown."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Double,
    FromClause,
    Numeric,
    Text,
    case,
    cast,
    func,
    literal_column,
    select,
)

from app.infusions.schemas import (
    DoseEventOut,
    InfusionOut,
    MedicationGivenOut,
    SideEffectOut,
    VitalsOut,
)
from app.infusions.tables import (
    DoseEvent,
    Drug,
    Infusion,
    MedicationGiven,
    SessionStatus,
    SideEffect,
    Vitals,
)
from app.kit.tables import shown, table_of
from app.records.queries import Statements, clinical_columns
from app.records.schemas import ClinicalOut
from app.records.tables import Precision

SESSIONS, DOSES = table_of(Infusion), table_of(DoseEvent)
MEDICATIONS_GIVEN = table_of(MedicationGiven)
READINGS, EFFECTS = table_of(Vitals), table_of(SideEffect)

S = SESSIONS.alias("session")
"""The session that a record hangs on."""


def word(text: str) -> ColumnElement[str]:
    """A word of ours within a statement."""
    return literal_column(f"'{text}'", Text)


def own_columns(t: FromClause, out: type[ClinicalOut]) -> list[ColumnElement[Any]]:
    """The columns that a kind of record has beside those of every clinical record."""
    own = [name for name in out.model_fields if name not in ClinicalOut.model_fields]
    return shown(t.c[name] for name in own if name in t.c)


def rounded(value: ColumnElement[Any], digits: int) -> ColumnElement[Any]:
    """A computed number as it is sent."""
    return cast(func.round(cast(value, Numeric), literal_column(str(digits))), Double)


def dose_mg_per_kg(t: FromClause) -> ColumnElement[Any]:
    """The dose given over the weight; null for esketamine, which is given by the device."""
    by_weight = case((t.c.drug == word(Drug.KETAMINE), t.c.dose_mg / t.c.weight_kg))
    return rounded(by_weight, 4).label("dose_mg_per_kg")


def infusion_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """A session as the API shows it."""
    return [*clinical_columns(t), *own_columns(t, InfusionOut), dose_mg_per_kg(t)]


def dose_event_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """What was given within a session as the API shows it."""
    return [*clinical_columns(t), *own_columns(t, DoseEventOut)]


def medication_given_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """What was given beside the drug as the API shows it."""
    return [*clinical_columns(t), *own_columns(t, MedicationGivenOut)]


def of_session(t: FromClause, value: ColumnElement[Any]) -> ColumnElement[Any]:
    """A value of the session that a record hangs on; null without one."""
    query = select(value).where(S.c.clinic_id == t.c.clinic_id, S.c.id == t.c.infusion_id)
    return query.correlate(t).scalar_subquery()


def minutes_from_start(t: FromClause) -> ColumnElement[Any]:
    """Minutes from the session's start to a reading, where both instants are known."""
    seconds = func.extract("epoch", t.c.effective_at - S.c.started_at)
    known = case(
        (t.c.precision == word(Precision.INSTANT), rounded(seconds / literal_column("60"), 1))
    )
    return of_session(t, known).label("minutes_from_start")


def phase(t: FromClause) -> ColumnElement[Any]:
    """Where in its session a reading lies: before, during, after; none where nobody can tell."""
    at, start, end, status = t.c.effective_at, S.c.started_at, S.c.ended_at, S.c.status
    told = case(
        (t.c.precision == word(Precision.DAY), word("none")),
        (status == word(SessionStatus.PLANNED), word("before")),
        (status == word(SessionStatus.CANCELLED), word("none")),
        (start.is_(None), word("none")),
        (at < start, word("before")),
        (at <= end, word("during")),
        (end.is_not(None), word("after")),
        (status == word(SessionStatus.IN_PROGRESS), word("during")),
        else_=word("none"),
    )
    return func.coalesce(of_session(t, told), word("none")).label("phase")


def vitals_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """A reading of vital signs as the API shows it."""
    own = own_columns(t, VitalsOut)
    return [*clinical_columns(t), *own, minutes_from_start(t), phase(t)]


def side_effect_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """A side effect as the API shows it."""
    return [*clinical_columns(t), *own_columns(t, SideEffectOut)]


INFUSION = Statements(SESSIONS, infusion_columns)
DOSE_EVENT = Statements(DOSES, dose_event_columns)
MEDICATION_GIVEN = Statements(MEDICATIONS_GIVEN, medication_given_columns)
VITALS = Statements(READINGS, vitals_columns)
SIDE_EFFECT = Statements(EFFECTS, side_effect_columns)

VOIDED = word(SessionStatus.ENTERED_IN_ERROR)
"""What voided records of every kind are called."""
