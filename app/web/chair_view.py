"""What the page of a chair shows, gathered in one transaction."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.chair import actions as chair
from app.chair import dosing, leaving, watching
from app.chair.queries import marks
from app.chair.watching import Seen
from app.clinics import queries as clinics
from app.infusions.medications_given import MEDICATION_GIVEN
from app.infusions.queries import session
from app.infusions.tables import SessionStatus
from app.kit import clock
from app.kit.db import Db, Row
from app.patients import actions as patients
from app.picture.session import draw
from app.records.queries import Filter, listing
from app.safety import actions as safety
from app.web import queries, supplying
from app.web.chairside import ASKED

Json = dict[str, Any]

OVER = (SessionStatus.COMPLETED, SessionStatus.STOPPED)

NEVER = (SessionStatus.CANCELLED, SessionStatus.ENTERED_IN_ERROR)

MOST = 200
"""Medications of one session that are shown."""

HOLDS_ONLY_DISCHARGE = ("OBS-120", "BP-REST")
"""What is shown where somebody thinks of going home, and nowhere else."""


async def gather(db: Db, infusion_id: UUID) -> Json:
    """Everything of a chair. Raises NotFound.

    The mark is read first: what is stored meanwhile is shown now, and fetched again in vain.
    """
    row = await session(db, infusion_id)
    mark = (await marks(db, [infusion_id]))[infusion_id]
    now = clock.now()
    seen = await chair.see(db, row, now)
    found = await safety.of_infusion(db, infusion_id)
    leave = replace(seen, now=row["discharged_at"] or now)
    start = row["started_at"] or row["scheduled_at"]
    given = dose(seen)
    return {
        "session": row,
        "person": orjson.loads((await patients.get(db, row["patient_id"])).json),
        "zone": (await clinics.get(db))["time_zone"],
        "mark": mark,
        **standing(row),
        "chair": watching.monitoring(seen),
        "warnings": [one for one in found["findings"] if one["rule"] not in HOLDS_ONLY_DISCHARGE],
        "in_the_way": [one for one in found["findings"] if "start" in one["stands_in_way_of"]],
        "dose": given,
        **await beside(db, row, given["given_mg"]),
        "effects": effects(seen),
        "others": [one for one in seen.last_effects.values() if one["effect"] not in ASKED],
        "readings": readings(seen, start),
        "plot": draw(seen.readings, start, now, row["ended_at"]) if start else "",
        "leaving": leaving.discharge(leave, leaving.judged(leave, row["discharge_checks"] or {})),
    }


def standing(row: Row) -> Json:
    """Whether a session runs, is over, and takes place at all."""
    return {
        "going": row["status"] == SessionStatus.IN_PROGRESS,
        "over": row["status"] in OVER,
        "live": row["status"] not in NEVER,
    }


async def beside(db: Db, row: Row, so_far_mg: float) -> Json:
    """What was given and used up beside the dose. What runs still is not yet accounted for."""
    kept, given_mg = row["supplies"], so_far_mg if row["status"] in OVER else None
    return {
        "medications": await medications(db, row["id"]),
        "supplies": await supplying.shown(db, kept),
        "supplies_mark": supplying.mark(kept),
        "account": supplying.account(kept, given_mg),
        "colleagues": await queries.colleagues(db),
    }


async def medications(db: Db, infusion_id: UUID) -> list[Json]:
    """What was given beside the drug, in the order of time."""
    sql = listing(MEDICATION_GIVEN.statements, Filter(equal=("infusion_id",), newest_first=False))
    rows = await db.rows(sql, limit=MOST, infusion_id=infusion_id)
    return [orjson.loads(one["json"]) for one in rows]


def dose(seen: Seen) -> Json:
    """The dose: how it was worked out, what runs, what was given."""
    row, events = seen.session, seen.events
    planned, so_far = dosing.planned_mg(row), watching.so_far(seen)
    reached = dosing.reached_at(events, planned, seen.now)
    given = so_far["given_mg"] or 0.0
    over = row["status"] in OVER
    return {
        "arithmetic": dosing.arithmetic(row),
        "planned_mg": planned,
        "usual_rate": dosing.rate(row),
        "rate": dosing.running_rate(events),
        "running": so_far["running"],
        "paused": not over and dosing.is_paused(events),
        "given_mg": row["dose_mg"] if over and row["dose_mg"] is not None else given,
        "reached_at": reached if so_far["running"] else None,
        "events": events,
    }


def effects(seen: Seen) -> list[tuple[str, Row | None]]:
    """Each side effect that is asked about, with how it was last told."""
    return [(name, seen.last_effects.get(name)) for name in ASKED]


def readings(seen: Seen, start: datetime | None) -> list[Json]:
    """The readings, the newest first, each with its minute."""
    return [
        dict(one) | {"minute": watching.minutes(start, one["effective_at"])}
        for one in reversed(seen.readings)
    ]
