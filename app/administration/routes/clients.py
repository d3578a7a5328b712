"""/v1/clients"""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response

from app.access.deps import Administrator, Db
from app.administration import clients
from app.administration.changing import paged
from app.administration.history import AdminHistory, history
from app.administration.queries import clients as queries
from app.administration.schemas import (
    ClientIn,
    ClientMade,
    ClientOut,
    ClientPatch,
    SecretMade,
    SecretOut,
)
from app.kit.bodies import Unread, written
from app.kit.http import IfMatch, body, linked, patch, send
from app.kit.paging import LIMIT, Limit, Page, instant_key

router = APIRouter(tags=["administration"])

PATH = "/v1/clients"
ONE = f"{PATH}/{{client_id}}"

Cursor = Annotated[str | None, Query(max_length=500)]


@router.get(PATH, response_model=Page[ClientOut])
async def list_clients(
    request: Request, _: Administrator, db: Db, limit: Limit = LIMIT, cursor: Cursor = None
) -> Response:
    """The programs that work for the clinic, in the order in which they were added."""
    after = instant_key(cursor) if cursor is not None else None
    return linked(request, *paged(await queries.page(db, limit + 1, after), limit))


@router.post(PATH, status_code=201, response_model=ClientMade)
async def add_client(
    _: Administrator, unread: Annotated[Unread[ClientIn], Depends(body(ClientIn))], db: Db
) -> Response:
    """Add a program. Its secret is shown this once."""
    made = await clients.add(db, unread)
    place = ONE.format(client_id=made["id"])
    return send(
        written(made), 201, version=made["version"], Location=place, Cache_Control="no-store"
    )


@router.get(ONE, response_model=ClientOut)
async def get_client(client_id: UUID, _: Administrator, db: Db) -> Response:
    """A program that works for the clinic, and when each of its secrets was last used."""
    row = await queries.get(db, client_id)
    return send(written(dict(row)), version=row["version"])


@router.get(f"{ONE}/history", response_model=AdminHistory)
async def history_of_client(client_id: UUID, _: Administrator, db: Db) -> Response:
    """What was changed of a program: who, when, and both values."""
    return send(history(await queries.versions(db, client_id)))


@router.patch(ONE, response_model=ClientOut)
async def change_client(
    client_id: UUID,
    _: Administrator,
    match: IfMatch,
    unread: Annotated[Unread[ClientPatch], Depends(patch(ClientPatch))],
    db: Db,
) -> Response:
    """Change a name, a scope, or whether it may come in: the latter two end its tokens."""
    row = await clients.change(db, client_id, match, unread)
    return send(written(dict(row)), version=row["version"])


@router.post(f"{ONE}/secrets", status_code=201, response_model=SecretMade)
async def add_client_secret(client_id: UUID, _: Administrator, db: Db) -> Response:
    """A second secret, shown this once: use it, then revoke the first. Two live at most."""
    return send(written(await clients.add_secret(db, client_id)), 201, Cache_Control="no-store")


@router.post(f"{ONE}/secrets/{{secret_id}}/revoke", response_model=SecretOut)
async def revoke_client_secret(
    client_id: UUID, secret_id: UUID, _: Administrator, db: Db
) -> Response:
    """Make a secret worthless. The client's tokens end; it gets others with its other secret."""
    row = await clients.revoke_secret(db, client_id, secret_id)
    return send(written(dict(row)))
