"""Two records of one person from a form: found, compared, made one, and parted again.

No HTTP here.
"""

from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.kit.bodies import Unread, parse, written
from app.kit.db import Db
from app.kit.errors import Invalid
from app.merging import actions as merging
from app.merging.schemas import MergeIn, UnmergeIn
from app.patients import actions as patients
from app.patients import queries as subjects
from app.patients.queries import finding
from app.patients.schemas import Search
from app.web import queries
from app.web.people import Json, Typed

FOUND = 50
"""How many are shown of a search."""


async def find(db: Db, patient_id: UUID, typed: Typed) -> list[Json]:
    """Whom a name, a birth date or a number may mean beside this patient. Raises Invalid."""
    names = ("name", "birth_date", "value")
    name, born, value = (typed.get(one, "").strip() for one in names)
    if value:
        others = await finding.known_as(db, value.replace("\x00", ""))
        found = [orjson.loads((await patients.get(db, one)).json) for one in others]
    elif name or born:
        asked = {"name": name or None, "birth_date": born or None}
        listed = await patients.search(db, FOUND, None, parse(Search, asked))
        found = orjson.loads(listed[0])["items"]
    else:
        raise Invalid(("/name", "Say a name, a birth date or a number"))
    return [one for one in found if one["id"] != str(patient_id)]


async def side(db: Db, patient_id: UUID) -> Json:
    """One of two records, and how much is recorded there. Raises NotFound and Merged."""
    await subjects.subject(db, patient_id)
    person = orjson.loads((await patients.get(db, patient_id)).json)
    counts = await queries.counts(db, patient_id)
    return {"person": person, "counts": {name: count for name, count in counts.items() if count}}


async def join(db: Db, viewer: Viewer, one: UUID, other: UUID, typed: Typed) -> UUID:
    """Make two records one; which stays. Raises Invalid and what the merge refuses."""
    if typed.get("keep") not in (str(one), str(other)):
        raise Invalid(("/keep", "Say which record stays"))
    into, old = (one, other) if typed["keep"] == str(one) else (other, one)
    sent: Json = {"into": into, "separate_from": apart(typed)}
    if typed.get("reason", "").strip():
        sent["reason"] = typed["reason"].strip()
    await merging.merge(db, viewer, old, Unread(MergeIn, written(sent)))
    return into


def apart(typed: Typed) -> list[str]:
    """The sessions that were said to be no duplicates.

    >>> apart({"separate_from": "1 2", "separate": "3"}), apart({})
    (['1', '2', '3'], [])
    """
    return [*typed.get("separate_from", "").split(), *typed.get("separate", "").split()]


async def part(db: Db, viewer: Viewer, person: Json, reason: Json) -> None:
    """Take the merge of somebody back. Raises what the action refuses."""
    unread = Unread(UnmergeIn, written({"from": person["id"]} | reason))
    await merging.unmerge(db, viewer, UUID(person["merged_into_id"]), unread)


async def merged_into(db: Db, patient_id: UUID) -> list[dict[str, Any]]:
    """Who was merged into a patient and still is, the last first: that merge can be undone."""
    standing = [
        one
        for one in await merging.merges(db, patient_id)
        if one["into_id"] == patient_id and one["undone_at"] is None
    ]
    names = await queries.names_of(db, [one["from_id"] for one in standing])
    by = await queries.staff_names(db, [one["merged_by"] for one in standing])
    told = [
        one | {"name": names[str(one["from_id"])], "by": by.get(str(one["merged_by"]))}
        for one in standing
    ]
    return sorted(told, key=lambda one: (one["merged_at"], one["id"]), reverse=True)


async def survivor(db: Db, person: Json) -> dict[str, Any]:
    """Into whom somebody was merged, when and why, and whether that can be taken back."""
    into = UUID(person["merged_into_id"])
    merges = await merged_into(db, into)
    own = next((one for one in merges if str(one["from_id"]) == person["id"]), None)
    return {
        "survivor": orjson.loads((await patients.get(db, into)).json),
        "merge": own,
        "first": None if own is None or own is merges[0] else merges[0],
    }
