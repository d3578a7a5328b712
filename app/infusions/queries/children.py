"""Statements about what hangs on a session."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    TableClause,
    and_,
    bindparam,
    column,
    exists,
    literal_column,
    or_,
    select,
    table,
    update,
)

from app.infusions.queries.shown import (
    DOSES,
    EFFECTS,
    MEDICATIONS_GIVEN,
    READINGS,
    SESSIONS,
    VOIDED,
)
from app.kit.db import Db, Row, Sql

SESSION_OF = Sql(
    select(SESSIONS.c.id, SESSIONS.c.status, SESSIONS.c.ended_at)
    .where(SESSIONS.c.id == bindparam("id"), SESSIONS.c.patient_id == bindparam("patient_id"))
    .with_for_update(read=True)
)


async def session_of(db: Db, patient_id: UUID, infusion_id: UUID) -> Row | None:
    """A session of the patient; nobody voids it before this transaction ends."""
    return await db.row(SESSION_OF, id=infusion_id, patient_id=patient_id)


# Assessments belong to a package beside this one: the keys of the database tie them here.
ASSESSMENTS = table(
    "assessments",
    *(
        column(name, READINGS.c[name].type)
        for name in (
            "id",
            "patient_id",
            "infusion_id",
            "status",
            "version",
            "changed_at",
            "changed_by",
            "change_reason",
        )
    ),
)

CHILDREN: dict[str, TableClause] = {
    "dose_event": DOSES,
    "medication_given": MEDICATIONS_GIVEN,
    "vitals": READINGS,
    "side_effect": EFFECTS,
    "assessment": ASSESSMENTS,
}
"""What hangs on a session, by noun."""


def _live(t: TableClause) -> ColumnElement[bool]:
    return and_(
        t.c.patient_id == bindparam("patient_id", type_=t.c.patient_id.type),
        t.c.infusion_id == bindparam("infusion_id", type_=t.c.infusion_id.type),
        t.c.status != VOIDED,
    )


HAS_CHILDREN = Sql(
    select(or_(*(exists(select(t.c.id).where(_live(t))) for t in CHILDREN.values())))
)

VOID_CHILDREN = {
    noun: Sql(
        update(t)
        .where(_live(t))
        .values(
            status=VOIDED,
            version=t.c.version + literal_column("1"),
            **{
                name: bindparam(name, type_=t.c[name].type)
                for name in ("changed_at", "changed_by", "change_reason")
            },
        )
        .returning(t.c.id)
    )
    for noun, t in CHILDREN.items()
}


async def has_children(db: Db, patient_id: UUID, infusion_id: UUID) -> bool:
    """Whether anything that stands hangs on a session of a patient."""
    return bool(await db.value(HAS_CHILDREN, patient_id=patient_id, infusion_id=infusion_id))


async def void_children(
    db: Db, patient_id: UUID, infusion_id: UUID, at: datetime, by: UUID, reason: str
) -> list[tuple[str, UUID]]:
    """Void what hangs on a session; the noun and the id of each."""
    told = {"changed_at": at, "changed_by": by, "change_reason": reason}
    return [
        (noun, row["id"])
        for noun, sql in VOID_CHILDREN.items()
        for row in await db.rows(sql, patient_id=patient_id, infusion_id=infusion_id, **told)
    ]
