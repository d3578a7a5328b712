"""/settings/clients: the programs that work for the clinic"""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Form, Query, Request, Response

from app.access.deps import Db
from app.administration import clients
from app.administration.changing import paged
from app.administration.queries import clients as queries
from app.administration.schemas import ClientIn, ClientPatch
from app.clinics import queries as clinics
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import Refusal
from app.kit.paging import instant_key
from app.web.deps import Administrator, reading, writing
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()

SHOWN = 100
"""Programs on one page."""

ONE = "/settings/clients/{client_id}"

Cursor = Annotated[str | None, Query(max_length=500)]
Scopes = Annotated[list[str] | None, Form()]


@router.get("/settings/clients")
async def list_clients(
    request: Request, _: Administrator, db: Db, cursor: Cursor = None
) -> Response:
    """Every program, in the order in which they were added."""
    return await listed(request, db, cursor)


@router.post("/settings/clients")
async def add(request: Request, _: Administrator, scope: Scopes = None) -> Response:
    """A new program. Its secret is in this answer and in no other."""
    sent = {"name": (await fields_of(request)).get("name", "").strip(), "scope": said(scope)}
    again = partial(listed, request, cursor=None, sent=sent)
    async with writing(request, again) as db:
        made = await clients.add(db, Unread(ClientIn, written(sent)))
    return secret_shown(request, made, made["client_secret"])


def said(scope: list[str] | None) -> str:
    """The scopes that were ticked."""
    return " ".join(scope or ())


def secret_shown(request: Request, one: Any, secret: str) -> Response:
    """A secret, with all that a program needs beside it."""
    told = {"one": one, "secret": secret, "host": request.headers.get("Host", "")}
    return show(request, "client_secret.html", "Client secret", **told)


async def listed(
    request: Request,
    db: database.Db,
    cursor: str | None,
    sent: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """Every program, and the form for a new one with what was typed."""
    after = instant_key(cursor) if cursor else None
    found = orjson.loads(paged(await queries.page(db, SHOWN + 1, after), SHOWN)[0])
    response = show(
        request,
        "settings_clients.html",
        "Programs",
        found=found,
        last_used=last_used,
        sent=sent or {"name": "", "scope": "read write"},
        refusal=refusal,
        wrong=wrong_by_field(refusal),
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response


def last_used(one: Any) -> str | None:
    """When a program last got a token, by any of its secrets."""
    return max((two["last_used_at"] for two in one["secrets"] if two["last_used_at"]), default=None)


@router.get(ONE)
async def read_client(request: Request, client_id: UUID, _: Administrator, db: Db) -> Response:
    """One program, and the dates of its secrets."""
    return await form(request, db, client_id)


@router.post(ONE)
async def change(
    request: Request, client_id: UUID, _: Administrator, scope: Scopes = None
) -> Response:
    """Change a name, a scope, or whether it may come in: the latter two end its tokens."""
    fields = await fields_of(request)
    active = fields.get("active") == "yes"
    sent = {"name": fields.get("name", "").strip(), "scope": said(scope), "active": active}
    again = partial(form, request, client_id=client_id, sent=sent)
    async with writing(request, again) as db:
        unread = Unread(ClientPatch, written(sent))
        await clients.change(db, client_id, fields.get("version"), unread)
    return redirect(f"/settings/clients/{client_id}?did=changed")


@router.post(f"{ONE}/secrets")
async def add_secret(request: Request, client_id: UUID, _: Administrator) -> Response:
    """A second secret, in this answer and in no other."""
    try:
        async with writing(request) as db:
            made = await clients.add_secret(db, client_id)
            one = await queries.get(db, client_id)
    except clients.TooManySecrets as refusal:
        async with reading(request) as db:
            return await form(request, db, client_id, None, refusal)
    return secret_shown(request, one, made["client_secret"])


@router.post(f"{ONE}/secrets/{{secret_id}}/revoke")
async def revoke_secret(
    request: Request, client_id: UUID, secret_id: UUID, _: Administrator
) -> Response:
    """Make a secret worthless. The program's tokens end."""
    async with writing(request) as db:
        await clients.revoke_secret(db, client_id, secret_id)
    return redirect(f"/settings/clients/{client_id}?did=revoked")


async def form(
    request: Request,
    db: database.Db,
    client_id: UUID,
    sent: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """One program; where a change was refused with what was typed."""
    one = orjson.loads(written(dict(await queries.get(db, client_id))))
    response = show(
        request,
        "settings_client.html",
        one["name"],
        one=one,
        shown=one | (sent or {}),
        zone=(await clinics.get(db))["time_zone"],
        refusal=refusal,
        wrong=wrong_by_field(refusal),
        did=request.query_params.get("did", ""),
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response
