"""Statements that find patients: page by page, by identifier, by the beginning of a name."""

from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, bindparam, literal_column, select, tuple_, union_all

from app.kit.db import Db, Sql
from app.patients.queries import VOIDED, N, P, patient_columns
from app.records.queries import shown


def here() -> tuple[ColumnElement[bool], ...]:
    """Who is neither voided, nor merged into another, nor erased."""
    standing = P.c.status != literal_column(f"'{VOIDED}'")
    return standing, P.c.merged_into_id.is_(None), P.c.erased_at.is_(None)


@cache
def listing(filters: frozenset[str]) -> Sql:
    """One page of patients in the order of their ids."""
    query = shown(P, patient_columns).order_by(P.c.id).limit(bindparam("limit"))
    if "voided" not in filters:
        query = query.where(*here())
    for name in filters & {"birth_date", "active"}:
        query = query.where(P.c[name] == bindparam(name))
    if "identifier" in filters:
        named = select(N.c.patient_id).where(
            N.c.system == bindparam("system"), N.c.value == bindparam("value")
        )
        query = query.where(P.c.id.in_(named))
    if "after" in filters:
        query = query.where(P.c.id > bindparam("after"))
    return Sql(query)


@cache
def search(filters: frozenset[str]) -> Sql:
    """One page of the patients of whom either name begins with a key, in the order of that name.

    Two ranges of two indexes; who matches by both is shown by the family name alone. Comparisons,
    not LIKE: a policy lets only leakproof operators use an index.
    """
    family, given = _found(filters, "family"), _found(filters, "given")
    both = union_all(family, given).subquery("found")
    page = select(both).order_by(both.c.name_key, both.c.id).limit(bindparam("limit"))
    found = page.subquery("page")
    query = shown(P, patient_columns).add_columns(found.c.name_key)
    query = query.select_from(P.join(found, found.c.id == P.c.id))
    return Sql(query.order_by(found.c.name_key, P.c.id))


def _found(filters: frozenset[str], which: str) -> Any:
    own, family = P.c[f"{which}_key"], P.c.family_key
    low, high = bindparam("low", type_=own.type), bindparam("high", type_=own.type)
    query = select(P.c.id, own.label("name_key")).where(own >= low, own < high)
    query = query.where(*here())
    if which == "given":
        query = query.where(~((family >= low) & (family < high)))
    for name in filters & {"birth_date", "active"}:
        query = query.where(P.c[name] == bindparam(name))
    if "after" in filters:
        key = tuple_(bindparam("key_name", type_=own.type), bindparam("key_id", type_=P.c.id.type))
        query = query.where(tuple_(own, P.c.id) > key)
    return query.order_by(own, P.c.id).limit(bindparam("limit")).subquery().select()


KNOWN_AS = Sql(
    select(N.c.patient_id)
    .distinct()
    .where(N.c.value == bindparam("value"))
    .order_by(N.c.patient_id)
    .limit(literal_column("20"))
)


async def known_as(db: Db, value: str) -> list[UUID]:
    """The patients whom any system calls so, in the order of their ids."""
    return [row["patient_id"] for row in await db.rows(KNOWN_AS, value=value)]
