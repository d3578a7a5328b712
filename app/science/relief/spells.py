"""When a good state began and when it ended, as far as the check-ins of one interval tell.

The same routine follows relief and remission. Relief method, section 2.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.science.relief.policy import Unconfirmed
from app.science.relief.records import EPSILON

EndedBy = Literal["next_infusion", "end_of_follow_up"]
Reason = Literal["next_infusion", "end_of_follow_up", "gap", "unconfirmed"]


@dataclass(frozen=True, slots=True)
class Rules:
    """How a loss is confirmed and how long a silence may be."""

    confirm: int
    max_gap_days: float
    unconfirmed: Unconfirmed


@dataclass(frozen=True, slots=True)
class Spell:
    """A stretch of a good state, in elapsed days since the infusion; intervals are (lower, upper].

    With `upper` it was seen to end in (lower, upper]; without, it lasted at least `lower`.
    """

    onset: tuple[float, float]
    lower: float
    upper: float | None = None
    reason: Reason | None = None
    """Why the end was not seen; None when it was."""
    came_back: bool = False
    """Whether a later check-in of the interval was good again."""


def follow(
    days: Sequence[float], good: Sequence[bool], rules: Rules, ended_by: EndedBy
) -> Spell | None:
    """The spell that begins at the first good check-in; None without one.

    A loss is dated to the first of the bad check-ins that confirm it. What comes after a hole is
    not looked at: used only when bad, it would bias durations down.

    >>> rules = Rules(confirm=1, max_gap_days=42, unconfirmed="event_if_infusion")
    >>> follow([3, 10, 17], [True, True, False], rules, "end_of_follow_up")
    Spell(onset=(0.0, 3), lower=10, upper=17, reason=None, came_back=False)
    """
    first = next((k for k, is_good in enumerate(good) if is_good), None)
    if first is None:
        return None
    onset = (days[first - 1] if first else 0.0, days[first])
    seen = _seen(days, first, rules.max_gap_days)
    last_good = first
    for k in range(first + 1, seen):
        if good[k]:
            last_good = k
        elif k - last_good >= rules.confirm:
            again = any(good[k + 1 :])
            return Spell(onset, days[last_good], days[last_good + 1], came_back=again)
    hole, unconfirmed = seen < len(days), last_good < seen - 1
    if unconfirmed and not hole and _counts(rules, ended_by):
        return Spell(onset, days[last_good], days[last_good + 1])
    reason: Reason = "unconfirmed" if unconfirmed else "gap" if hole else ended_by
    return Spell(onset, days[last_good], reason=reason)


def _seen(days: Sequence[float], first: int, max_gap_days: float) -> int:
    """How many check-ins there are before the first hole after the onset."""
    for k in range(first + 1, len(days)):
        if days[k] - days[k - 1] > max_gap_days + EPSILON:
            return k
    return len(days)


def _counts(rules: Rules, ended_by: EndedBy) -> bool:
    """Whether a loss that the interval's end left unconfirmed is one."""
    if rules.unconfirmed == "event_if_infusion":
        return ended_by == "next_infusion"
    return rules.unconfirmed == "event"
