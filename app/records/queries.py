"""Statements that every record needs, written once for any table."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any
from uuid import UUID

from asyncpg import UniqueViolationError
from sqlalchemy import (
    ColumnElement,
    FromClause,
    ScalarSelect,
    Select,
    Table,
    Text,
    Uuid,
    bindparam,
    case,
    cast,
    column,
    delete,
    func,
    literal_column,
    null,
    select,
    tuple_,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, distinct_on, insert

from app.kit.db import Db, Row, Sql
from app.kit.errors import Conflict
from app.kit.tables import instant, table_of
from app.records.tables import History, IdempotencyKey, Status

Show = Callable[[FromClause], Sequence[ColumnElement[Any]]]
"""The columns of a record as the API sends them, given its table or an alias of it."""

KEYS = ("id", "version", "patient_id", "status", "content_sha256")
"""What the machinery reads beside the document, where the table has it."""


def versioned_columns(t: FromClause) -> list[ColumnElement[Any]]:
    """What every record shows."""
    return [t.c.id, t.c.version, instant(t.c.recorded_at), t.c.recorded_by]


def clinical_columns(t: FromClause) -> list[ColumnElement[Any]]:
    """What every clinical record shows."""
    source = func.json_build_object(
        literal_column("'system'"),
        t.c.source_system,
        literal_column("'record_id'"),
        t.c.source_record_id,
        literal_column("'version'"),
        t.c.source_version,
    )
    return [
        *versioned_columns(t),
        t.c.patient_id,
        t.c.status,
        instant(t.c.effective_at),
        t.c.precision,
        t.c.entry_mode,
        t.c.performed_by,
        t.c.time_zone,
        t.c.utc_offset_minutes,
        case((t.c.source_system.is_not(None), source), else_=null()).label("source"),
        t.c.flags,
        t.c.clock_skew_seconds,
        t.c.late_seconds,
        t.c.clock_suspect,
    ]


def document(t: FromClause, show: Show) -> ScalarSelect[Any]:
    """A row as the JSON that the API sends, built by PostgreSQL, as text."""
    row = select(*show(t)).correlate(t).subquery("o")
    whole = cast(func.row_to_json(literal_column("o")), Text)
    return select(whole).select_from(row).scalar_subquery()


def shown(t: FromClause, show: Show) -> Select[Any]:
    """The document of each row, and the columns that the machinery reads."""
    return select(document(t, show).label("json"), *(t.c[name] for name in KEYS if name in t.c))


@dataclass(frozen=True)
class Statements:
    """The statements of one kind of record, each compiled when it is first wanted."""

    table: Table
    show: Show
    asked: tuple[ColumnElement[Any], ...] = ()
    """What else is asked of a record, by its id, in the statement that inserts it for a phone."""

    @cached_property
    def add(self) -> Sql:
        """Insert, unless an id, a source or another key is taken: then no row comes back."""
        kept = self._insert().returning(self.table)
        return Sql(shown(kept.cte("kept"), self.show))

    @cached_property
    def add_unseen(self) -> Sql:
        """Insert as `add` does, for a phone: it is told what became of an item, not the record.

        Building the document takes a third of the insert.
        """
        return Sql(self._insert().returning(self.table.c.id, *self.asked))

    def _insert(self) -> Insert:
        left_to_database = {c.name for c in self.table.c if c.server_default is not None}
        values = {
            c.name: bindparam(c.name, type_=c.type)
            for c in self.table.c
            if c.name not in left_to_database or c.name == "flags"
        }
        return insert(self.table).values(values).on_conflict_do_nothing()

    @cached_property
    def find(self) -> Sql:
        """One record by id."""
        return Sql(shown(self.table, self.show).where(self.table.c.id == bindparam("id")))

    @cached_property
    def lock(self) -> Sql:
        """One record by id as its table has it, held until the transaction ends."""
        t = self.table
        return Sql(select(t).where(t.c.id == bindparam("id")).with_for_update())

    @cached_property
    def of_source(self) -> Sql:
        """The id of the record that came from this place in a source system."""
        t = self.table
        return Sql(
            select(t.c.id).where(
                t.c.source_system == bindparam("system"),
                t.c.source_record_id == bindparam("record_id"),
            )
        )

    @cached_property
    def versions(self) -> Sql:
        """Every version of a record, oldest first, each as the API would last have sent it.

        A computed field changes without a new version, so a version may have been kept twice.
        """
        h, t = table_of(History), self.table
        populated = func.jsonb_populate_record(literal_column(f"NULL::{t.name}"), h.c.row)
        was = populated.table_valued(*[column(c.name, c.type) for c in t.c], name="was")
        named = ("version", "changed_at", "changed_by", "change_reason")

        def one(source: FromClause) -> Select[Any]:
            return select(
                document(source, self.show).label("json"), *(source.c[name] for name in named)
            )

        until = h.c.replaced_at.label("until")
        old = one(was).add_columns(until).select_from(h.join(was, literal_column("true")))
        old = old.where(h.c.kind == t.name, h.c.record_id == bindparam("id"))
        now = cast(null(), until.type).label("until")
        new = one(t).add_columns(now).where(t.c.id == bindparam("id"))
        every = old.union_all(new).subquery("v")
        last = every.c.until.desc().nulls_first()
        return Sql(select(every).ext(distinct_on(every.c.version)).order_by(every.c.version, last))


@cache
def change_of(statements: Statements, names: frozenset[str]) -> Sql:
    """Write some columns of one record."""
    t = statements.table
    values = {name: bindparam(f"new_{name}", type_=t.c[name].type) for name in names}
    kept = update(t).where(t.c.id == bindparam("id")).values(values).returning(t)
    return Sql(shown(kept.cte("kept"), statements.show))


async def change(db: Db, statements: Statements, record_id: UUID, values: dict[str, Any]) -> Row:
    """Write some columns of one record; the record as it then is.

    Raises Conflict where another request took a key at the same moment; which, a repeat is told.
    """
    sql = change_of(statements, frozenset(values))
    try:
        row = await db.row(sql, id=record_id, **{f"new_{k}": v for k, v in values.items()})
    except UniqueViolationError:
        raise Conflict("Another request came first: send this again to be told which.") from None
    assert row is not None
    return row


@dataclass(frozen=True)
class Filter:
    """Which records of a kind a list shows, in the order of their time."""

    equal: tuple[str, ...] = ()
    """Columns that must equal the parameter of the same name."""
    since: bool = False
    before: bool = False
    voided: bool = False
    after: bool = False
    newest_first: bool = True


@cache
def listing(statements: Statements, wanted: Filter, time: str = "effective_at") -> Sql:
    """One page of records, by time and id."""
    t = statements.table
    at = t.c[time]
    query = shown(t, statements.show).add_columns(at.label("at")).limit(bindparam("limit"))
    for name in wanted.equal:
        query = query.where(t.c[name] == bindparam(name))
    if wanted.since:
        query = query.where(at >= bindparam("since"))
    if wanted.before:
        query = query.where(at < bindparam("before"))
    if not wanted.voided and "status" in t.c:
        query = query.where(t.c.status != Status.ENTERED_IN_ERROR.value)
    here = tuple_(at, t.c.id)
    if wanted.after:
        key = tuple_(bindparam("key_at", type_=at.type), bindparam("key_id", type_=t.c.id.type))
        query = query.where(here < key if wanted.newest_first else here > key)
    if wanted.newest_first:
        return Sql(query.order_by(at.desc(), t.c.id.desc()))
    return Sql(query.order_by(at, t.c.id))


FORMER_PATIENTS = Sql(
    select(
        func.former_patients(
            bindparam("kind", type_=Text()), bindparam("record_id", type_=Uuid())
        ).column_valued("former")
    )
)


async def former_patients(db: Db, statements: Statements, record_id: UUID) -> list[UUID]:
    """Whose a record was before it went to another patient, by a move or with a merge."""
    rows = await db.rows(FORMER_PATIENTS, kind=statements.table.name, record_id=record_id)
    return [row["former"] for row in rows]


KEY = table_of(IdempotencyKey)

TAKE_KEY = Sql(select(func.pg_try_advisory_xact_lock(bindparam("lock"))))

FIND_KEY = Sql(
    select(KEY).where(KEY.c.id == bindparam("id"), KEY.c.created_at > bindparam("since"))
)

DROP_KEY = Sql(delete(KEY).where(KEY.c.id == bindparam("id")))

ADD_KEY = Sql(insert(KEY).values({c.name: bindparam(c.name, type_=c.type) for c in KEY.c}))


async def take_key(db: Db, key_id: UUID) -> bool:
    """Hold a key until the transaction ends; False when another request is holding it."""
    lock = int.from_bytes(key_id.bytes[:8], signed=True)
    return bool(await db.value(TAKE_KEY, lock=lock))


async def find_key(db: Db, key_id: UUID, since: datetime) -> Row | None:
    """The answer kept under a key, or None."""
    return await db.row(FIND_KEY, id=key_id, since=since)


async def put_key(db: Db, **values: Any) -> None:
    """Keep an answer under a key, in the place of one that has expired."""
    await db.run(DROP_KEY, id=values["id"])
    await db.run(ADD_KEY, clinic_id=db.clinic_id, **values)
