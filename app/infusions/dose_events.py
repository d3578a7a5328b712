"""What was given within a session, event by event."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from app.infusions import doses, queries
from app.infusions.moves import BEGUN
from app.infusions.queries import DOSE_EVENT as STATEMENTS
from app.infusions.schemas import DoseEventIn
from app.infusions.tables import SessionStatus
from app.kit.db import Db
from app.kit.errors import IllegalMove, Invalid, Voided
from app.patients.queries import hold
from app.records.kinds import Kind, Subject, Telling


async def session_subject(db: Db, infusion_id: UUID) -> Subject:
    """The patient of a session, held, and the session. Raises NotFound."""
    session = await queries.session(db, infusion_id)
    return replace(await hold(db, session["patient_id"]), under=infusion_id)


async def derive(telling: Telling) -> None:
    """An event belongs to a session that has begun, and adds to no more than the dose given.

    Raises Voided, IllegalMove or Invalid.
    """
    values, before = telling.values, telling.before
    if before is None:
        values["infusion_id"] = telling.subject.under
    now: dict[str, Any] = {**(before or {}), **values}
    session = await queries.session(telling.db, now["infusion_id"])
    if session["status"] == SessionStatus.ENTERED_IN_ERROR:
        raise Voided
    if session["status"] not in BEGUN:
        raise IllegalMove("The session has not begun.")
    if session["dose_mg"] is None:
        return
    events = await queries.events_of(telling.db, now["infusion_id"])
    others = [dict(event) for event in events if event["id"] != now["id"]]
    total = doses.total_mg(doses.ordered([*others, now]), None)
    if doses.exceeds(total, session["dose_mg"]):
        told = f"the events would add up to {total:.1f} mg, more than the session's dose"
        raise Invalid(("/dose_mg", told))


DOSE_EVENT = Kind(
    noun="dose_event",
    path="/v1/dose-events",
    model=DoseEventIn,
    statements=STATEMENTS,
    derive=derive,
    subject=hold,
)
