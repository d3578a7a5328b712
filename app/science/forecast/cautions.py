"""When there is no forecast, and what to know of one before it is believed.

Relief method, section 5.4. The numbers here are defaults: no source sets them.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.science.chances import percent
from app.science.forecast.answer import Refusal, Warned
from app.science.forecast.curves import LIMITS
from app.science.forecast.history import History, Reason, Treatment

OLD_DAYS = 14.0
"""A last check-in older than this is pointed out: the longest usual cadence is two weeks."""

MAYBE_LOST = 0.3
"""A chance of relief being lost already that is pointed out."""

FIRST_STEADY = 4
"""The first infusion of a course after which the forecast was tried."""

SAYS: dict[Reason, str] = {
    "no_infusion": "No infusion was given.",
    "no_scores": "No score was taken since the course began.",
    "no_baseline": "There is no baseline to judge relief by.",
    "baseline_zero": "The baseline has no symptoms to be relieved of.",
    "baseline_too_low": "The baseline is too low to judge relief by.",
    "too_long_ago": "The last infusion is too long ago for a forecast.",
}
"""Every reason for giving no forecast, in words."""


def refusal(history: History, now: datetime, last_day: int) -> Refusal | None:
    """Why there is no forecast; None when there is one."""
    reason = history.refused
    if reason is None and history.infused_at is not None:
        too_late = history.infused_at + timedelta(days=last_day)
        reason = "too_long_ago" if now > too_late else None
    return None if reason is None else Refusal(reason, SAYS[reason])


def cautions(history: History, since: float, already_lost: float) -> tuple[Warned, ...]:
    """What to know of a forecast made so many days after the infusion, gravest first."""
    current = history.current
    assert current is not None
    return (
        *_of_now(history, current, since, already_lost),
        *_of_the_judging(history, current),
        *_of_the_past(history, current),
    )


def _of_now(
    history: History, current: Treatment, since: float, already_lost: float
) -> Iterator[Warned]:
    if already_lost > MAYBE_LOST:
        says = f"Relief may already be lost: the chance is {percent(already_lost)}."
        yield Warned("maybe_already_lost", says)
    if not current.days:
        says = "No check-in since the infusion: this rests on the past and on other patients."
        yield Warned("no_score_since_infusion", says)
        return
    age = since - current.days[-1]
    if age > history.max_gap_days:
        yield Warned("stale", f"The last check-in was {age:.0f} days ago: this is out of date.")
    elif age > OLD_DAYS:
        yield Warned("old_score", f"The last check-in was {age:.0f} days ago.")


def _of_the_judging(history: History, current: Treatment) -> Iterator[Warned]:
    if history.other_instrument:
        says = f"{history.other_instrument} was answered since, and is not looked at."
        yield Warned("other_instrument", says)
    if history.is_baseline_carried:
        yield Warned("carried_baseline", "The baseline is that of an earlier course.")
    low, high = LIMITS
    if not low <= current.limit / current.baseline <= high:
        says = "The line of loss is so near an end that it was moved for the forecast."
        yield Warned("unusual_limit", says)


def _of_the_past(history: History, current: Treatment) -> Iterator[Warned]:
    if not any(one.days for one in history.past):
        says = "Nothing is known of relief after earlier infusions of this patient."
        yield Warned("no_past", says)
    if current.index_in_course < FIRST_STEADY:
        says = "Early in a course: the forecast was tried on later infusions only."
        yield Warned("early_in_course", says)
    if current.dose_mg_per_kg is None:
        yield Warned("unknown_dose", "The dose is not known; the usual one was assumed.")
    if history.is_at_home:
        says = "The last infusion was at home; the forecast is of those at the clinic."
        yield Warned("treated_at_home", says)
