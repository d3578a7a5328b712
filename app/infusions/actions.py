"""What is done with a session at the chair: start it, stop it, complete it, cancel it.

Safe to repeat, and without If-Match: an emergency stop must not meet a 412.
"""

from typing import Any
from uuid import UUID

import orjson
from pydantic import BaseModel

from app.access.policy import Viewer
from app.infusions import doses, moves, queries
from app.infusions.schemas import CompleteIn, InfusionIn, StartIn, StopIn
from app.infusions.schemas.sessions import Standing
from app.infusions.sessions import INFUSION
from app.infusions.tables import SessionStatus
from app.kit import clock
from app.kit.bodies import Unread, parse, written
from app.kit.db import Db, Row
from app.kit.errors import Voided
from app.records.actions import get
from app.records.changes import amend, content, lock
from app.records.kinds import Kept


async def move(
    db: Db, viewer: Viewer, infusion_id: UUID, to: Standing, unread: Unread[Any]
) -> Kept:
    """Move a session; one that is there already is answered as it is.

    Raises NotFound, Voided, IllegalMove, and what a change of the session raises.
    """
    row = await lock(db, INFUSION, infusion_id)
    if row["status"] == SessionStatus.ENTERED_IN_ERROR:
        raise Voided
    there = await get(db, INFUSION, infusion_id)
    if row["status"] == to:
        return there
    moves.may_move(row["status"], to)
    sent = unread.read()
    was = content(INFUSION, orjson.loads(there.json))
    new = was | orjson.loads(written(await fields(db, row, sent))) | {"status": to}
    both = parse(InfusionIn, was), parse(InfusionIn, new)
    return await amend(db, viewer, INFUSION, row, both, None)


async def fields(db: Db, row: Row, sent: BaseModel) -> dict[str, Any]:
    """What a move says of the session, with what it may leave to us."""
    told = sent.model_dump(exclude_unset=True, exclude_none=True)
    match sent:
        case StartIn():
            apart = [*row["separate_from"], *sent.separate_from]
            return {"started_at": clock.now(), **told, "separate_from": apart}
        case StopIn() | CompleteIn():
            return told | await ending(db, row, sent)
        case _:
            return told


async def ending(db: Db, row: Row, sent: StopIn | CompleteIn) -> dict[str, Any]:
    """When a session ended and what was given, as said, else now and what its events add up to.

    A stop takes the sum before what was meant to be given; an appointment that was never started
    is completed only by what is said of it.
    """
    end, dose = sent.ended_at, sent.dose_mg
    if end is None and row["status"] == Standing.IN_PROGRESS:
        end = max(clock.now(), row["started_at"] or row["effective_at"])
    if dose is None and isinstance(sent, CompleteIn):
        dose = row["dose_mg"]
    if dose is None and (events := await queries.events_of(db, row["id"])):
        dose = round(doses.total_mg(events, end), 3)
    known = {"ended_at": end, "dose_mg": dose}
    return {name: value for name, value in known.items() if value is not None}
