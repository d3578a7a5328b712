"""Sessions: how each stands, which may be one and the same, and which course each is in."""

from typing import Any

from app.infusions import changing_hands, doses, moves, queries, weights
from app.infusions.children import void_children
from app.infusions.courses import place
from app.infusions.queries import INFUSION as STATEMENTS
from app.infusions.queries import NEAR, Like
from app.infusions.schemas import InfusionIn
from app.infusions.schemas.sessions import Standing
from app.kit import clock
from app.kit.errors import IllegalMove, Invalid, PossibleDuplicate, SessionRunning
from app.patients.queries import hold
from app.records.kinds import Kind, Telling
from app.safety import storing


async def derive(telling: Telling) -> None:
    """Judge a session against the record, and find its place in a course.

    What contradicts the record (409) comes before what contradicts itself (422).
    """
    sent: InfusionIn = telling.sent
    before = telling.before
    telling.values["status"] = sent.status.value
    telling.values["reasons"] = reasons(telling)
    if before is not None:
        moves.judge(before["status"], sent)
    await refuse_cancelling_what_was_given(telling)
    await refuse_second(telling)
    await refuse_duplicate(telling)
    await storing.judge_session(telling)
    if wrong := moves.contradictions(sent):
        raise Invalid(*wrong)
    refuse_own_witness(telling)
    await weights.judge(telling)
    storing.flag_session(telling)
    await refuse_other_sum(telling)
    await place(telling)


def reasons(telling: Telling) -> list[dict[str, Any]]:
    """Why rules were passed: what was said before stands, and what is new is added."""
    kept = list(telling.before["reasons"]) if telling.before is not None else []
    return kept + [one for one in telling.values["reasons"] if one not in kept]


def moved(telling: Telling, *names: str) -> bool:
    """Whether any of these columns is new or changes."""
    values, before = telling.values, telling.before
    return before is None or any(name in values and values[name] != before[name] for name in names)


async def refuse_cancelling_what_was_given(telling: Telling) -> None:
    """Raise IllegalMove where dose events say that something was given."""
    if telling.sent.status != Standing.CANCELLED or telling.before is None:
        return
    if moved(telling, "status"):
        events = await queries.events_of(telling.db, telling.before["id"])
        if doses.total_mg(events, clock.now()) > 0:
            raise IllegalMove("Something was given: stop the session instead.")


async def refuse_second(telling: Telling) -> None:
    """Raise SessionRunning where the patient has another session in progress."""
    if telling.sent.status == Standing.IN_PROGRESS and moved(telling, "status"):
        other = await queries.running(telling.db, telling.subject.id, id_of(telling))
        if other is not None:
            raise SessionRunning(existing_id=str(other))


async def refuse_duplicate(telling: Telling) -> None:
    """Raise PossibleDuplicate where another session of the drug starts within hours of this one."""
    sent: InfusionIn = telling.sent
    start = sent.moment(telling.subject.time_zone)
    if start is None or sent.status == Standing.CANCELLED:
        return
    if not moved(telling, "drug", "started_at", "started_on", "scheduled_at"):
        return
    like = Like(telling.subject.id, sent.drug.value, start - NEAR, start + NEAR)
    other = await queries.nearest(telling.db, like, id_of(telling), sent.separate_from)
    if other is not None:
        raise PossibleDuplicate(existing_id=str(other))


def id_of(telling: Telling) -> Any:
    """The session's id."""
    return telling.values["id"] if telling.before is None else telling.before["id"]


def refuse_own_witness(telling: Telling) -> None:
    """Raise Invalid where whoever records a supply is its witness too."""
    known = telling.before["supplies"] if telling.before is not None else []
    wrong = [
        (f"/supplies/{number}/witnessed_by", "must be another than who records it")
        for number, supply in enumerate(telling.values["supplies"])
        if supply not in known and is_viewer(telling, supply["witnessed_by"])
    ]
    if wrong:
        raise Invalid(*wrong)


def is_viewer(telling: Telling, witness: str | None) -> bool:
    """Whether a witness is who is asking."""
    return witness is not None and witness.strip().lower() == str(telling.viewer.id)


async def refuse_other_sum(telling: Telling) -> None:
    """Raise Invalid where the dose given is not what the dose events add up to.

    While a session runs its events are still coming: then they must not be more.
    """
    sent: InfusionIn = telling.sent
    if telling.before is None or sent.dose_mg is None:
        return
    if not moved(telling, "status", "dose_mg", "ended_at"):
        return
    events = await queries.events_of(telling.db, telling.before["id"])
    if not events:
        return
    total = doses.total_mg(events, sent.ended_at)
    open_ended = sent.ended_at is None and doses.runs_on(events)
    whole = sent.status in moves.OVER and not open_ended
    wrong = doses.differs if whole else doses.exceeds
    if wrong(total, sent.dose_mg):
        raise Invalid(("/dose_mg", f"differs from the dose events, which add up to {total:.1f} mg"))


async def voiding(telling: Telling) -> None:
    """Void what hangs on the session along with it, and close the gap in its course."""
    await void_children(telling)
    await place(telling)


def content(document: dict[str, Any]) -> dict[str, Any]:
    """What a client may change; a new weight has to be confirmed anew."""
    return {name: value for name, value in document.items() if name != "weight_confirmed"}


INFUSION = Kind(
    noun="infusion",
    path="/v1/infusions",
    model=InfusionIn,
    statements=STATEMENTS,
    derive=derive,
    after=storing.after_session,
    subject=hold,
    voiding=voiding,
    moving=changing_hands.moving,
    moved=changing_hands.moved,
    content=content,
)
