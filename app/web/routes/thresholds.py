"""/settings/thresholds: every number that the clinic may choose, whose it is, and why"""

from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from app.access.deps import Db
from app.clinics import actions
from app.clinics import queries as clinics
from app.clinics.schemas import SettingIn
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import Refusal
from app.web import choosing, queries
from app.web.deps import Administrator, writing
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()

ONE = "/settings/thresholds/{key}"


@router.get("/settings/thresholds")
async def list_thresholds(request: Request, _: Administrator, db: Db) -> Response:
    """All of them, by what they are about."""
    every = await actions.every(db)
    changers = {one["changed_by"] for one in every} - {None}
    return show(
        request,
        "settings_thresholds.html",
        "Thresholds",
        groups=choosing.grouped(every),
        staff=await queries.staff_names(db, list(changers)),
        zone=(await clinics.get(db))["time_zone"],
        **WORDS,
    )


WORDS = {"spoken": choosing.spoken, "trust": choosing.TRUST, "bounds": choosing.bounds}


@router.get(ONE)
async def read_threshold(request: Request, key: str, _: Administrator, db: Db) -> Response:
    """One of them, and every choice that was made."""
    return await form(request, db, key)


@router.post(ONE)
async def choose(request: Request, key: str, visitor: Administrator) -> Response:
    """Choose a value, or the default again, with a reason."""
    fields = await fields_of(request)
    choice = actions.choice_of(key)
    value = None if fields.get("default") else choosing.read(choice, fields.get("value", ""))
    sent = {"value": value, "reason": fields.get("reason", "").strip()}
    unread = Unread(SettingIn, written(sent))
    again = partial(form, request, key=key, fields=fields)
    async with writing(request, again) as db:
        await actions.choose(db, visitor.viewer.id, key, match_of(fields), unread)
    return redirect(f"/settings/thresholds/{key}?did=changed")


def match_of(fields: dict[str, str]) -> str | None:
    """The version that was shown; of what nobody had chosen there was none."""
    version = fields.get("version", "")
    return None if version == "0" else version


async def form(
    request: Request,
    db: database.Db,
    key: str,
    fields: dict[str, str] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The form, with what was typed where it was refused. Raises NotFound."""
    found = await actions.get(db, key)
    made = await actions.history(db, key)
    changers: list[UUID] = [one["by"] for one in made]
    typed: dict[str, Any] = {"value": choosing.typed(found["value"]), "reason": ""}
    response = show(
        request,
        "settings_threshold.html",
        key,
        found=found,
        choice=actions.choice_of(key),
        fields=typed | (fields or {}),
        made=list(reversed(made)),
        staff=await queries.staff_names(db, changers),
        zone=(await clinics.get(db))["time_zone"],
        refusal=refusal,
        wrong=wrong_by_field(refusal),
        did=request.query_params.get("did", ""),
        **WORDS,
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response
