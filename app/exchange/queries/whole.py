"""Statements about a whole clinic: every row of it out, and in elsewhere under the same ids.

For the owner, whom no wall holds. A row goes as its table has it, with every row it was before.
"""

from collections.abc import AsyncIterator, Sequence
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Select,
    Table,
    Text,
    and_,
    any_,
    bindparam,
    cast,
    func,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, insert

from app.clinics.tables import Clinic
from app.exchange.kinds import BY_TABLE
from app.kit.db import Db, Row, Sql
from app.kit.tables import Base, table_of
from app.patients.tables import Identifier
from app.records.queries import document
from app.records.tables import History
from app.webhooks.tables import Outbox

LEFT_OUT = {
    "audit_arrivals": "who looked stays with whom they looked at it for",
    "audit_events": "the same, and its chain holds only where it was sealed",
    "audit_heads": "the same",
    "clients": "a program is let in anew; what it recorded keeps its id",
    "client_secrets": "a secret",
    "devices": "a phone is enrolled anew",
    "enrolments": "the same",
    "forecast_fits": "worked out anew",
    "history": "goes with each record",
    "idempotency_keys": "answers of a day",
    "identifiers": "stands in the patient",
    "invitations": "a secret",
    "outbox": "what was told was told; an import tells of each record anew",
    "recovery_codes": "a secret",
    "refresh_tokens": "a secret",
    "second_factors": "a secret",
    "tokens": "a secret",
    "worklist": "worked out anew",
}
"""Tables of a clinic that don't leave with it, and why."""

SECRET = {"staff": {"password_hash": "none", "active": False}}
"""Columns that stay behind, and what stands for them: nobody can sign in so."""

AT_ONCE = 500

Rows = Table
"""A table, for those who know no SQL."""

H, N, BOX, CLINIC = (
    table_of(History),
    table_of(Identifier),
    table_of(Outbox),
    table_of(Clinic),
)

ONE_MOMENT = "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"


@cache
def leaving() -> tuple[Table, ...]:
    """The tables that leave with a clinic, each after those that its rows point at."""
    mine = [t for t in Base.metadata.sorted_tables if "clinic_id" in t.c]
    return tuple(t for t in mine if t.name not in LEFT_OUT)


@cache
def _rows(t: Table) -> Sql:
    told = BY_TABLE.get(t.name)
    shown = cast(null(), Text) if told is None else document(t, told.statements.show)
    before = select(
        func.jsonb_agg(func.to_jsonb(literal_column("was")).op("ORDER BY")(literal_column("id")))
    ).select_from(
        select(*(H.c[name] for name in ("id", "version", "row", "replaced_at", "replaced_by")))
        .where(H.c.clinic_id == t.c.clinic_id, H.c.record_id == t.c.id, H.c.kind == t.name)
        .correlate(t)
        .subquery("was")
    )
    query = select(
        t.c.id,
        func.to_jsonb(literal_column(t.name)).label("row"),
        shown.label("shown"),
        before.scalar_subquery().label("history"),
    )
    order = [t.c[name] for name in ("effective_at", "recorded_at", "id") if name in t.c]
    return Sql(query.where(t.c.clinic_id == bindparam("clinic")).order_by(*order))


async def at_one_moment(db: Db) -> None:
    """Whatever the transaction reads is as it is now. Ask for it before anything else."""
    await db.connection.execute(ONE_MOMENT)


async def rows_of(db: Db, t: Table) -> AsyncIterator[Row]:
    """Every row of a clinic in one table: as it is, as the API shows it, and as it was."""
    sql = _rows(t)
    async for row in db.connection.cursor(
        sql.text, *sql.arguments({"clinic": db.clinic_id}), prefetch=AT_ONCE
    ):
        yield row


ABOUT = Sql(
    select(*(CLINIC.c[name] for name in ("slug", "name", "time_zone", "is_demo"))).where(
        CLINIC.c.id == bindparam("clinic")
    )
)


async def about(db: Db) -> Row:
    """The clinic's own facts."""
    row = await db.row(ABOUT, clinic=db.clinic_id)
    assert row is not None, "its slug was found"
    return row


GIVEN = bindparam("rows", type_=JSONB())


def _recordset(t: Table) -> Select[Any]:
    """Rows that came as JSON, as rows of a table."""
    sent = func.jsonb_populate_recordset(literal_column(f"NULL::{t.name}"), GIVEN)
    return select(*sent.table_valued(*(c.name for c in t.c), name="sent").c)


@cache
def _add(t: Table) -> Sql:
    names = [c.name for c in t.c]
    new = insert(t).from_select(names, _recordset(t)).on_conflict_do_nothing()
    return Sql(new.returning(t.c.id))


@cache
def _there(t: Table) -> Sql:
    version = t.c.version if "version" in t.c else cast(null(), BigInteger)
    ids = bindparam("ids", type_=ARRAY(t.c.id.type))
    here = and_(t.c.clinic_id == bindparam("clinic"), t.c.id == any_(ids))
    return Sql(select(t.c.id, version.label("version")).where(here))


async def add(db: Db, t: Table, rows: Sequence[dict[str, Any]]) -> set[UUID]:
    """Insert rows under the ids they had; the ids of those that nothing was in the way of."""
    return {row["id"] for row in await db.rows(_add(t), rows=list(rows))}


async def versions(db: Db, t: Table, ids: list[UUID]) -> dict[UUID, int | None]:
    """What is there of these ids, and in which version."""
    rows = await db.rows(_there(t), ids=ids, clinic=db.clinic_id)
    return {row["id"]: row["version"] for row in rows}


async def add_history(db: Db, rows: Sequence[dict[str, Any]]) -> None:
    """What records were before."""
    await db.rows(_add(H), rows=list(rows))


async def add_identifiers(db: Db, rows: Sequence[dict[str, Any]]) -> None:
    """What other systems call patients."""
    await db.rows(_add(N), rows=list(rows))


TAKEN = Sql(
    select(N.c.system, N.c.value, N.c.patient_id).where(
        N.c.clinic_id == bindparam("clinic"),
        N.c.value == any_(bindparam("values", type_=ARRAY(Text()))),
    )
)


async def identifiers(db: Db, values: list[str]) -> dict[tuple[str, str], UUID]:
    """Who is called so in the clinic already."""
    rows = await db.rows(TAKEN, clinic=db.clinic_id, values=values)
    return {(row["system"], row["value"]): row["patient_id"] for row in rows}


PAGE_NOBODY = Sql(
    update(BOX)
    .where(
        BOX.c.clinic_id == bindparam("clinic"),
        BOX.c.xid == literal_column("pg_current_xact_id()::text::bigint"),
        BOX.c.due_at.is_not(None),
    )
    .values(due_at=null())
)


async def page_nobody(db: Db) -> None:
    """What this transaction tells is old news: it is followed, and nobody is called for it."""
    await db.run(PAGE_NOBODY, clinic=db.clinic_id)
