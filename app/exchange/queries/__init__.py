"""Statements about many records at once."""

from collections.abc import Collection, Iterable
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from app.kit.db import Db, Row, Sql, lock_of
from app.kit.tables import table_of
from app.patients.tables import Identifier, Patient
from app.records.queries import Statements, shown

N, P = table_of(Identifier), table_of(Patient)


@cache
def _documents(statements: Statements) -> Sql:
    t = statements.table
    ids = bindparam("ids", type_=ARRAY(t.c.id.type))
    return Sql(shown(t, statements.show).where(t.c.id == any_(ids)))


async def documents(db: Db, statements: Statements, ids: list[UUID]) -> dict[Any, str]:
    """Records as the API shows them, as JSON, by their ids; what isn't there is left out."""
    rows = await db.rows(_documents(statements), ids=ids)
    return {row["id"]: row["json"] for row in rows}


LONGER = "SET LOCAL lock_timeout = '60s'"
"""A batch waits for a batch of the same patients, which takes a second or two."""

SAVEPOINT, RELEASE, BACK = "SAVEPOINT item", "RELEASE item", "ROLLBACK TO item; RELEASE item"


async def hold(db: Db, patients: Iterable[UUID]) -> None:
    """Hold many patients until the end, in an order in which two batches can't cross."""
    await db.connection.execute(LONGER)
    locks = sorted(lock_of(db.clinic_id, one) for one in set(patients))
    if locks:
        await db.run(HOLD, locks=locks)


_LOCK = func.unnest(bindparam("locks", type_=ARRAY(BigInteger()))).column_valued("lock")
HOLD = Sql(select(func.pg_advisory_xact_lock(_LOCK)))

PEOPLE = Sql(
    select(N.c.system, N.c.value, N.c.patient_id).where(
        N.c.system == any_(bindparam("systems", type_=ARRAY(Text()))),
        N.c.value == any_(bindparam("values", type_=ARRAY(Text()))),
    )
)


async def people(db: Db, named: Collection[tuple[str, str]]) -> dict[tuple[str, str], UUID]:
    """Whom other systems call so."""
    if not named:
        return {}
    systems, values = zip(*named, strict=True)
    rows = await db.rows(PEOPLE, systems=sorted(set(systems)), values=sorted(set(values)))
    return {(row["system"], row["value"]): row["patient_id"] for row in rows}


MERGED_INTO = Sql(
    select(P.c.id, P.c.content_sha256).where(P.c.merged_into_id == bindparam("patient_id"))
)


async def merged_into(db: Db, patient_id: UUID) -> list[Row]:
    """Whoever became this patient, and what they were registered with."""
    return await db.rows(MERGED_INTO, patient_id=patient_id)


KEYS = ("id", "patient_id", "version", "content_sha256")


@cache
def _by_ids(statements: Statements) -> Sql:
    t = statements.table
    ids = bindparam("ids", type_=ARRAY(t.c.id.type))
    return Sql(select(*(t.c[name] for name in KEYS)).where(t.c.id == any_(ids)))


@cache
def _by_sources(statements: Statements) -> Sql:
    t = statements.table
    systems = bindparam("systems", type_=ARRAY(Text()))
    values = bindparam("values", type_=ARRAY(Text()))
    named = (t.c.source_system, t.c.source_record_id)
    query = select(*(t.c[name] for name in KEYS), *named)
    return Sql(query.where(named[0] == any_(systems), named[1] == any_(values)))


async def by_ids(db: Db, statements: Statements, ids: Collection[UUID]) -> list[Row]:
    """What is there under these ids."""
    return await db.rows(_by_ids(statements), ids=list(ids)) if ids else []


async def by_sources(
    db: Db, statements: Statements, named: Collection[tuple[str, str]]
) -> list[Row]:
    """What came from these places in other systems."""
    if not named:
        return []
    systems, values = zip(*named, strict=True)
    told = {"systems": sorted(set(systems)), "values": sorted(set(values))}
    return await db.rows(_by_sources(statements), **told)


async def savepoint(db: Db) -> None:
    """Begin what may be taken back."""
    await db.connection.execute(SAVEPOINT)


async def keep(db: Db) -> None:
    """Let it stand."""
    await db.connection.execute(RELEASE)


async def take_back(db: Db) -> None:
    """Undo it, whatever has happened since."""
    await db.connection.execute(BACK)


async def add_many(db: Db, statements: Statements, rows: list[dict[str, Any]]) -> list[Row]:
    """Insert rows of one kind in one go; what `add_unseen` says of those that were not there."""
    if not rows:
        return []
    sql = statements.add_unseen
    kept: list[Row] = await db.connection.fetchmany(sql.text, [sql.arguments(row) for row in rows])
    return kept
