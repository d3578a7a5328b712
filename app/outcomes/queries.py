"""The records of a whole clinic that outcomes are worked out from, in one statement."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Subquery,
    Table,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.assessments.tables import Assessment
from app.clinics.tables import Clinic
from app.infusions.queries.shown import dose_mg_per_kg
from app.infusions.tables import Infusion, SessionStatus, SideEffect
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.patients.tables import Baseline, Course, Patient
from app.records.tables import Precision, Status
from app.webhooks.tables import Outbox

A, B, C, S, E = map(table_of, (Assessment, Baseline, Course, Infusion, SideEffect))
CLINIC, P, OUTBOX = map(table_of, (Clinic, Patient, Outbox))


def _word(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text)


GIVEN = [
    _word(status)
    for status in (SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED, SessionStatus.STOPPED)
]
"""As relief reads them: with a dose above zero, or one that nobody knows."""


def _when(t: Table, on: ColumnElement[Any]) -> ColumnElement[Any]:
    by_day = t.c.precision == _word(Precision.DAY)
    return case((by_day, cast(on, Text)), else_=func.utc(t.c.effective_at)).label("t")


def _stands(t: Table) -> ColumnElement[bool]:
    return t.c.status != _word(Status.ENTERED_IN_ERROR)


def _by_patient(name: str, query: Select[Any]) -> Subquery:
    """The rows of each patient as a JSON array, as text: it is read off the event loop."""
    each = query.subquery(f"{name}_of")
    rows = cast(func.json_agg(literal_column(f"{name}_of")), Text).label(name)
    return select(each.c.patient_id, rows).group_by(each.c.patient_id).subquery(name)


def _infusions() -> Select[Any]:
    shown = (S.c.patient_id, S.c.id, S.c.course_id, S.c.setting, S.c.starts_course)
    given = (S.c.drug, S.c.route, S.c.dose_mg, dose_mg_per_kg(S), C.c.phase)
    some = or_(S.c.dose_mg.is_(None), S.c.dose_mg > literal_column("0"))
    its_course = and_(C.c.clinic_id == S.c.clinic_id, C.c.id == S.c.course_id)
    query = select(*shown, *given, _when(S, S.c.started_on))
    return query.select_from(S.outerjoin(C, its_course)).where(S.c.status.in_(GIVEN), some)


def _scores() -> Select[Any]:
    wanted = func.any(bindparam("instruments", type_=ARRAY(Text())))
    shown = (A.c.patient_id, A.c.id, A.c.instrument, A.c.total.label("value"))
    told = (_stands(A), A.c.total.is_not(None), A.c.instrument == wanted)
    return select(*shown, _when(A, A.c.taken_on)).where(*told)


def _baselines() -> Select[Any]:
    shown = (B.c.patient_id, B.c.id, B.c.instrument, B.c.value, B.c.assessment_id)
    recorded = func.utc(B.c.recorded_at).label("recorded_at")
    return select(*shown, B.c.first_infusion_id, recorded).where(_stands(B))


def _effects() -> Select[Any]:
    """What was asked of each session, and whether it was ever there."""
    present = func.bool_or(E.c.present).label("present")
    asked = select(E.c.patient_id, E.c.infusion_id, E.c.effect, present).where(_stands(E))
    of_sessions = asked.where(E.c.infusion_id.is_not(None))
    return of_sessions.group_by(E.c.patient_id, E.c.infusion_id, E.c.effect)


def _records() -> Select[Any]:
    """Patients who were ever treated, by id; a made-up one only in a made-up clinic."""
    lists = {
        "infusions": _by_patient("infusions", _infusions()),
        "scores": _by_patient("scores", _scores()),
        "baselines": _by_patient("baselines", _baselines()),
        "effects": _by_patient("effects", _effects()),
    }
    whose = P.join(CLINIC, CLINIC.c.id == P.c.clinic_id)
    for name, rows in lists.items():
        whose = whose.join(rows, rows.c.patient_id == P.c.id, isouter=name != "infusions")
    return (
        select(
            P.c.id,
            func.coalesce(P.c.time_zone, CLINIC.c.time_zone).label("time_zone"),
            P.c.instrument_priority,
            *(rows.c[name] for name, rows in lists.items()),
        )
        .select_from(whose)
        .where(_stands(P), or_(~P.c.is_demo, CLINIC.c.is_demo))
        .order_by(P.c.id)
    )


RECORDS = Sql(_records())

NEWEST = Sql(
    select(
        OUTBOX.c.xid,
        OUTBOX.c.id,
        cast(func.pg_snapshot_xmin(func.pg_current_snapshot()), Text).label("oldest_running"),
    )
    .order_by(OUTBOX.c.xid.desc(), OUTBOX.c.id.desc())
    .limit(1)
)


async def records(db: Db, instruments: list[str]) -> list[Row]:
    """All that relief is read from, of every patient, and what was asked of side effects.

    `infusions`, `scores`, `baselines` and `effects` are JSON as text; null for none.
    """
    return await db.rows(RECORDS, instruments=instruments)


async def state(db: Db) -> tuple[Any, ...]:
    """Another answer once a record of the clinic has changed.

    A transaction that began earlier may still commit after the newest one: until all such have
    ended, the answer tells that, too.
    """
    row = await db.row(NEWEST)
    if row is None:
        return ()
    return row["xid"], row["id"], min(int(row["oldest_running"]), row["xid"] + 1)
