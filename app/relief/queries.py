"""The records that relief is read from, in one statement: as they are, or as they were known."""

from collections.abc import Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Table,
    Text,
    bindparam,
    case,
    cast,
    column,
    func,
    insert,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.assessments.tables import Assessment
from app.background.tables import Event, Medication
from app.clinics.tables import Clinic, Setting
from app.infusions.queries.shown import dose_mg_per_kg
from app.infusions.tables import Infusion, SessionStatus
from app.kit.db import Connection, Db, Row, Sql
from app.kit.tables import instant, table_of
from app.patients.tables import Baseline, Patient
from app.records.queries import Statements, clinical_columns
from app.records.tables import History, Precision, Status
from app.relief.tables import Decision, ForecastFit
from app.science.relief.co_treatment import EVENTS

A, S, B = table_of(Assessment), table_of(Infusion), table_of(Baseline)
E, M = table_of(Event), table_of(Medication)
C, P, H = table_of(Clinic), table_of(Patient), table_of(History)
CHOSEN = table_of(Setting)

GIVEN = (SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED, SessionStatus.STOPPED)
"""Where something may have been given: what was, had a dose above zero or nobody knows its dose."""


@cache
def records(*, as_known: bool) -> Sql:
    """All that relief is read from, as one row; no row without the patient.

    `time_zone`, `instrument_priority`, what the clinic has `chosen`, and in the form of
    science.relief `infusions`, `scores` (on `instruments`), `baselines`, `events` and
    `medications`. With `as_known`, what stood at `known_at`.
    """
    zone = func.coalesce(P.c.time_zone, C.c.time_zone).label("time_zone")
    query = select(
        zone,
        P.c.instrument_priority,
        _chosen(),
        _listed(_infusions(_source(S, as_known=as_known)), "infusions"),
        _listed(_scores(_source(A, as_known=as_known)), "scores"),
        _listed(_baselines(_source(B, as_known=as_known)), "baselines"),
        _listed(_events(_source(E, as_known=as_known)), "events"),
        _listed(_medications(_source(M, as_known=as_known)), "medications"),
    )
    whose = P.join(C, C.c.id == P.c.clinic_id)
    return Sql(query.select_from(whose).where(P.c.id == bindparam("patient_id")))


def _chosen() -> ColumnElement[Any]:
    """What the clinic chose in place of defaults, as clinics.queries.chosen has it."""
    all_of_it = func.jsonb_object_agg(CHOSEN.c.key, CHOSEN.c.value)
    made = select(func.coalesce(all_of_it, literal_column("'{}'::jsonb")))
    return made.where(CHOSEN.c.value.is_not(None)).scalar_subquery().label("chosen")


def _listed(query: Select[Any], name: str) -> ColumnElement[Any]:
    """The rows of a query as a JSON array."""
    rows = func.jsonb_agg(literal_column(f"{name}_of"))
    listed = select(func.coalesce(rows, literal_column("'[]'::jsonb")))
    return listed.select_from(query.subquery(f"{name}_of")).scalar_subquery().label(name)


def _source(t: Table, *, as_known: bool) -> FromClause:
    """A patient's rows of a table: today's, or the version of each that was known at a moment."""
    patient = bindparam("patient_id", type_=t.c.patient_id.type)
    now = select(t).where(t.c.patient_id == patient)
    if not as_known:
        return now.subquery()
    moment = bindparam("known_at", type_=t.c.changed_at.type)
    row = func.jsonb_populate_record(literal_column(f"NULL::{t.name}"), H.c.row)
    was = row.table_valued(*[column(c.name, c.type) for c in t.c], name="was")
    then = (
        select(*was.c)
        .select_from(H.join(was, literal_column("true")))
        .where(H.c.patient_id == patient, H.c.kind == _word(t.name), H.c.replaced_at > moment)
        .where(was.c.changed_at <= moment)
    )
    return union_all(now.where(t.c.changed_at <= moment), then).subquery()


def _infusions(t: FromClause) -> Select[Any]:
    named = (t.c.id, t.c.course_id, t.c.setting, t.c.starts_course)
    shown = (*named, dose_mg_per_kg(t), _when(t, t.c.started_on))
    some = or_(t.c.dose_mg.is_(None), t.c.dose_mg > literal_column("0"))
    return select(*shown).where(t.c.status.in_([_word(status) for status in GIVEN]), some)


def _scores(t: FromClause) -> Select[Any]:
    shown = (t.c.id, t.c.instrument, t.c.total.label("value"), _when(t, t.c.taken_on))
    wanted = func.any(bindparam("instruments", type_=ARRAY(Text())))
    told = (_stands(t), t.c.total.is_not(None), t.c.instrument == wanted)
    return select(*shown).where(*told)


def _baselines(t: FromClause) -> Select[Any]:
    shown = (t.c.id, t.c.instrument, t.c.value, t.c.assessment_id, t.c.first_infusion_id)
    return select(*shown, instant(t.c.recorded_at)).where(_stands(t))


def _events(t: FromClause) -> Select[Any]:
    shown = (t.c.id, t.c.kind, t.c.ended_on, t.c.medication_id, _when(t, t.c.occurred_on))
    return select(*shown).where(_stands(t), t.c.kind.in_([_word(kind) for kind in EVENTS]))


