"""Statements that take records from one patient to another, with all that hangs on them.

What lies above this package is found among all the tables: a new one follows without being named.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Table,
    Text,
    all_,
    any_,
    bindparam,
    cast,
    literal_column,
    or_,
    select,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY

from app.kit.db import Db, Row, Sql, lock_of
from app.kit.tables import Base
from app.patients.queries import HOLD, VOIDED, B, P

STAYS = {
    "audit_arrivals": "who looked at whose chart stays as it was",
    "audit_events": "the same",
    "history": "a row as it was, whose it was",
    "outbox": "what was told was told",
}
"""Tables about a patient whose rows don't follow, and why."""

Ids = Mapping[str, set[UUID]]
"""Records by the names of their tables."""

ID = P.c.id.type
MANY = ARRAY(ID)


async def hold_two(db: Db, *patients: UUID) -> None:
    """Hold patients until the transaction ends, in an order in which no two requests cross."""
    for lock in sorted(lock_of(db.clinic_id, one) for one in patients):
        await db.run(HOLD, lock=lock)


@cache
def about_patients() -> dict[str, Table]:
    """Every table whose rows follow their patient."""
    tables = Base.metadata.tables
    return {n: tables[n] for n in sorted(tables) if "patient_id" in tables[n].c and n not in STAYS}


@cache
def hanging() -> tuple[tuple[str, str, str], ...]:
    """What hangs on what: a table, the column that names the other's record, and the other."""
    return tuple(
        (name, key.column_keys[2], key.referred_table.name)
        for name, t in about_patients().items()
        for key in sorted(t.foreign_key_constraints, key=lambda key: str(key.column_keys))
        if key.column_keys[:2] == ["clinic_id", "patient_id"] and len(key.column_keys) > 2  # noqa: PLR2004  # and the record
    )


@cache
def _hanging_on(name: str, names: str) -> Sql:
    t = about_patients()[name]
    mine = t.c.patient_id == bindparam("patient_id", type_=ID)
    return Sql(select(t.c.id).where(mine, t.c[names] == any_(bindparam("ids", type_=MANY))))


@cache
def _chained() -> Sql:
    """Answers that replace others, and those that they replace."""
    t = about_patients()["assessments"]
    ids = bindparam("ids", type_=MANY)
    replaced = select(t.c.supersedes).where(t.c.id == any_(ids))
    either = or_(t.c.supersedes == any_(ids), t.c.id.in_(replaced))
    return Sql(select(t.c.id).where(t.c.patient_id == bindparam("patient_id", type_=ID), either))


async def along(db: Db, patient_id: UUID, ids: Ids) -> dict[str, set[UUID]]:
    """Records of a patient and all that hangs on them, however far."""
    found = {name: set(some) for name, some in ids.items()}
    while True:
        before = sum(map(len, found.values()))
        for name, names, other in hanging():
            if found.get(other):
                told = {"patient_id": patient_id, "ids": list(found[other])}
                rows = await db.rows(_hanging_on(name, names), **told)
                found.setdefault(name, set()).update(row["id"] for row in rows)
        if answers := found.get("assessments"):
            rows = await db.rows(_chained(), patient_id=patient_id, ids=list(answers))
            answers.update(row["id"] for row in rows)
        if sum(map(len, found.values())) == before:
            return found


@cache
def _strays(name: str, names: str) -> Sql:
    t = about_patients()[name]
    of_these = t.c.id == any_(bindparam("ids", type_=MANY))
    elsewhere = t.c[names] != all_(bindparam("others", type_=MANY))
    return Sql(
        select(t.c.id)
        .where(of_these, t.c[names].is_not(None), elsewhere)
        .limit(literal_column("1"))
    )


async def strays(db: Db, ids: Ids) -> bool:
    """Whether any of these records hangs on one that is not among them."""
    for name, names, other in hanging():
        told = {"ids": list(ids.get(name, ())), "others": list(ids.get(other, ()))}
        if told["ids"] and await db.value(_strays(name, names), **told) is not None:
            return True
    return False


BASELINES, ANSWERS = (bindparam(name, type_=MANY) for name in ("baselines", "answers"))

