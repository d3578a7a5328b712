"""Statements about patients: who they are, what other systems call them, whom a search finds."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    bindparam,
    column,
    delete,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import insert

from app.access.tables import Staff
from app.clinics.tables import Clinic
from app.kit.db import Db, Row, Sql, lock_of
from app.kit.errors import Merged, NotFound
from app.kit.tables import instant, table_of
from app.patients.tables import Baseline, Consent, Course, Identifier, Patient
from app.records.kinds import Subject
from app.records.queries import Statements, clinical_columns, shown, versioned_columns
from app.records.tables import Status

P, N, C = table_of(Patient), table_of(Identifier), table_of(Course)
B, CLINIC, A = table_of(Baseline), table_of(Clinic), table_of(Consent)


def patient_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """A patient as the API shows them."""
    zone = select(CLINIC.c.time_zone).where(CLINIC.c.id == t.c.clinic_id).correlate(t)
    own = ("preferred_language", "phones", "emergency_contacts", "responsible_clinician_id")
    return [
        *versioned_columns(t),
        t.c.status,
        t.c.identifiers,
        *(t.c[name] for name in ("given_name", "family_name", "birth_date", "sex")),
        func.coalesce(t.c.time_zone, zone.scalar_subquery()).label("time_zone"),
        *(t.c[name] for name in own),
        *(t.c[name] for name in ("instrument_priority", "active", "deceased_on", "is_demo")),
        t.c.merged_into_id,
        instant(t.c.erased_at),
        func.coalesce(t.c.legal_hold, literal_column("false")).label("legal_hold"),
    ]


def course_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """A course as the API shows it."""
    named = ("patient_id", "status", "number", "indication", "phase", "planned_infusions")
    return [
        *versioned_columns(t),
        *(t.c[name] for name in named),
        func.utc(t.c.started_at).label("started_at"),
    ]


def baseline_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """A baseline as the API shows it."""
    named = ("instrument", "first_infusion_id", "value", "assessment_id", "reason")
    return [*clinical_columns(t), *(t.c[name] for name in named)]


def consent_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """A consent as the API shows it."""
    named = ("kind", "text_version", "given_on", "given_by", "note")
    own = [instant(t.c[name]) for name in ("given_at", "withdrawn_at")]
    return [*clinical_columns(t), *(t.c[name] for name in named), *own]


VOIDED = Status.ENTERED_IN_ERROR.value

PATIENT = Statements(P, patient_columns)
COURSE = Statements(C, course_columns)
BASELINE = Statements(B, baseline_columns)
CONSENT = Statements(A, consent_columns)

CONSENTED = Sql(
    select(A.c.withdrawn_at)
    .where(
        A.c.patient_id == bindparam("patient_id"),
        A.c.kind == bindparam("kind"),
        A.c.status != VOIDED,
        A.c.effective_at <= bindparam("now"),
    )
    .order_by(A.c.effective_at.desc(), A.c.id.desc())
    .limit(literal_column("1"))
)

_SUBJECT = select(
    *(P.c[name] for name in ("id", "status", "merged_into_id", "erased_at")),
    func.coalesce(P.c.time_zone, CLINIC.c.time_zone).label("time_zone"),
).select_from(P.join(CLINIC, CLINIC.c.id == P.c.clinic_id))

SUBJECT = Sql(_SUBJECT.where(P.c.id == bindparam("id")))

HOLD = Sql(select(func.pg_advisory_xact_lock(bindparam("lock", type_=BigInteger()))))

ADD_IDENTIFIER = Sql(
    insert(N)
    .values({c.name: bindparam(c.name, type_=c.type) for c in N.c})
    .on_conflict_do_nothing()
    .returning(N.c.id)
)

DROP_IDENTIFIERS = Sql(delete(N).where(N.c.patient_id == bindparam("patient_id")))

PATIENT_OF = Sql(
    select(N.c.patient_id).where(N.c.system == bindparam("system"), N.c.value == bindparam("value"))
)

S = table_of(Staff)

STAFF_MEMBER = Sql(select(S.c.id).where(S.c.id == bindparam("id")))


async def subject(db: Db, patient_id: UUID) -> Subject:
    """The patient, as far as recording needs to know. Raises NotFound and Merged."""
    return _subject(await db.row(SUBJECT, id=patient_id))


async def hold(db: Db, patient_id: UUID) -> Subject:
    """The patient, held until the transaction ends, where the order of records matters."""
    # In two statements: what was committed while the first waited is seen by the second alone.
    await db.run(HOLD, lock=lock_of(db.clinic_id, patient_id))
    return await subject(db, patient_id)


def _subject(row: Row | None) -> Subject:
    if row is None:
        raise NotFound
    if row["merged_into_id"] is not None:
        raise Merged(merged_into_id=str(row["merged_into_id"]))
    closed = row["status"] == VOIDED
    return Subject(row["id"], row["time_zone"], voided=closed, erased=row["erased_at"] is not None)


async def patient_of(db: Db, system: str, value: str) -> UUID | None:
    """Whoever another system calls this."""
    found: UUID | None = await db.value(PATIENT_OF, system=system, value=value)
    return found


async def add_identifier(db: Db, **values: Any) -> bool:
    """Give a patient an identifier; False when another patient has it."""
    return await db.value(ADD_IDENTIFIER, clinic_id=db.clinic_id, **values) is not None


async def is_staff(db: Db, staff_id: UUID) -> bool:
    """Whether this is someone who works here."""
    return await db.value(STAFF_MEMBER, id=staff_id) is not None


COURSES_OF = Sql(
    select(C)
    .where(C.c.patient_id == bindparam("patient_id"), C.c.status == "active")
    .order_by(C.c.number)
)

LIST_COURSES = Sql(
    shown(C, course_columns)
    .where(C.c.patient_id == bindparam("patient_id"), C.c.status == "active")
    .order_by(C.c.number)
)

PUT_COURSE = Sql(
    insert(C)
    .values({c.name: bindparam(c.name, type_=c.type) for c in C.c})
    .on_conflict_do_update(
        index_elements=[C.c.clinic_id, C.c.id],
        set_={
            name: bindparam(name, type_=C.c[name].type)
            for name in ("number", "started_at", "member_ids", "status")
        },
    )
)


async def courses_of(db: Db, patient_id: UUID) -> list[Row]:
    """A patient's courses, the first one first."""
    return await db.rows(COURSES_OF, patient_id=patient_id)


