"""/settings/staff: who works at the clinic, and who did"""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

import orjson
from fastapi import Query, Request, Response

from app.access.deps import Db
from app.access.passwords import fingerprint
from app.access.policy import Role
from app.administration import staff
from app.administration.changing import paged
from app.administration.queries import staff as queries
from app.administration.schemas import StaffIn, StaffPatch
from app.clinics import queries as clinics
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import Refusal
from app.kit.paging import instant_key
from app.web.deps import Administrator, Visitor, reading, writing
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()

SHOWN = 100
"""People on one page."""

ONE = "/settings/staff/{staff_id}"

Cursor = Annotated[str | None, Query(max_length=500)]


@router.get("/settings/staff")
async def list_staff(request: Request, _: Administrator, db: Db, cursor: Cursor = None) -> Response:
    """Everybody, in the order in which they came."""
    return await listed(request, db, cursor)


@router.post("/settings/staff")
async def add(request: Request, visitor: Administrator) -> Response:
    """Somebody new. Their invitation is in this answer and in no other."""
    fields = await fields_of(request)
    sent = {name: fields.get(name, "").strip() or None for name in ("email", "name", "role")}
    again = partial(listed, request, cursor=None, fields=fields)
    async with writing(request, again) as db:
        made = await staff.add(db, visitor.viewer.id, Unread(StaffIn, written(sent)))
    return await invited(
        request, made["id"], made["invitation_code"], made["invitation_expires_at"]
    )


async def invited(request: Request, staff_id: UUID, code: str, until: object) -> Response:
    """The code with which somebody chooses a password."""
    async with reading(request) as db:
        one, zone = await queries.get(db, staff_id), (await clinics.get(db))["time_zone"]
    told = {"one": one, "code": code, "until": until, "zone": zone}
    return show(request, "invited.html", "Invitation", **told)


async def listed(
    request: Request,
    db: database.Db,
    cursor: str | None,
    fields: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """Everybody, and the form for somebody new with what was typed."""
    after = instant_key(cursor) if cursor else None
    found = orjson.loads(paged(await queries.page(db, SHOWN + 1, after), SHOWN)[0])
    response = show(
        request,
        "settings_staff.html",
        "Staff",
        found=found,
        roles=list(Role),
        fields=fields or {},
        refusal=refusal,
        wrong=wrong_by_field(refusal),
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response


@router.get(ONE)
async def read_staff(request: Request, staff_id: UUID, visitor: Administrator, db: Db) -> Response:
    """One of them, and where they are signed in."""
    return await form(request, db, visitor, staff_id)


@router.post(ONE)
async def change(request: Request, staff_id: UUID, visitor: Administrator) -> Response:
    """Change a name, a role, or whether they work here: the latter two end their sessions."""
    fields = await fields_of(request)
    sent: dict[str, Any] = {
        "name": fields.get("name", "").strip() or None,
        "role": fields.get("role", ""),
        "active": fields.get("active") == "yes",
    }
    again = partial(form, request, visitor=visitor, staff_id=staff_id, sent=sent)
    async with writing(request, again) as db:
        unread = Unread(StaffPatch, written(sent))
        await staff.change(db, staff_id, fields.get("version"), unread)
    return redirect(f"/settings/staff/{staff_id}?did=changed")


@router.post(f"{ONE}/invite")
async def invite(request: Request, staff_id: UUID, visitor: Administrator) -> Response:
    """A new invitation, in this answer and in no other; earlier ones are void."""
    async with writing(request) as db:
        made = await staff.invite(db, visitor.viewer.id, staff_id)
    return await invited(request, staff_id, made["code"], made["expires_at"])


@router.post(f"{ONE}/second-factor/remove")
async def remove_second_factor(request: Request, staff_id: UUID, _: Administrator) -> Response:
    """Take off the second factor of somebody who lost it, and end their sessions."""
    async with writing(request) as db:
        await staff.remove_second_factor(db, staff_id)
    return redirect(f"/settings/staff/{staff_id}?did=factor")


@router.post(f"{ONE}/sessions/end")
async def end_sessions(request: Request, staff_id: UUID, visitor: Administrator) -> Response:
    """End every session of somebody; of one's own all but this one."""
    async with writing(request) as db:
        await staff.end_others(db, staff_id, fingerprint(visitor.session.token))
    return redirect(f"/settings/staff/{staff_id}?did=sessions")


async def form(
    request: Request,
    db: database.Db,
    visitor: Visitor,
    staff_id: UUID,
    sent: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """One of them; where a change was refused with what was typed."""
    one = dict(await queries.get(db, staff_id))
    own = fingerprint(visitor.session.token)
    response = show(
        request,
        "settings_person.html",
        one["name"] or one["email"],
        one=one,
        shown=one | (sent or {}),
        roles=list(Role),
        sessions=(await staff.sessions(db, staff_id, own))["items"],
        zone=(await clinics.get(db))["time_zone"],
        refusal=refusal,
        wrong=wrong_by_field(refusal),
        did=request.query_params.get("did", ""),
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response