TORN = Sql(
    select(B.c.id)
    .where(
        B.c.patient_id == bindparam("patient_id"),
        B.c.status != VOIDED,
        B.c.assessment_id.is_not(None),
        (B.c.id == any_(BASELINES)) != (B.c.assessment_id == any_(ANSWERS)),
    )
    .limit(literal_column("1"))
)


async def tears(db: Db, patient_id: UUID, ids: Ids) -> bool:
    """Whether a baseline would be parted from the assessment that it rests on."""
    told = {
        "baselines": list(ids.get("baselines", ())),
        "answers": list(ids.get("assessments", ())),
    }
    return await db.value(TORN, patient_id=patient_id, **told) is not None


@cache
def _relocate(names: tuple[str, ...], *, whole: bool) -> Sql:
    """All in one statement: keys that name patient and session together are checked at its end."""
    moved = []
    for name in names:
        t = about_patients()[name]
        values: dict[str, Any] = {"patient_id": bindparam("new_patient", type_=ID)}
        if "version" in t.c:
            values["version"] = t.c.version + literal_column("1")
            told = ("changed_at", "changed_by", "change_reason")
            values |= {one: bindparam(f"new_{one}", type_=t.c[one].type) for one in told}
        query = update(t).where(t.c.patient_id == bindparam("old", type_=ID)).values(values)
        if not whole:
            query = query.where(t.c.id == any_(bindparam(f"ids_{name}", type_=MANY)))
        moved.append((name, query.returning(t.c.id).cte(f"moved_{name}")))
    told_of = (
        select(literal_column(f"'{name}'", Text()).label("name"), one.c.id) for name, one in moved
    )
    return Sql(union_all(*told_of))


class To:
    """Where records go, and what their new version says of it."""

    def __init__(self, patient_id: UUID, at: datetime, by: UUID, reason: str) -> None:
        self.told = {
            "new_patient": patient_id,
            "new_changed_at": at,
            "new_changed_by": by,
            "new_change_reason": reason,
        }


def _by_table(rows: Iterable[Row]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = {}
    for row in rows:
        found.setdefault(row["name"], set()).add(row["id"])
    return found


async def relocate(db: Db, old: UUID, to: To, ids: Ids) -> None:
    """Take some records of a patient to another, each a version on."""
    names = tuple(sorted(name for name, some in ids.items() if some))
    if names:
        told: dict[str, Any] = {f"ids_{name}": list(ids[name]) for name in names}
        await db.rows(_relocate(names, whole=False), old=old, **to.told, **told)


async def relocate_all(db: Db, old: UUID, to: To) -> dict[str, set[UUID]]:
    """Take everything of a patient to another; what went, by table."""
    names = tuple(about_patients())
    return _by_table(await db.rows(_relocate(names, whole=True), old=old, **to.told))


@cache
def _alerts_about() -> Sql:
    t = about_patients()["alerts"]
    mine = t.c.patient_id == bindparam("patient_id", type_=ID)
    return Sql(select(t.c.id).where(mine, t.c.subject_id == any_(bindparam("ids", type_=MANY))))


async def alerts_about(db: Db, patient_id: UUID, ids: Ids) -> set[UUID]:
    """The alerts that any of these records raised."""
    every = [one for some in ids.values() for one in some]
    rows = await db.rows(_alerts_about(), patient_id=patient_id, ids=every)
    return {row["id"] for row in rows}


@cache
def _correct() -> Sql:
    t = about_patients()["alerts"]
    named = cast(bindparam("ids", type_=ARRAY(Text())), ARRAY(Text()))
    told = ("changed_at", "changed_by", "change_reason")
    return Sql(
        update(t)
        .where(
            t.c.patient_id == bindparam("patient_id", type_=ID),
            t.c.evidence_status == literal_column("'current'"),
            t.c.evidence["records"].op("?|")(named),
        )
        .values(
            evidence_status="corrected",
            version=t.c.version + literal_column("1"),
            **{one: bindparam(f"new_{one}", type_=t.c[one].type) for one in told},
        )
    )


async def correct_alerts(db: Db, patient_id: UUID, to: To, ids: Ids) -> None:
    """Say of the alerts that stay and rest on records that went, that they rested on them."""
    every = [str(one) for some in ids.values() for one in some]
    await db.run(_correct(), patient_id=patient_id, ids=every, **to.told)