async def put_course(db: Db, **values: Any) -> None:
    """Open a course, or move one that is open; neither changes what a clinician said of it."""
    await db.run(PUT_COURSE, clinic_id=db.clinic_id, **values)


async def consent_of(db: Db, patient_id: UUID, kind: str, now: datetime) -> Row | None:
    """The newest consent of a kind: when it was withdrawn, or null."""
    return await db.row(CONSENTED, patient_id=patient_id, kind=kind, now=now)


BASELINES_OF = Sql(
    select(B)
    .where(B.c.patient_id == bindparam("patient_id"), B.c.status != "entered_in_error")
    .order_by(B.c.effective_at, B.c.id)
)

# What lies above this package is named by its table alone: the keys of the database tie it here.
INFUSIONS = table("infusions", column("id"), column("patient_id"), column("status"))
ASSESSMENTS = table(
    "assessments", column("id"), column("patient_id"), column("instrument"), column("total")
)

HAS_INFUSION = Sql(
    select(INFUSIONS.c.id).where(
        INFUSIONS.c.id == bindparam("id", type_=P.c.id.type),
        INFUSIONS.c.patient_id == bindparam("patient_id", type_=P.c.id.type),
    )
)

HAS_SCORE = Sql(
    select(ASSESSMENTS.c.id).where(
        ASSESSMENTS.c.id == bindparam("id", type_=P.c.id.type),
        ASSESSMENTS.c.patient_id == bindparam("patient_id", type_=P.c.id.type),
        ASSESSMENTS.c.instrument == bindparam("instrument", type_=B.c.instrument.type),
        ASSESSMENTS.c.total.is_not(None),
    )
)


async def has_infusion(db: Db, patient_id: UUID, infusion_id: UUID) -> bool:
    """Whether this is an infusion of the patient."""
    return await db.value(HAS_INFUSION, id=infusion_id, patient_id=patient_id) is not None


async def has_score(db: Db, patient_id: UUID, assessment_id: UUID, instrument: str) -> bool:
    """Whether this is a scored assessment of the patient on this instrument."""
    told = {"id": assessment_id, "patient_id": patient_id, "instrument": instrument}
    return await db.value(HAS_SCORE, **told) is not None


OWN = Sql(
    _SUBJECT.add_columns(
        P.c.given_name, P.c.family_name, P.c.birth_date, P.c.preferred_language, P.c.is_demo
    ).where(P.c.id == bindparam("id"))
)


async def own(db: Db, patient_id: UUID) -> Row:
    """What a patient's phone may know of the patient. Raises NotFound."""
    row = await db.row(OWN, id=patient_id)
    if row is None:
        raise NotFound
    return row


CLINICAL = (
    "infusions",
    "dose_events",
    "medications_given",
    "vitals",
    "side_effects",
    "assessments",
    "baselines",
    "consents",
    "decisions",
    "medications",
    "allergies",
    "conditions",
    "screenings",
    "labs",
    "events",
)
"""Tables whose rows say that somebody was treated."""


def _has_rows(name: str) -> ColumnElement[bool]:
    t = table(name, column("patient_id", P.c.id.type), column("status", P.c.status.type))
    mine = t.c.patient_id == bindparam("patient_id", type_=P.c.id.type)
    return select(t.c.status).where(mine, t.c.status != VOIDED).exists()


HAS_RECORDS = Sql(select(or_(*(_has_rows(name) for name in CLINICAL))))


async def has_records(db: Db, patient_id: UUID) -> bool:
    """Whether anything that stands is recorded of a patient."""
    return bool(await db.value(HAS_RECORDS, patient_id=patient_id))
