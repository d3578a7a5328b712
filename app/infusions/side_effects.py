"""Side effects: there, or asked about and absent."""

from datetime import datetime

from app.infusions.children import session_of
from app.infusions.queries import SIDE_EFFECT as STATEMENTS
from app.infusions.schemas import SideEffectIn
from app.kit import clock
from app.kit.db import Row
from app.kit.errors import Invalid
from app.records.kinds import Kind, Telling
from app.records.stamps import AHEAD, timed
from app.safety import storing


async def derive(telling: Telling) -> None:
    """Its session is the patient's; when nobody said when, it was seen at the session's end.

    What it says of the bladder is judged.
    """
    session = await session_of(telling)
    sent: SideEffectIn = telling.sent
    refuse_the_future(telling)
    if sent.day is None and sent.observed_at is None:
        if sent.onset_at is not None:
            telling.values["observed_at"] = sent.onset_at
        else:
            observe(telling, session)
    await storing.judge_effect(telling)


def observe(telling: Telling, session: Row | None) -> None:
    """Date what has no time of its own: the session's end, else now."""
    now = clock.now() if telling.before is not None else telling.values["recorded_at"]
    end: datetime = (session and session["ended_at"]) or now
    telling.values["observed_at"] = end
    times = timed(telling.viewer, telling.sent, end, now, telling.subject.time_zone)
    moved = ["effective_at", "precision", "utc_offset_minutes"]
    moved += ["entry_mode"] if telling.before is None else []
    telling.values.update({name: times[name] for name in moved})
    if telling.values.get("device_at") is not None:
        telling.values["late_seconds"] = max(0.0, (now - end).total_seconds())


def refuse_the_future(telling: Telling) -> None:
    """Raise Invalid for an intervention that can't have happened yet."""
    if telling.values.get("device_at") is not None:
        return
    latest = clock.now() + AHEAD
    ahead = [
        (f"/interventions/{place}/at", "lies more than 24 hours ahead")
        for place, one in enumerate(telling.sent.interventions)
        if one.at is not None and one.at > latest
    ]
    if ahead:
        raise Invalid(*ahead)


SIDE_EFFECT = Kind(
    noun="side_effect",
    path="/v1/side-effects",
    model=SideEffectIn,
    statements=STATEMENTS,
    derive=derive,
    after=storing.after_effect,
)
