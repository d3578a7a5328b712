"""Statements about alerts: raise one once, tell of its evidence, find those that wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert

from app.access.policy import Role
from app.access.tables import Staff
from app.alerts.tables import Alert, EvidenceStatus, Level, State
from app.kit.db import Connection, Db, Row, Sql
from app.kit.tables import shown, table_of
from app.patients.tables import Patient
from app.records.queries import Statements, versioned_columns

A, P, S = table_of(Alert), table_of(Patient), table_of(Staff)

SHOWN = (
    "patient_id",
    "rule",
    "level",
    "status",
    "raised_at",
    "late",
    "subject_kind",
    "subject_id",
    "evidence",
    "evidence_status",
    "assigned_to",
    "due_at",
    "acknowledged_at",
    "acknowledged_by",
    "acknowledge_note",
    "escalated_at",
    "escalated_to",
    "closed_at",
    "closed_by",
    "close_note",
    "outcome",
)
"""What an alert shows beside what every record does."""

LASTING = frozenset(
    {"clinic_id", "id", "version", "recorded_at", "recorded_by", "content_sha256", "assigned_to"}
)
"""What an alert keeps when its level rises."""


def alert_columns(t: FromClause) -> Sequence[ColumnElement[Any]]:
    """An alert as the API shows it."""
    return [*versioned_columns(t), *shown(t.c[name] for name in SHOWN)]


ALERT = Statements(A, alert_columns)


def _loudness(level: ColumnElement[str]) -> ColumnElement[int]:
    """The place of a level among the levels, from 1."""
    words = ",".join(f"'{level.value}'" for level in Level)
    return func.array_position(literal_column(f"ARRAY[{words}]"), level)


def _raising() -> Sql:
    """Insert, or where the alert is there at a lower level, raise it and open it anew."""
    clinician = select(P.c.responsible_clinician_id).where(P.c.id == bindparam("patient_id"))
    values = {c.name: bindparam(c.name, type_=c.type) for c in A.c if c.name != "assigned_to"}
    new = insert(A).values(**values, assigned_to=clinician.scalar_subquery())
    louder = {c.name: new.excluded[c.name] for c in A.c if c.name not in LASTING}
    kept = new.on_conflict_do_update(
        index_elements=[A.c.clinic_id, A.c.subject_id, A.c.rule],
        set_={**louder, "version": A.c.version + 1},
        where=_loudness(new.excluded.level) > _loudness(A.c.level),
    )
    return Sql(kept.returning(A.c.id))


RAISE = _raising()

EVIDENCE = Sql(
    update(A)
    .where(
        A.c.subject_kind == bindparam("kind"),
        A.c.subject_id == bindparam("subject"),
        A.c.evidence_status != bindparam("new"),
        A.c.evidence_status != EvidenceStatus.VOIDED.value,
    )
    .values(
        evidence_status=bindparam("new"),
        version=A.c.version + 1,
        changed_at=bindparam("at", type_=A.c.changed_at.type),
        changed_by=bindparam("by", type_=A.c.changed_by.type),
        change_reason=None,
    )
)

RESTS_ON = Sql(
    update(A)
    .where(
        A.c.patient_id == bindparam("patient_id", type_=A.c.patient_id.type),
        A.c.evidence["records"].op("?")(bindparam("record_id", type_=Text())),
        A.c.evidence_status != bindparam("new", type_=Text()),
        A.c.evidence_status != EvidenceStatus.VOIDED.value,
    )
    .values(
        evidence_status=bindparam("new", type_=Text()),
        version=A.c.version + 1,
        changed_at=bindparam("at", type_=A.c.changed_at.type),
        changed_by=bindparam("by", type_=A.c.changed_by.type),
        change_reason=None,
    )
)


def _adding() -> Sql:
    """Take what is now known in the place of what was; a closed alert is opened by new records."""
    new = {c.name: bindparam(f"new_{c.name}", type_=c.type) for c in A.c}
    known = A.c.evidence["records"].contains(bindparam("records", type_=A.c.evidence.type))
    again = and_(
        A.c.status == State.CLOSED.value, not_(func.coalesce(known, literal_column("false")))
    )
    kept = LASTING | {"patient_id", "rule", "level", "subject_kind", "subject_id"}
    opened = {
        c.name: case((again, new[c.name]), else_=c)
        for c in A.c
        if c.name not in kept and c.name not in ALWAYS
    }
    added = {name: new[name] for name in ALWAYS} | {"version": A.c.version + 1}
    changed = or_(
        A.c.evidence != new["evidence"], A.c.evidence_status != EvidenceStatus.CURRENT.value
    )
    same = (A.c.subject_id == new["subject_id"], A.c.rule == new["rule"])
    return Sql(update(A).where(*same, changed).values(opened | added).returning(A.c.id))


ALWAYS = frozenset({"evidence", "evidence_status", "changed_at", "changed_by", "change_reason"})
"""What new evidence changes of an alert that is no louder for it."""

ADD_EVIDENCE = _adding()

UNCLOSED = Sql(
    select(
        *(A.c[name] for name in ("id", "rule", "level", "status", "raised_at", "evidence_status")),
        A.c.evidence["sentence"].astext.label("sentence"),
    )
    .where(A.c.patient_id == bindparam("patient_id"), A.c.status != State.CLOSED.value)
    .order_by(A.c.raised_at, A.c.id)
)


CLINICS_WITH_UNSEEN = "SELECT * FROM clinics_with_unseen($1)"

CAN_ACT = (Role.CLINICIAN, Role.ADMIN)
"""Those who may deal with any alert."""


def _escalating() -> Sql:
    """Pass on the alerts of a level that were raised in a time, to all who can act."""
    who = select(func.coalesce(func.array_agg(S.c.id), literal_column("'{}'::uuid[]"))).where(
        S.c.active, S.c.role.in_([literal_column(f"'{role}'") for role in CAN_ACT])
    )
    raised_at = A.c.raised_at
    waiting = (
        A.c.status == State.OPEN.value,
        ~A.c.late,
        A.c.escalated_at.is_(None),
        A.c.level == bindparam("of_level"),
        raised_at > bindparam("after", type_=raised_at.type),
        raised_at <= bindparam("before", type_=raised_at.type),
    )
    values = {
        "escalated_at": bindparam("now", type_=raised_at.type),
        "escalated_to": who.scalar_subquery(),
        "version": A.c.version + 1,
        "changed_at": bindparam("now", type_=raised_at.type),
        "changed_by": bindparam("by", type_=A.c.changed_by.type),
        "change_reason": None,
    }
    return Sql(update(A).where(*waiting).values(values).returning(A.c.id))


ESCALATE = _escalating()


async def clinics_with_unseen(connection: Connection, raised_by: datetime) -> list[UUID]:
    """The clinics in which an alert waits that was raised by then and was not passed on."""
    rows = await connection.fetch(CLINICS_WITH_UNSEEN, raised_by)
    return [row[0] for row in rows]


async def escalate(
    db: Db, level: Level, span: tuple[datetime, datetime], now: datetime, by: UUID
) -> int:
    """Pass on what was raised after the one and by the other; how many alerts."""
    after, before = span
    told = {"of_level": level.value, "after": after, "before": before, "now": now, "by": by}
    return len(await db.rows(ESCALATE, **told))


async def unclosed(db: Db, patient_id: UUID) -> list[Row]:
    """A patient's alerts that nobody has closed, the oldest first."""
    return await db.rows(UNCLOSED, patient_id=patient_id)


async def put(db: Db, **values: Any) -> bool:
    """Raise an alert, once for a rule and its subject; whether it is new or louder than before."""
    return await db.value(RAISE, clinic_id=db.clinic_id, **values) is not None


async def add_evidence(db: Db, **values: Any) -> bool:
    """Tell an alert that is there what it now rests on; whether that is anything new."""
    told = {f"new_{name}": value for name, value in values.items()}
    records = values["evidence"].get("records", [])
    return await db.value(ADD_EVIDENCE, **told, records=records) is not None


async def mark_resting_on(
    db: Db, patient_id: UUID, record_id: UUID, new: EvidenceStatus, at: datetime, by: UUID
) -> None:
    """Say of the alerts that rest on a record, their own subject's or not, what became of it."""
    told = {"patient_id": patient_id, "record_id": str(record_id), "new": new.value}
    await db.run(RESTS_ON, **told, at=at, by=by)


async def mark(
    db: Db, kind: str, subject: UUID, new: EvidenceStatus, at: datetime, by: UUID
) -> None:
    """Say of the alerts of a record what has become of it."""
    await db.run(EVIDENCE, kind=kind, subject=subject, new=new.value, at=at, by=by)