def _medications(t: FromClause) -> Select[Any]:
    return select(t.c.id, t.c.name, t.c.started_on, t.c.stopped_on).where(_stands(t))


def _when(t: FromClause, on: ColumnElement[Any]) -> ColumnElement[Any]:
    """When it happened: the instant, or the day where only that is known."""
    by_day = t.c.precision == _word(Precision.DAY)
    return case((by_day, cast(on, Text)), else_=func.utc(t.c.effective_at)).label("t")


def _stands(t: FromClause) -> ColumnElement[bool]:
    return t.c.status != _word(Status.ENTERED_IN_ERROR)


def _word(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text)


D, F = table_of(Decision), table_of(ForecastFit)


def decision_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """A decision as the API shows it."""
    named = ("decision", "planned_on", "planned_dose_mg_per_kg", "reason", "snapshot", "outcome")
    return [*clinical_columns(t), instant(t.c.decided_at), *(t.c[name] for name in named)]


DECISION = Statements(D, decision_columns)

DECISIONS_OF = Sql(
    select(D.c.id, D.c.decision, D.c.decided_at, D.c.planned_on, D.c.time_zone, D.c.outcome)
    .where(D.c.patient_id == bindparam("patient_id"), _stands(D))
    .order_by(D.c.decided_at, D.c.id)
)

SET_OUTCOME = Sql(
    update(D)
    .where(D.c.id == bindparam("key"))
    .values(outcome=bindparam("new", type_=D.c.outcome.type))
)

NEWEST_FIT = Sql(select(F).order_by(F.c.fitted_at.desc(), F.c.id.desc()).limit(1))

ADD_FIT = Sql(insert(F).values({c.name: bindparam(c.name, type_=c.type) for c in F.c}))

READINGS_OF = Sql(
    select(A.c.id, A.c.instrument, A.c.total, instant(A.c.effective_at))
    .where(A.c.patient_id == bindparam("patient_id"), A.c.total.is_not(None), _stands(A))
    .order_by(A.c.effective_at.desc(), A.c.id.desc())
    .limit(bindparam("limit"))
)


async def last_readings(db: Db, patient_id: UUID, how_many: int) -> list[Row]:
    """A patient's last scores, the newest first."""
    return await db.rows(READINGS_OF, patient_id=patient_id, limit=how_many)


FITTING = 7_263_002
"""An advisory lock: one fit at a time in a database."""

HOLD_FITTING = "SELECT pg_try_advisory_lock($1)"
RELEASE_FITTING = "SELECT pg_advisory_unlock($1)"
CLINICS_THAT_FORECAST = "SELECT * FROM clinics_that_forecast()"

_GIVEN = S.c.status.in_([_word(status) for status in GIVEN])

TREATED = Sql(
    select(S.c.patient_id).where(_GIVEN).group_by(S.c.patient_id).order_by(S.c.patient_id)
)


def _what_to_fit() -> Sql:
    """How much there is to be fitted, and how much was the last time."""
    newest = select(F).order_by(F.c.fitted_at.desc(), F.c.id.desc()).limit(1).subquery("newest")
    since = [select(t.c.id).where(t.c.changed_at > newest.c.cut_off_at) for t in (S, A, B)]
    return Sql(
        select(
            C.c.time_zone,
            select(func.count()).select_from(S).where(_GIVEN).scalar_subquery().label("episodes"),
            newest.c.episodes.label("fitted_episodes"),
            newest.c.fitted_at,
            or_(*(one.exists() for one in since)).label("changed"),
        ).select_from(C.outerjoin(newest, literal_column("true")))
    )


WHAT_TO_FIT = _what_to_fit()


async def hold_fitting(connection: Connection) -> bool:
    """Be the one who fits, until it is released or the connection ends; False: another is."""
    return bool(await connection.fetchval(HOLD_FITTING, FITTING))


async def release_fitting(connection: Connection) -> None:
    """Let another one fit."""
    await connection.execute(RELEASE_FITTING, FITTING)


async def clinics_that_forecast(connection: Connection) -> list[UUID]:
    """The clinics that accepted some text of intended use."""
    return [row[0] for row in await connection.fetch(CLINICS_THAT_FORECAST)]


async def treated(db: Db) -> list[UUID]:
    """Everybody who was given an infusion."""
    return [row["patient_id"] for row in await db.rows(TREATED)]


async def what_to_fit(db: Db) -> Row | None:
    """How many infusions there are and were at the last fit, and whether anything is new."""
    return await db.row(WHAT_TO_FIT)


async def decisions_of(db: Db, patient_id: UUID) -> list[Row]:
    """A patient's decisions that stand, the oldest first."""
    return await db.rows(DECISIONS_OF, patient_id=patient_id)


async def set_outcome(db: Db, decision_id: UUID, outcome: dict[str, Any] | None) -> None:
    """Say how a decision turned out. It is computed, so the version stays."""
    await db.run(SET_OUTCOME, key=decision_id, new=outcome)


async def newest_fit(db: Db) -> Row | None:
    """The clinic's newest parameters; None before the first fit."""
    return await db.row(NEWEST_FIT)


async def add_fit(db: Db, **values: Any) -> None:
    """Keep the parameters of a fit."""
    await db.run(ADD_FIT, clinic_id=db.clinic_id, **values)
