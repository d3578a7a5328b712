"""Statements about alerts: raise one once, tell of its evidence, find those that wait."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from app.alerts.tables import Alert, EvidenceStatus, Level, State
from app.kit.db import Db, Row, Sql
from app.kit.tables import shown, table_of
from app.patients.tables import Patient
from app.records.queries import Statements, versioned_columns

A, P = table_of(Alert), table_of(Patient)

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

UNCLOSED = Sql(
    select(A.c.id, A.c.rule, A.c.level, A.c.status, A.c.raised_at)
    .where(A.c.patient_id == bindparam("patient_id"), A.c.status != State.CLOSED.value)
    .order_by(A.c.raised_at, A.c.id)
)


async def unclosed(db: Db, patient_id: UUID) -> list[Row]:
    """A patient's alerts that nobody has closed, the oldest first."""
    return await db.rows(UNCLOSED, patient_id=patient_id)


async def put(db: Db, **values: Any) -> bool:
    """Raise an alert, once for a rule and its subject; whether it is new or louder than before."""
    return await db.value(RAISE, clinic_id=db.clinic_id, **values) is not None


async def mark(
    db: Db, kind: str, subject: UUID, new: EvidenceStatus, at: datetime, by: UUID
) -> None:
    """Say of the alerts of a record what has become of it."""
    await db.run(EVIDENCE, kind=kind, subject=subject, new=new.value, at=at, by=by)
