"""What an admin does to a clinic's choices. Whatever is chosen has a reason, and a value before."""

from typing import Any
from uuid import UUID

from app.clinics import queries
from app.clinics.choices import CHOICES, INTENDED_USE, judged
from app.clinics.schemas import AcceptIn, SettingIn, WithdrawIn
from app.kit import clock
from app.kit.bodies import Unread, expected
from app.kit.db import Db, Row
from app.kit.errors import Conflict, Invalid, NotFound, Stale
from app.kit.ids import new_id
from app.science.forecast import intended_use
from app.science.thresholds import Threshold

Json = dict[str, Any]

NEVER: Json = {
    "version": 0,
    **dict.fromkeys(("value", "reason", "previous_value", "changed_at", "changed_by")),
}
"""What nobody at the clinic ever chose."""


def choice_of(key: str) -> Threshold:
    """What may be chosen by this name. Raises NotFound."""
    choice = CHOICES.get(key)
    if choice is None:
        raise NotFound
    return choice


def shown(choice: Threshold, row: Row | Json | None) -> Json:
    """A setting as the API shows it."""
    made = row or NEVER
    own = made["value"] is not None
    return {
        "key": choice.key,
        "version": made["version"],
        "value": made["value"] if own else choice.value,
        "default": choice.value,
        "chosen": own,
        "unit": choice.unit,
        "about": choice.about,
        "source": choice.source,
        "trust": choice.trust,
        "least": choice.least,
        "most": choice.most,
        "one_of": list(choice.words),
        **{name: made[name] for name in ("reason", "previous_value", "changed_at", "changed_by")},
    }


async def every(db: Db) -> list[Json]:
    """All that may be chosen, in the order of its names."""
    made = await queries.settings(db)
    return [shown(choice, made.get(key)) for key, choice in CHOICES.items()]


async def get(db: Db, key: str) -> Json:
    """One setting. Raises NotFound."""
    return shown(choice_of(key), await queries.find_setting(db, key))


async def choose(db: Db, by: UUID, key: str, match: str | None, unread: Unread[SettingIn]) -> Json:
    """Choose a value, or null for the default again.

    The first choice needs no If-Match: there is nothing to be overwritten. Raises NotFound,
    MatchRequired, Stale, or Invalid with the bound.
    """
    choice = choice_of(key)
    row = await queries.find_setting(db, key)
    version = row["version"] if row else 0
    if (version or match is not None) and expected(match) != version:
        raise stale(version)
    sent = unread.read()
    try:
        value = None if sent.value is None else judged(choice, sent.value)
    except ValueError as error:
        raise Invalid(("/value", str(error))) from None
    await keep(db, by, key, version + 1, value, sent.reason)
    return await get(db, key)


def stale(version: int) -> Stale:
    """Someone chose before; of what was never chosen there is no version to be told."""
    return Stale(current_version=version) if version else Stale()


async def keep(db: Db, by: UUID, key: str, version: int, value: Any, reason: str) -> None:
    """Write a version of a choice. Raises Stale where two choose at once."""
    new: Json = {"value": value, "reason": reason, "changed_at": clock.now(), "changed_by": by}
    if version == 1:
        new["id"] = new_id()
    if not await queries.choose(db, key, version, **new):
        raise Stale


async def history(db: Db, key: str) -> list[Json]:
    """Every choice, oldest first: who, when, why, and both values."""
    made = await queries.choices_made(db, key)
    values = [None, *(row["value"] for row in made)]
    return [
        {
            "version": row["version"],
            "at": row["changed_at"],
            "by": row["changed_by"],
            "reason": row["reason"],
            "before": before,
            "after": row["value"],
        }
        for before, row in zip(values, made, strict=False)
    ]


async def read_intended_use(db: Db) -> Json:
    """The text of intended use, and who accepted which version of it."""
    row = await queries.find_setting(db, INTENDED_USE)
    accepted = row if row is not None and row["value"] is not None else None
    return {
        "version": intended_use.VERSION,
        "text": intended_use.TEXT,
        "accepted_version": accepted["value"]["version"] if accepted else None,
        "accepted_by": accepted["changed_by"] if accepted else None,
        "accepted_at": accepted["changed_at"] if accepted else None,
    }


async def accept(db: Db, by: UUID, unread: Unread[AcceptIn]) -> Json:
    """Accept the text: the forecast is on. Again is harmless. Raises Conflict for another text."""
    sent = unread.read()
    if sent.version != intended_use.VERSION:
        raise Conflict("That is not the text as it now is: read it again.")
    if await queries.forecast_accepted(db) is None:
        row = await queries.find_setting(db, INTENDED_USE)
        version = row["version"] + 1 if row else 1
        await keep(db, by, INTENDED_USE, version, {"version": sent.version}, "accepted")
    return await read_intended_use(db)


async def withdraw(db: Db, by: UUID, unread: Unread[WithdrawIn]) -> Json:
    """Take the acceptance back: the forecast is off. Again is harmless."""
    sent = unread.read()
    row = await queries.find_setting(db, INTENDED_USE)
    if row is not None and row["value"] is not None:
        await keep(db, by, INTENDED_USE, row["version"] + 1, None, sent.reason)
    return await read_intended_use(db)
