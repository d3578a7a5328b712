"""Which course each session of a patient is in, cut anew whenever what was given changes."""

from typing import Any
from uuid import UUID

from app.access.policy import Viewer
from app.infusions import queries
from app.infusions.moves import BEGUN
from app.kit.db import Db, Row
from app.patients.courses import recut
from app.records.kinds import Telling
from app.science.courses import Given

NOWHERE = (None, None)
"""The place of a session that was not given."""


def given(row: Row) -> Given[UUID] | None:
    """A session as courses are cut from: one that has begun, with a dose above 0 or unknown."""
    if row["status"] not in BEGUN or row["dose_mg"] == 0:
        return None
    return Given(row["id"], row["effective_at"], row["starts_course"])


async def place(telling: Telling) -> None:
    """Find a session's place in a course, and give the patient's other sessions their new ones.

    The patient is held, so that two sessions are placed one after the other.
    """
    values, before = telling.values, telling.before
    now: dict[str, Any] = {**(before or {}), **values}
    if before is None:
        values["course_id"], values["number_in_course"] = NOWHERE
    if given(now) == (given(before) if before is not None else None):
        return
    rows = await queries.sessions_of(telling.db, telling.subject.id)
    others = [row for row in rows if row["id"] != now["id"]]
    every = [one for row in [now, *others] if (one := given(row)) is not None]
    places = await recut(telling.db, telling.viewer, telling.subject.id, every)
    values["course_id"], values["number_in_course"] = places.get(now["id"], NOWHERE)
    for row in others:
        there = places.get(row["id"], NOWHERE)
        if there != (row["course_id"], row["number_in_course"]):
            await queries.place(telling.db, row["id"], *there)


async def place_all(db: Db, viewer: Viewer, patient_id: UUID) -> None:
    """Give every session of a held patient its place, whatever came or went."""
    rows = await queries.sessions_of(db, patient_id)
    every = [one for row in rows if (one := given(row)) is not None]
    places = await recut(db, viewer, patient_id, every)
    for row in rows:
        there = places.get(row["id"], NOWHERE)
        if there != (row["course_id"], row["number_in_course"]):
            await queries.place(db, row["id"], *there)
