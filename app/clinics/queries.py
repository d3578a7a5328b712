"""Statements about clinics, and about what each chose."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Text,
    bindparam,
    column,
    func,
    insert,
    literal_column,
    select,
    table,
    union_all,
    update,
)
from sqlalchemy.dialects import postgresql

from app.clinics.choices import INTENDED_USE
from app.clinics.tables import Clinic, Setting
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of
from app.science.forecast.intended_use import VERSION

CLINIC, S = table_of(Clinic), table_of(Setting)

H = table("history", column("kind", Text()), *map(column, ("record_id", "version", "row")))
"""Its class stands with the records, above."""

ADD = Sql(
    insert(CLINIC).values(
        {c.name: bindparam(c.name, type_=c.type) for c in CLINIC.c if c.server_default is None}
    )
)

GET = Sql(select(CLINIC).where(CLINIC.c.id == bindparam("id")))

LOCK = Sql(select(CLINIC).where(CLINIC.c.id == bindparam("id")).with_for_update())

CHANGE = Sql(
    update(CLINIC)
    .where(CLINIC.c.id == bindparam("key"))
    .values(
        name=bindparam("new_name"),
        time_zone=bindparam("new_time_zone"),
        crisis=bindparam("new_crisis", type_=CLINIC.c.crisis.type),
        version=CLINIC.c.version + 1,
    )
)

BY_SLUG = Sql(select(CLINIC.c.id).where(CLINIC.c.slug == bindparam("slug")))

DEMO = Sql(select(CLINIC.c.id, CLINIC.c.slug).where(CLINIC.c.is_demo).limit(1))

OF_CLINIC = """
    SELECT table_name FROM information_schema.columns
    WHERE table_schema = 'public' AND column_name = 'clinic_id'
"""


async def get(db: Db) -> Row:
    """The caller's clinic."""
    row = await db.row(GET, id=db.clinic_id)
    assert row is not None, "a token outlived its clinic"
    return row


async def lock(db: Db) -> Row:
    """The caller's clinic, held until the transaction ends."""
    row = await db.row(LOCK, id=db.clinic_id)
    assert row is not None, "a token outlived its clinic"
    return row


async def change(db: Db, **values: Any) -> None:
    """Write a new version of the clinic: name, time_zone, crisis."""
    await db.run(CHANGE, key=db.clinic_id, **{f"new_{k}": v for k, v in values.items()})


async def add(db: Db, *, slug: str, name: str, time_zone: str, is_demo: bool, at: datetime) -> UUID:
    """Open a clinic under the id that the transaction is confined to."""
    values: dict[str, Any] = {"slug": slug, "name": name, "time_zone": time_zone}
    values |= {"id": db.clinic_id, "is_demo": is_demo, "crisis": None, "created_at": at}
    await db.run(ADD, **values)
    return db.clinic_id


async def find_id(db: Db, slug: str) -> UUID | None:
    """The clinic of this slug, for the owner: anyone else sees at most their own."""
    clinic_id: UUID | None = await db.value(BY_SLUG, slug=slug)
    return clinic_id


SLUGS = Sql(select(CLINIC.c.id, CLINIC.c.slug))


async def slugs(db: Db) -> dict[UUID, str]:
    """What every clinic is called, for the owner."""
    return {row["id"]: row["slug"] for row in await db.rows(SLUGS)}


async def find_demo(db: Db) -> Row | None:
    """The made-up clinic, for the owner."""
    return await db.row(DEMO)


async def forget_demo(db: Db, clinic_id: UUID) -> None:
    """Delete a made-up clinic and all that is in it; only a superuser can, past the history."""
    await db.connection.execute("SET LOCAL session_replication_role = replica")
    for (name,) in await db.connection.fetch(OF_CLINIC):
        await db.connection.execute(f'DELETE FROM "{name}" WHERE clinic_id = $1', clinic_id)  # noqa: S608  # a table of ours
    await db.connection.execute("DELETE FROM clinics WHERE id = $1 AND is_demo", clinic_id)
    await db.connection.execute("SET LOCAL session_replication_role = origin")


