"""Statements about the programs that work for a clinic."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, func, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert

from app.access.tables import Client, ClientSecret
from app.administration.queries.listed import Listed, found
from app.kit.db import Db, Row, Sql
from app.kit.tables import shown, table_of

C, P = table_of(Client), table_of(ClientSecret)

SECRET = shown((P.c.id, P.c.created_at, P.c.last_used_at, P.c.revoked_at))


def _secrets() -> Any:
    listed = select(*SECRET).where(P.c.client_id == C.c.id).correlate(C)
    one = listed.order_by(P.c.created_at, P.c.id).subquery("one")
    every = func.coalesce(func.jsonb_agg(literal_column("one")), literal_column("'[]'::jsonb"))
    return select(every).select_from(one).scalar_subquery().label("secrets")


SHOWN = (C.c.id, C.c.version, C.c.name, C.c.scope, C.c.active, C.c.created_at, _secrets())


LISTED = Listed(C, SHOWN, told=("name", "scope", "active"))

page, get, lock, versions = LISTED.page, LISTED.get, LISTED.lock, LISTED.versions

CHANGE = Sql(
    update(C)
    .where(C.c.id == bindparam("client_id"))
    .values(
        name=bindparam("new_name"),
        scope=bindparam("new_scope"),
        active=bindparam("new_active"),
        version=C.c.version + 1,
    )
)

ADD_SECRET = Sql(
    insert(P).values({c.name: bindparam(c.name, type_=c.type) for c in P.c}).returning(*SECRET)
)

LIVE_SECRETS = Sql(
    select(func.count())
    .select_from(P)
    .where(P.c.client_id == bindparam("client_id"), P.c.revoked_at.is_(None))
)

REVOKE_SECRET = Sql(
    update(P)
    .where(P.c.client_id == bindparam("client_id"), P.c.id == bindparam("secret_id"))
    .values(revoked_at=func.coalesce(P.c.revoked_at, bindparam("at", type_=P.c.revoked_at.type)))
    .returning(*SECRET)
)


async def change(db: Db, client_id: UUID, **values: Any) -> None:
    """Write a new version of a program."""
    await db.run(CHANGE, client_id=client_id, **{f"new_{k}": v for k, v in values.items()})


async def live_secrets(db: Db, client_id: UUID) -> int:
    """How many of a program's secrets are good."""
    return int(await db.value(LIVE_SECRETS, client_id=client_id))


async def add_secret(db: Db, **values: Any) -> Row:
    """Keep a new secret."""
    row = await db.row(ADD_SECRET, clinic_id=db.clinic_id, **values)
    assert row is not None
    return row


async def revoke_secret(db: Db, client_id: UUID, secret_id: UUID, at: datetime) -> Row:
    """A secret is no longer good; again is harmless. Raises NotFound."""
    row = await db.row(REVOKE_SECRET, client_id=client_id, secret_id=secret_id, at=at)
    return found(row)
