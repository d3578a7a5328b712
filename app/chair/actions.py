"""What a session shows at the chair, and how somebody leaves it."""

from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.chair import leaving, queries, watching
from app.chair.schemas import DischargeIn
from app.chair.watching import Seen
from app.clinics import queries as clinics
from app.infusions.queries import events_of, session
from app.infusions.schemas import InfusionIn
from app.infusions.sessions import INFUSION
from app.infusions.tables import SessionStatus
from app.kit import clock
from app.kit.bodies import Unread, parse, written
from app.kit.db import Db, Row
from app.kit.errors import IllegalMove, Invalid, RuleInTheWay, Voided
from app.records.actions import get
from app.records.changes import amend, content, lock
from app.records.kinds import Kept
from app.records.stamps import AHEAD
from app.science.chair import THRESHOLDS
from app.science.thresholds import in_force

OVER = (SessionStatus.COMPLETED, SessionStatus.STOPPED)
"""Who goes home has had their session."""


async def see(db: Db, row: Row, now: datetime) -> Seen:
    """A session with what hangs on it, at an instant."""
    return Seen(
        session=row,
        readings=await queries.readings_of(db, row["id"]),
        effects=await queries.effects_of(db, row["id"]),
        events=await events_of(db, row["id"]),
        numbers=in_force(THRESHOLDS, await clinics.chosen(db)),
        now=now,
    )


async def monitoring(db: Db, infusion_id: UUID) -> dict[str, Any]:
    """What is due, what was missed, the last values, what is felt. Raises NotFound."""
    return watching.monitoring(await see(db, await session(db, infusion_id), clock.now()))


async def criteria(db: Db, infusion_id: UUID) -> dict[str, Any]:
    """Each criterion of discharge now, or at the time they left. Raises NotFound."""
    row = await session(db, infusion_id)
    seen = await see(db, row, row["discharged_at"] or clock.now())
    return leaving.discharge(seen, leaving.judged(seen, row["discharge_checks"] or {}))


async def discharge(db: Db, viewer: Viewer, infusion_id: UUID, unread: Unread[DischargeIn]) -> Kept:
    """Let somebody go home. Again is harmless: the first discharge stands.

    Raises NotFound, Voided, IllegalMove, Invalid, and RuleInTheWay naming each criterion that is
    not met and has no reason.
    """
    row = await lock(db, INFUSION, infusion_id)
    if row["status"] == SessionStatus.ENTERED_IN_ERROR:
        raise Voided
    there = await get(db, INFUSION, infusion_id)
    if row["discharged_at"] is not None:
        return there
    if row["status"] not in OVER:
        raise IllegalMove("Complete or stop the session first.")
    sent = unread.read()
    at = left_at(row, sent)
    told = checks(row, sent)
    reasons = [*row["reasons"], *(one.model_dump() for one in sent.reasons)]
    missing = leaving.unmet(leaving.judged(await see(db, row, at), told), reasons)
    if missing:
        raise RuleInTheWay("Give a reason for each criterion that is not met.", rules=missing)
    was = content(INFUSION, orjson.loads(there.json))
    said = {"discharged_at": at, "discharge_checks": told, "reasons": reasons}
    new = was | orjson.loads(written({"monitoring_ended_at": at} | was | said))
    both = parse(InfusionIn, was), parse(InfusionIn, new)
    return await amend(db, viewer, INFUSION, row, both, None)


def left_at(row: Row, sent: DischargeIn) -> datetime:
    """When they left: as said, else now. Raises Invalid for before the end or far ahead."""
    now = clock.now()
    at = sent.at or now
    start = row["ended_at"] or row["started_at"] or row["effective_at"]
    if at < start:
        raise Invalid(("/at", "lies before the session's end"))
    if at > now + AHEAD:
        raise Invalid(("/at", "lies more than 24 hours ahead"))
    return at


def checks(row: Row, sent: DischargeIn) -> dict[str, Any]:
    """What was checked: as said now, and else as it was said before."""
    told = orjson.loads(written(sent.checks.model_dump(exclude_none=True)))
    return {**(row["discharge_checks"] or {}), **told}