SET_CRISIS = Sql(
    update(CLINIC)
    .where(CLINIC.c.id == bindparam("key"))
    .values(crisis=bindparam("own"), version=CLINIC.c.version + 1)
)


async def set_crisis(db: Db, own: dict[str, object]) -> None:
    """What somebody in danger is shown at this clinic; for the owner."""
    await db.run(SET_CRISIS, key=db.clinic_id, own=own)


CHOSEN = Sql(select(S.c.key, S.c.value).where(S.c.value.is_not(None)))


async def chosen(db: Db) -> dict[str, Any]:
    """What this clinic chose in place of a default, by key: for science.thresholds.in_force."""
    return {row["key"]: row["value"] for row in await db.rows(CHOSEN)}


ACCEPTED = Sql(select(S.c.value["version"].astext).where(S.c.key == INTENDED_USE))


async def forecast_accepted(db: Db) -> str | None:
    """The text of intended use that this clinic accepted, if it is the present one; else None."""
    version: str | None = await db.value(ACCEPTED)
    return version if version == VERSION else None


KEPT = H.c.kind == literal_column("'settings'")

PREVIOUS = (
    select(H.c.row.op("->")(literal_column("'value'")))
    .where(KEPT, H.c.record_id == S.c.id)
    .order_by(H.c.version.desc())
    .limit(1)
    .scalar_subquery()
    .label("previous_value")
)

SETTINGS = Sql(select(S, PREVIOUS))

SETTING = Sql(select(S, PREVIOUS).where(S.c.key == bindparam("key")))


async def settings(db: Db) -> dict[str, Row]:
    """Everything this clinic ever chose, by key, with the value before."""
    return {row["key"]: row for row in await db.rows(SETTINGS)}


async def find_setting(db: Db, key: str) -> Row | None:
    """What this clinic last chose, with the value before; None if it never did."""
    return await db.row(SETTING, key=key)


FIRST_CHOICE = Sql(
    postgresql.insert(S)
    .values({c.name: bindparam(c.name, type_=c.type) for c in S.c})
    .on_conflict_do_nothing()
    .returning(S.c.version)
)

NEXT_CHOICE = Sql(
    update(S)
    .where(S.c.key == bindparam("of_key"), S.c.version == bindparam("version") - 1)
    .values(
        version=bindparam("version"),
        **{
            name: bindparam(f"new_{name}", type_=S.c[name].type)
            for name in ("value", "reason", "changed_at", "changed_by")
        },
    )
    .returning(S.c.version)
)


async def choose(db: Db, key: str, version: int, **values: Any) -> bool:
    """Keep a choice as this version of it; False when someone else came first."""
    if version == 1:
        given = {"clinic_id": db.clinic_id, "key": key, "version": 1, **values}
        return await db.value(FIRST_CHOICE, **given) is not None
    changed = {f"new_{name}": value for name, value in values.items()}
    return await db.value(NEXT_CHOICE, of_key=key, version=version, **changed) is not None


def _choices() -> Sql:
    was = func.jsonb_populate_record(literal_column("NULL::settings"), H.c.row).table_valued(
        *[column(c.name, c.type) for c in S.c], name="was"
    )
    shown = ("version", "value", "reason", "changed_at", "changed_by")
    old = select(*(was.c[name] for name in shown)).select_from(H.join(was, literal_column("true")))
    mine = select(S.c.id).where(S.c.key == bindparam("key")).scalar_subquery()
    now = select(*(S.c[name] for name in shown)).where(S.c.key == bindparam("key"))
    every = union_all(old.where(KEPT, H.c.record_id == mine), now).subquery()
    return Sql(select(every).order_by(every.c.version))


CHOICES_MADE = _choices()


async def choices_made(db: Db, key: str) -> list[Row]:
    """Every choice of one key, oldest first."""
    return await db.rows(CHOICES_MADE, key=key)
