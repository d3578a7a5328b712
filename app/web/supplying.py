"""What was drawn for a session, what of it was thrown away, and before whom."""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.infusions.schemas.sessions import SupplyIn
from app.infusions.sessions import INFUSION
from app.kit.bodies import Unread, parse, written
from app.kit.db import Db
from app.kit.errors import NotFound, Stale
from app.records import changes
from app.records.actions import get
from app.web import entries, queries
from app.web.entries import Content, Typed

Supply = dict[str, Any]


async def record_supply(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Add what was drawn. Sent again it is not added again: the form says how many it knew of."""
    kept, version = await held(db, infusion_id)
    told = entries.supply(typed)
    if "witnessed_by" in told:
        told["witnessed_by"] = await witness(db, told["witnessed_by"])
    supply = orjson.loads(written(parse(SupplyIn, told).model_dump()))
    known = place_of(typed, "known")
    if known is not None and supply in kept[known:]:
        return
    await write(db, viewer, infusion_id, version, {"supplies": [*kept, supply]})


async def void_supply(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Take out what was entered in error; the history keeps it. Sent again it takes out no other.

    Raises Stale where the supplies are no longer what the form shows.
    """
    kept, version = await held(db, infusion_id)
    if mark(kept) == typed.get("then"):
        return
    if mark(kept) != typed.get("was"):
        raise Stale(current_version=version)
    place = place_of(typed, "place")
    if place is None or place >= len(kept):
        raise NotFound
    left = without(kept, place)
    told = {"supplies": left, "change_reason": "Entered in error at the chair"}
    await write(db, viewer, infusion_id, version, told)


def place_of(typed: Typed, name: str) -> int | None:
    """A place in the list, or its length, as a form of ours carries it; None for anything else.

    >>> place_of({"place": "3"}, "place"), place_of({"place": "9" * 5000}, "place")
    (3, None)
    """
    text = typed.get(name, "")
    return int(text) if text.isdecimal() and len(text) < len("1000") else None


async def held(db: Db, infusion_id: UUID) -> tuple[list[Supply], int]:
    """A session's supplies and its version, which nobody changes before this transaction ends."""
    await changes.lock(db, INFUSION, infusion_id)
    kept = await get(db, INFUSION, infusion_id)
    return orjson.loads(kept.json)["supplies"], kept.version


async def write(db: Db, viewer: Viewer, infusion_id: UUID, version: int, patch: Content) -> None:
    """Change the session, whose version is held."""
    unread = Unread(INFUSION.model, written(patch))
    await changes.change(db, viewer, INFUSION, infusion_id, f'"{version}"', unread)


async def witness(db: Db, typed: str) -> str:
    """The member of staff of that name, by id, so that nobody is a witness to themselves.

    Where it is nobody's name, or that of two, what was typed.
    """
    named = [one for one in await queries.colleagues(db) if typed.casefold() in called(one)]
    return str(named[0]["id"]) if len(named) == 1 else typed


def called(person: Mapping[str, Any]) -> set[str]:
    """What a member of staff answers to."""
    return {str(person[name]).casefold() for name in ("name", "email") if person[name]}


async def shown(db: Db, kept: Sequence[Mapping[str, Any]]) -> list[Supply]:
    """Supplies for a page: the witness by name, and what a form needs to take one out."""
    people = {str(one["id"]): one["name"] or one["email"] for one in await queries.colleagues(db)}
    return [
        {**one, "witness": people.get(one["witnessed_by"] or "", one["witnessed_by"])}
        | {"place": place, "then": mark(without(kept, place))}
        for place, one in enumerate(kept)
    ]


def without(kept: Sequence[Mapping[str, Any]], place: int) -> list[Mapping[str, Any]]:
    """Supplies but for one."""
    return [*kept[:place], *kept[place + 1 :]]


def mark(kept: Sequence[Mapping[str, Any]]) -> str:
    """By what one list of supplies is told from another.

    >>> mark([]) == mark([{"product": "ketamine"}])
    False
    """
    whole = orjson.dumps([dict(one) for one in kept], option=orjson.OPT_SORT_KEYS)
    return sha256(whole).hexdigest()[:16]


def account(kept: Sequence[Mapping[str, Any]], given_mg: float | None) -> str:
    """What was drawn less what was given and thrown away; empty where what was drawn isn't known.

    >>> account([{"drawn_mg": 50, "wasted_mg": 9}], 41)
    '50 mg drawn - 41 mg given - 9 mg wasted = 0 mg left'
    >>> account([{"drawn_mg": 50, "wasted_mg": None}], None)
    '50 mg drawn - 0 mg wasted = 50 mg'
    """
    if not kept or any(one["drawn_mg"] is None for one in kept):
        return ""
    drawn = sum(one["drawn_mg"] for one in kept)
    wasted = sum(one["wasted_mg"] or 0 for one in kept)
    gave = "" if given_mg is None else f" - {given_mg:g} mg given"
    left = round(drawn - wasted - (given_mg or 0), 3) + 0.0
    rest = "" if given_mg is None else " left"
    return f"{drawn:g} mg drawn{gave} - {wasted:g} mg wasted = {left:g} mg{rest}"
