"""The clinic as those who work there see it, and what an admin changes of it."""

from typing import Any

from app.administration.changing import patched
from app.administration.schemas import ClinicFields, ClinicPatch
from app.clinics import queries
from app.clinics.crisis import text_of
from app.kit.bodies import Unread
from app.kit.db import Db, Row

SHOWN = ("id", "version", "slug", "name", "time_zone", "is_demo", "created_at")


def shown(row: Row) -> dict[str, Any]:
    """A clinic as the API shows it: with the crisis text that its patients see."""
    own = row["crisis"]
    crisis = {"crisis": text_of(own), "crisis_is": "default" if own is None else "own"}
    return {name: row[name] for name in SHOWN} | crisis


async def get(db: Db) -> dict[str, Any]:
    """The caller's clinic."""
    return shown(await queries.get(db))


async def change(db: Db, match: str | None, unread: Unread[ClinicPatch]) -> dict[str, Any]:
    """Change the name, the time zone, or what somebody in danger is shown."""
    row = await queries.lock(db)
    was = {name: row[name] for name in ClinicFields.model_fields}
    after, changed = patched(ClinicFields, row, was, match, unread)
    if changed:
        own = after.crisis.model_dump(exclude_none=True) if after.crisis else None
        await queries.change(db, name=after.name, time_zone=after.time_zone, crisis=own)
    return await get(db)
