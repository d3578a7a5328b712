"""Statements about what needs attention: follow the facts, take what is due, list who waits."""

from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Select,
    SmallInteger,
    Text,
    and_,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import distinct_on

from app.background.tables import Screening
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.patients.tables import Patient
from app.records.tables import Status
from app.worklist.reasons import ALERT_RANKS, COLUMNS, NOTHING, RANKS, REASONS, Reason
from app.worklist.tables import Attention

W, P, G = table_of(Attention), table_of(Patient), table_of(Screening)

FOLLOW = "SELECT follow_facts($1)"
PATIENCE_SECONDS = 600
PATIENCE = f"SET LOCAL statement_timeout = '{PATIENCE_SECONDS}s'"
"""The first facts after a long sleep, or after a restore, are many."""

CLINICS_TO_RECOMPUTE = "SELECT * FROM clinics_to_recompute($1)"

AT = DateTime(timezone=True)

WRITTEN = tuple(c.name for c in W.c if c.name not in {"clinic_id", "id"})

CLAIM = Sql(
    select(W.c.id)
    .where(W.c.due_at <= bindparam("now", type_=AT))
    .order_by(W.c.due_at, W.c.id)
    .limit(bindparam("limit"))
    .with_for_update(skip_locked=True)
)

WRITE = Sql(
    update(W)
    .where(W.c.id == bindparam("key", type_=W.c.id.type))
    .values({name: bindparam(name, type_=W.c[name].type) for name in WRITTEN})
)


async def follow(connection: asyncpg.Connection, now: datetime) -> int:
    """Mark every patient of whom something was told since the last time; how many.

    None, where another worker is at it.
    """
    async with connection.transaction():
        await connection.execute(PATIENCE)
        marked: int = await connection.fetchval(FOLLOW, now, timeout=PATIENCE_SECONDS)
    return marked


async def clinics_to_recompute(connection: asyncpg.Connection, now: datetime) -> list[UUID]:
    """The clinics in which a patient is due, the one that waited longest first."""
    rows = await connection.fetch(CLINICS_TO_RECOMPUTE, now)
    return [row[0] for row in rows]


POSTPONE = Sql(
    update(W)
    .where(W.c.id == bindparam("key", type_=W.c.id.type))
    .values(due_at=bindparam("until", type_=AT))
)


async def postpone(db: Db, patient_id: UUID, until: datetime) -> None:
    """Look again later, after what went wrong."""
    await db.run(POSTPONE, key=patient_id, until=until)


async def claim(db: Db, now: datetime) -> UUID | None:
    """The patient who has been due longest, held until the transaction ends."""
    patient_id: UUID | None = await db.value(CLAIM, now=now, limit=1)
    return patient_id


SCREENINGS = Sql(
    select(G.c.id, G.c.kind, G.c.expires_on)
    .ext(distinct_on(G.c.kind))
    .where(
        G.c.patient_id == bindparam("patient_id"),
        G.c.status != Status.ENTERED_IN_ERROR.value,
    )
    .order_by(G.c.kind, G.c.effective_at.desc(), G.c.id.desc())
)


async def newest_screenings(db: Db, patient_id: UUID) -> list[Row]:
    """The newest screening of each kind that expires."""
    rows = await db.rows(SCREENINGS, patient_id=patient_id)
    return [row for row in rows if row["expires_on"] is not None]


async def write(db: Db, patient_id: UUID, values: dict[str, Any]) -> None:
    """Write what was worked out; what is not named is empty."""
    empty: dict[str, Any] = dict.fromkeys(WRITTEN) | {"alerts": {}, "told": {}}
    await db.run(WRITE, key=patient_id, **empty | values)


def holding(reason: Reason) -> ColumnElement[bool]:
    """Whether a reason holds now."""
    since, until = COLUMNS[reason]
    now = bindparam("now", type_=AT)
    if until is None:
        return W.c[since] <= now
    return and_(W.c[since] <= now, or_(W.c[until].is_(None), W.c[until] > now))


def _rank() -> ColumnElement[int]:
    """The most urgent of what holds. LEAST leaves out what is null."""
    levels: dict[Any, Any] = {_word(level): _number(n) for level, n in ALERT_RANKS.items()}
    others = (case((holding(one), _number(rank))) for one, rank in RANKS.items())
    return func.least(case(levels, value=W.c.alert_level), *others, _number(NOTHING))


def _since(rank: ColumnElement[int]) -> ColumnElement[Any]:
    """Since when the most urgent holds; long ago for nothing at all."""
    told: dict[Any, Any] = {_number(n): W.c.alert_from for n in ALERT_RANKS.values()}
    told |= {_number(n): W.c[COLUMNS[one][0]] for one, n in RANKS.items()}
    return case(told, value=rank, else_=literal_column("timestamptz 'epoch'", AT))


def _everyone(filters: frozenset[str]) -> Select[Any]:
    """The active patients, with the rank and since when."""
    rank = _rank()
    query = (
        select(P.c.clinic_id, P.c.id, rank.label("rank"), _since(rank).label("since"))
        .select_from(P.outerjoin(W, and_(W.c.clinic_id == P.c.clinic_id, W.c.id == P.c.id)))
        .where(P.c.active, P.c.deceased_on.is_(None))
        .where(P.c.status != _word(Status.ENTERED_IN_ERROR))
    )
    if "clinician" in filters:
        query = query.where(P.c.responsible_clinician_id == bindparam("clinician_id"))
    for reason in REASONS:
        if reason in filters:
            query = query.where(holding(reason))
    return query.where(rank == _number(NOTHING)) if "nothing" in filters else query


@cache
def listing(filters: frozenset[str]) -> Sql:
    """A page of `limit` patients, the most urgent first, then the longest waiting, then by id.

    `filters`: a reason or `nothing`, `clinician`, `after`. The rows are fetched for the page alone.
    """
    all_of = _everyone(filters).subquery("everyone")
    key = (all_of.c.rank, all_of.c.since, all_of.c.id)
    query = select(all_of).order_by(*key).limit(bindparam("limit"))
    if "after" in filters:
        query = query.where(
            tuple_(*key)
            > tuple_(
                bindparam("key_rank", type_=SmallInteger()),
                bindparam("key_since", type_=AT),
                bindparam("key_id", type_=P.c.id.type),
            )
        )
    page = query.subquery("page")
    named = (P.c.given_name, P.c.family_name, P.c.responsible_clinician_id)
    found = page.join(P, P.c.id == page.c.id).outerjoin(W, W.c.id == page.c.id)
    shown = select(
        page.c.id.label("patient_id"), page.c.rank, page.c.since, *named, *(W.c[n] for n in WRITTEN)
    )
    return Sql(shown.select_from(found).order_by(page.c.rank, page.c.since, page.c.id))


def _word(text: str) -> ColumnElement[str]:
    return literal_column(f"'{text}'", Text())


def _number(value: int) -> ColumnElement[int]:
    return literal_column(str(value), SmallInteger())
