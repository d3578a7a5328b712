"""What a picture shows beside relief, in one statement each. Times are instants."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Float, bindparam, cast, func, literal_column, select

from app.alerts.tables import Alert
from app.assessments.tables import Assessment
from app.clinics.tables import Clinic
from app.infusions.tables import Drug, Infusion, SessionStatus, SideEffect, Vitals
from app.kit.db import Db, Row, Sql
from app.kit.errors import NotFound
from app.kit.tables import table_of
from app.patients.tables import Patient
from app.records.tables import Status
from app.relief.tables import Decision

S, E, V, A = (table_of(one) for one in (Infusion, SideEffect, Vitals, Assessment))
L, D, P, C = (table_of(one) for one in (Alert, Decision, Patient, Clinic))

PATIENT = bindparam("patient_id", type_=P.c.id.type)
SINCE = bindparam("since", type_=S.c.effective_at.type)
UNTIL = bindparam("until", type_=S.c.effective_at.type)

VOIDED: ColumnElement[str] = literal_column(f"'{Status.ENTERED_IN_ERROR}'")

GIVEN: list[ColumnElement[str]] = [
    literal_column(f"'{one}'")
    for one in (SessionStatus.IN_PROGRESS, SessionStatus.COMPLETED, SessionStatus.STOPPED)
]

WHO = Sql(
    select(func.coalesce(P.c.time_zone, C.c.time_zone).label("zone"))
    .select_from(P.join(C, C.c.id == P.c.clinic_id))
    .where(P.c.id == PATIENT)
)

BY_WEIGHT = cast(S.c.dose_mg / S.c.weight_kg, Float)

SESSIONS = Sql(
    select(S.c.id, S.c.effective_at, S.c.route, S.c.dose_mg, S.c.drug, BY_WEIGHT.label("by_weight"))
    .where(S.c.patient_id == PATIENT, S.c.status.in_(GIVEN))
    .order_by(S.c.effective_at, S.c.id)
)

SCORES = Sql(
    select(A.c.id, A.c.effective_at, A.c.total)
    .where(
        A.c.patient_id == PATIENT,
        A.c.instrument == bindparam("instrument"),
        A.c.status != VOIDED,
        A.c.total.is_not(None),
        A.c.effective_at >= SINCE,
        A.c.effective_at < UNTIL,
    )
    .order_by(A.c.effective_at, A.c.id)
)

FIRST = Sql(
    select(func.min(A.c.effective_at)).where(
        A.c.patient_id == PATIENT,
        A.c.instrument == bindparam("instrument"),
        A.c.status != VOIDED,
    )
)

FELT = Sql(
    select(
        E.c.effect,
        func.coalesce(S.c.effective_at, func.min(E.c.effective_at)).label("at"),
        func.max(E.c.severity).label("severity"),
        func.bool_or(E.c.present).label("present"),
    )
    .select_from(E.outerjoin(S, (S.c.clinic_id == E.c.clinic_id) & (S.c.id == E.c.infusion_id)))
    .where(
        E.c.patient_id == PATIENT,
        E.c.status != VOIDED,
        E.c.effective_at >= SINCE,
        E.c.effective_at < UNTIL,
    )
    .group_by(E.c.effect, func.coalesce(E.c.infusion_id, E.c.id), S.c.effective_at)
    .order_by(literal_column("2"), E.c.effect)
)

START = func.coalesce(S.c.started_at, S.c.effective_at)

PEAKS = Sql(
    select(
        S.c.effective_at.label("at"),
        func.max(V.c.systolic_mmhg).filter(V.c.effective_at > START).label("systolic"),
        func.max(V.c.diastolic_mmhg).filter(V.c.effective_at > START).label("diastolic"),
        func.max(V.c.systolic_mmhg).filter(V.c.effective_at <= START).label("before"),
    )
    .select_from(V.join(S, (S.c.clinic_id == V.c.clinic_id) & (S.c.id == V.c.infusion_id)))
    .where(
        V.c.patient_id == PATIENT,
        V.c.status != VOIDED,
        S.c.status.in_(GIVEN),
        V.c.effective_at >= SINCE,
        V.c.effective_at < UNTIL,
    )
    .group_by(S.c.id, S.c.effective_at)
    .order_by(S.c.effective_at)
)

FLAGS = Sql(
    select(L.c.id, L.c.raised_at.label("at"), literal_column("'alert'").label("kind"), L.c.level)
    .where(
        L.c.patient_id == PATIENT,
        L.c.level != literal_column("'info'"),
        L.c.raised_at >= SINCE,
        L.c.raised_at < UNTIL,
    )
    .union_all(
        select(
            D.c.id, D.c.decided_at, literal_column("'decision'"), D.c.decision.label("level")
        ).where(
            D.c.patient_id == PATIENT,
            D.c.status != VOIDED,
            D.c.decided_at >= SINCE,
            D.c.decided_at < UNTIL,
        )
    )
    .order_by("at")
)

WEIGHED = Drug.KETAMINE
"""The drug whose dose is told by weight."""


async def zone_of(db: Db, patient_id: UUID) -> str:
    """The patient's clock. Raises NotFound."""
    zone: str | None = await db.value(WHO, patient_id=patient_id)
    if zone is None:
        raise NotFound
    return zone


async def sessions(db: Db, patient_id: UUID) -> list[Row]:
    """Everything that was given, in order."""
    return await db.rows(SESSIONS, patient_id=patient_id)


async def scores(
    db: Db, patient_id: UUID, instrument: str, since: datetime, until: datetime
) -> list[Row]:
    """The totals on one instrument, in order."""
    told = {"patient_id": patient_id, "instrument": instrument, "since": since, "until": until}
    return await db.rows(SCORES, **told)


async def first_score(db: Db, patient_id: UUID, instrument: str) -> datetime | None:
    """When an instrument was first answered."""
    at: datetime | None = await db.value(FIRST, patient_id=patient_id, instrument=instrument)
    return at


async def felt(db: Db, patient_id: UUID, since: datetime, until: datetime) -> list[Row]:
    """The worst of each side effect in each session, or that it was asked about and absent."""
    return await db.rows(FELT, patient_id=patient_id, since=since, until=until)


async def peaks(db: Db, patient_id: UUID, since: datetime, until: datetime) -> list[Row]:
    """The highest pressure of each session after its start, and the highest before."""
    return await db.rows(PEAKS, patient_id=patient_id, since=since, until=until)


async def flags(db: Db, patient_id: UUID, since: datetime, until: datetime) -> list[Row]:
    """Alerts above info, and decisions, in order."""
    return await db.rows(FLAGS, patient_id=patient_id, since=since, until=until)
