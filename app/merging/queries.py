"""Statements about merges, and what else follows a patient who became another."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert

from app.assessments.tables import Schedule
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.merging.tables import Merge
from app.patients.queries import PATIENT
from app.patients.tables import Course, Identifier, Patient

M, P, N = table_of(Merge), table_of(Patient), table_of(Identifier)
C, S = table_of(Course), table_of(Schedule)

ID = P.c.id.type

ADD = Sql(insert(M).values({c.name: bindparam(c.name, type_=c.type) for c in M.c}))


async def add(db: Db, **values: Any) -> None:
    """Keep that one patient became another."""
    undone = dict.fromkeys(("undone_at", "undone_by", "undo_reason"))
    await db.run(ADD, clinic_id=db.clinic_id, **values, **undone)


LAST = Sql(
    select(M)
    .where(M.c.into_id == bindparam("into_id"), M.c.undone_at.is_(None))
    .order_by(M.c.merged_at.desc(), M.c.id.desc())
    .limit(literal_column("1"))
    .with_for_update()
)


async def last_into(db: Db, patient_id: UUID) -> Row | None:
    """The last merge into a patient that stands."""
    return await db.row(LAST, into_id=patient_id)


OF_PATIENT = Sql(
    select(*(c for c in M.c if c.name not in {"clinic_id", "moved"}))
    .where(or_(M.c.from_id == bindparam("patient_id"), M.c.into_id == bindparam("patient_id")))
    .order_by(M.c.merged_at.desc(), M.c.id.desc())
)


async def of_patient(db: Db, patient_id: UUID) -> list[Row]:
    """Every merge of a patient, from either side, the newest first."""
    return await db.rows(OF_PATIENT, patient_id=patient_id)


UNDO = Sql(
    update(M)
    .where(M.c.id == bindparam("merge_id", type_=ID))
    .values({n: bindparam(n, type_=M.c[n].type) for n in ("undone_at", "undone_by", "undo_reason")})
)


async def undo(db: Db, merge_id: UUID, at: datetime, by: UUID, reason: str) -> None:
    """Say that a merge stands no longer."""
    await db.run(UNDO, merge_id=merge_id, undone_at=at, undone_by=by, undo_reason=reason)


async def locked(db: Db, *patients: UUID) -> dict[UUID, Row]:
    """The rows of held patients, so that nobody changes them meanwhile."""
    rows = [await db.row(PATIENT.lock, id=one) for one in sorted(patients)]
    return {row["id"]: row for row in rows if row is not None}


FORWARD = Sql(
    update(P)
    .where(P.c.merged_into_id == bindparam("old", type_=ID))
    .values(
        merged_into_id=bindparam("new_id", type_=ID),
        version=P.c.version + literal_column("1"),
        changed_at=bindparam("at", type_=P.c.changed_at.type),
        changed_by=bindparam("by", type_=ID),
        change_reason=bindparam("why", type_=P.c.change_reason.type),
    )
    .returning(P.c.id)
)


async def forward(db: Db, old: UUID, new: UUID, at: datetime, by: UUID, why: str) -> list[UUID]:
    """Whoever became the one is now the other; who they are."""
    rows = await db.rows(FORWARD, old=old, new_id=new, at=at, by=by, why=why)
    return [row["id"] for row in rows]


REASSIGN = Sql(
    update(N)
    .where(
        N.c.patient_id == bindparam("old", type_=ID),
        N.c.system == bindparam("system_name", type_=N.c.system.type),
        N.c.value == bindparam("system_value", type_=N.c.value.type),
    )
    .values(patient_id=bindparam("new_id", type_=ID))
    .returning(N.c.id)
)


async def reassign(db: Db, old: UUID, new: UUID, system: str, value: str) -> bool:
    """Give an identifier to another patient; False where the one has it no longer."""
    told = {"system_name": system, "system_value": value}
    return await db.value(REASSIGN, old=old, new_id=new, **told) is not None


RESTORE = Sql(
    update(C)
    .where(C.c.id == bindparam("course_id", type_=ID))
    .values(
        number=bindparam("new_number", type_=C.c.number.type),
        member_ids=bindparam("members", type_=C.c.member_ids.type),
        status=literal_column("'active'"),
    )
)


async def restore_course(db: Db, course_id: UUID, number: int, members: list[UUID]) -> None:
    """A course as it was, to be cut anew from there."""
    await db.run(RESTORE, course_id=course_id, new_number=number, members=members)


NO_SLOTS = func.jsonb_array_length(S.c.slots) == literal_column("0")

_OLD = select(S).where(S.c.id == bindparam("old", type_=ID)).where(~NO_SLOTS).subquery("old_one")
_SENT = select(
    _OLD.c.clinic_id,
    bindparam("new_id", type_=ID).label("id"),
    _OLD.c.slots,
    bindparam("at", type_=S.c.changed_at.type).label("changed_at"),
    bindparam("by", type_=ID).label("changed_by"),
)
_NEW = insert(S).from_select(["clinic_id", "id", "slots", "changed_at", "changed_by"], _SENT)
_TAKEN = {name: _NEW.excluded[name] for name in ("slots", "changed_at", "changed_by")}

TAKE_SCHEDULE = Sql(
    _NEW.on_conflict_do_update(
        index_elements=[S.c.clinic_id, S.c.id], set_=_TAKEN, where=NO_SLOTS
    ).returning(S.c.id)
)


async def take_schedule(db: Db, old: UUID, new: UUID, at: datetime, by: UUID) -> bool:
    """Give the one's schedule to the other, where the other has none of their own."""
    return await db.value(TAKE_SCHEDULE, old=old, new_id=new, at=at, by=by) is not None


_OTHER = S.alias("other")

DROP_SCHEDULE = Sql(
    update(S)
    .where(
        S.c.id == bindparam("new_id", type_=ID),
        S.c.slots
        == select(_OTHER.c.slots)
        .where(_OTHER.c.id == bindparam("old", type_=ID))
        .scalar_subquery(),
    )
    .values(
        slots=literal_column("'[]'::jsonb"),
        changed_at=bindparam("at", type_=S.c.changed_at.type),
        changed_by=bindparam("by", type_=ID),
    )
)


async def drop_schedule(db: Db, old: UUID, new: UUID, at: datetime, by: UUID) -> None:
    """Take back a schedule that was given, unless somebody has changed it since."""
    await db.run(DROP_SCHEDULE, old=old, new_id=new, at=at, by=by)
