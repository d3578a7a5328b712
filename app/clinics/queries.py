"""Statements about clinics."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select, update

from app.clinics.tables import Clinic
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of

CLINIC = table_of(Clinic)

ADD = Sql(insert(CLINIC).values({c.name: bindparam(c.name, type_=c.type) for c in CLINIC.c}))

GET = Sql(select(CLINIC).where(CLINIC.c.id == bindparam("id")))

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


async def find_demo(db: Db) -> Row | None:
    """The made-up clinic, for the owner."""
    return await db.row(DEMO)


async def forget_demo(db: Db, clinic_id: UUID) -> None:
    """Delete a made-up clinic and all that is in it; only a superuser can, past the history."""
    await db.connection.execute("SET LOCAL session_replication_role = replica")
    for (table,) in await db.connection.fetch(OF_CLINIC):
        await db.connection.execute(f'DELETE FROM "{table}" WHERE clinic_id = $1', clinic_id)  # noqa: S608  # a table of ours
    await db.connection.execute("DELETE FROM clinics WHERE id = $1 AND is_demo", clinic_id)
    await db.connection.execute("SET LOCAL session_replication_role = origin")


SET_CRISIS = Sql(
    update(CLINIC).where(CLINIC.c.id == bindparam("key")).values(crisis=bindparam("own"))
)


async def set_crisis(db: Db, own: dict[str, object]) -> None:
    """What somebody in danger is shown at this clinic; for the owner."""
    await db.run(SET_CRISIS, key=db.clinic_id, own=own)
