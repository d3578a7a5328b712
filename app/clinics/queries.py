"""Statements about clinics."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, insert, select

from app.clinics.tables import Clinic
from app.kit.db import Db, Row, Sql
from app.kit.tables import table_of

CLINIC = table_of(Clinic)

ADD = Sql(insert(CLINIC).values({c.name: bindparam(c.name, type_=c.type) for c in CLINIC.c}))

GET = Sql(select(CLINIC).where(CLINIC.c.id == bindparam("id")))

BY_SLUG = Sql(select(CLINIC.c.id).where(CLINIC.c.slug == bindparam("slug")))


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
