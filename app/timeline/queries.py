"""The statement that reads a page of a timeline.

It merges one index range for each kind of record, no longer than the page. Documents are built
last, for the rows of the page alone, as they cost more than finding the rows; and the page comes as
one row, as a row for each item would cost this process more than the rest of the request.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Select,
    SmallInteger,
    Subquery,
    Text,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    tuple_,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from app.alerts.queries import ALERT
from app.assessments.queries import ASSESSMENT
from app.background.queries import EVENT, LAB, MEDICATION, SCREENING
from app.infusions.queries import INFUSION, MEDICATION_GIVEN, SIDE_EFFECT, VITALS
from app.kit.db import Sql
from app.records.queries import Statements
from app.records.tables import Status
from app.relief.queries import DECISION


@dataclass(frozen=True, slots=True)
class Line:
    """A kind of record on the timeline."""

    kind: str
    statements: Statements
    time: str = "effective_at"
    can_be_voided: bool = True
    for_patient: bool = True
    """Whether patients may read it of themselves."""
    left_out: frozenset[str] = frozenset()
    """What its own GET shows and a timeline has no room for."""


LINES = (
    Line("infusion", INFUSION),
    Line("vitals", VITALS),
    Line("side_effect", SIDE_EFFECT),
    Line("assessment", ASSESSMENT),
    Line("alert", ALERT, time="raised_at", can_be_voided=False, for_patient=False),
    Line("event", EVENT, for_patient=False),
    Line("medication", MEDICATION, for_patient=False),
    Line("medication_given", MEDICATION_GIVEN, for_patient=False),
    Line("screening", SCREENING, for_patient=False),
    Line("lab", LAB, for_patient=False),
    Line("decision", DECISION, for_patient=False, left_out=frozenset({"snapshot"})),
)
"""By rank, which settles the order of two kinds at one instant under one id."""

RANKS = {line.kind: rank for rank, line in enumerate(LINES)}

FOR_STAFF = frozenset({"note", "reasons", "supplies"})
"""What a patient is not shown of a record: what staff wrote to each other, and the vials."""

RANK = SmallInteger()


@dataclass(frozen=True, slots=True)
class Asked:
    """Which items a page shows and in which order: all that the statement depends on."""

    kinds: frozenset[str]
    newest_first: bool = True
    since: bool = False
    before: bool = False
    after: bool = False
    voided: bool = False
    by_patient: bool = False

    @property
    def lines(self) -> dict[int, Line]:
        """The kinds to read, by rank; none where the caller may see nothing of what was asked."""
        return {
            rank: line
            for rank, line in enumerate(LINES)
            if line.kind in self.kinds and (line.for_patient or not self.by_patient)
        }

    def order(self, *keys: ColumnElement[Any]) -> list[ColumnElement[Any]]:
        """These columns in the order asked for."""
        return [key.desc() if self.newest_first else key.asc() for key in keys]


@lru_cache(maxsize=1000)
def page(asked: Asked) -> Sql:
    """A page of `limit` items as one row; `fetched` is one more.

    `items`: their JSON with commas between, null without any. `found`: how many there are, over
    `limit` when more follow; the key of the last that is shown is `at`, `id` and `rank` then.
    """
    keys = _keys(asked)
    shown = keys.c.place <= bindparam("limit")
    listed = select(keys, case((shown, _item(keys, asked))).label("item")).subquery("listed")
    last = listed.c.place == bindparam("limit")
    first = literal_column("1", SmallInteger())
    return Sql(
        select(
            func.string_agg(
                listed.c.item, aggregate_order_by(literal_column("','"), listed.c.place)
            ).label("items"),
            func.count().label("found"),
            *(
                func.array_agg(listed.c[name]).filter(last)[first].label(name)
                for name in ("at", "id", "rank")
            ),
        )
    )


def _keys(asked: Asked) -> Subquery:
    """The keys of the page's rows and of the one after them, numbered in order."""
    ranges = (_range(rank, line, asked) for rank, line in asked.lines.items())
    found = union_all(*ranges).subquery("found")
    order = asked.order(found.c.at, found.c.id, found.c.rank)
    merged = select(found).order_by(*order).limit(bindparam("fetched")).subquery("merged")
    order = asked.order(merged.c.at, merged.c.id, merged.c.rank)
    place = func.row_number().over(order_by=order).label("place")
    return select(merged, place).subquery("keys")


def _range(rank: int, line: Line, asked: Asked) -> Select[Any]:
    """The keys of one kind, a page of them: a range of its index ix_<table>_patient_time."""
    t = line.statements.table
    at, own_rank = t.c[line.time], literal_column(str(rank), RANK)
    query = select(at.label("at"), t.c.id.label("id"), own_rank.label("rank"))
    query = query.where(t.c.patient_id == bindparam("patient_id"))
    if asked.since:
        query = query.where(at >= bindparam("since"))
    if asked.before:
        query = query.where(at < bindparam("before"))
    if line.can_be_voided and not asked.voided:
        query = query.where(t.c.status != literal_column(f"'{Status.ENTERED_IN_ERROR}'"))
    if asked.after:
        key = tuple_(at, t.c.id, own_rank)
        last = tuple_(
            bindparam("key_at", type_=at.type),
            bindparam("key_id", type_=t.c.id.type),
            bindparam("key_rank", type_=RANK),
        )
        query = query.where(key < last if asked.newest_first else key > last)
    ordered = query.order_by(*asked.order(at, t.c.id)).limit(bindparam("fetched"))
    return ordered.subquery().select()


def _item(keys: Subquery, asked: Asked) -> ColumnElement[Any]:
    """An item of the timeline as JSON text."""
    kinds: dict[int, Any] = {
        rank: literal_column(f"'{line.kind}'") for rank, line in asked.lines.items()
    }
    documents = {rank: _document(keys, line, asked) for rank, line in asked.lines.items()}
    return func.concat(
        literal_column("""'{"at":"'"""),
        func.utc(keys.c.at),
        literal_column("""'","kind":"'"""),
        _by_rank(keys, kinds),
        literal_column("""'","id":"'"""),
        keys.c.id,
        literal_column("""'","data":'"""),
        _by_rank(keys, documents),
        literal_column("'}'"),
    )


def _by_rank(keys: Subquery, values: dict[int, Any]) -> ColumnElement[Any]:
    """A value for each kind. PostgreSQL works out the one that applies and no other."""
    told: dict[Any, Any] = {literal_column(str(rank)): value for rank, value in values.items()}
    return case(told, value=keys.c.rank)


def _document(keys: Subquery, line: Line, asked: Asked) -> ScalarSelect[Any]:
    """The record as its own GET shows it, as text."""
    t = line.statements.table
    hidden = line.left_out | (FOR_STAFF if asked.by_patient else frozenset())
    columns = [
        column for column in line.statements.show(t) if getattr(column, "key", None) not in hidden
    ]
    row = select(*columns).where(t.c.id == keys.c.id).correlate(keys).subquery("o")
    whole = cast(func.row_to_json(literal_column("o")), Text)
    return select(whole).select_from(row).scalar_subquery()
