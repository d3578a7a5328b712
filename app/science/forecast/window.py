"""When the next infusion might be talked about: a window of days, from a forecast of relief.

It recommends a window to discuss, never an infusion: dose and safety are outside it. In the
cumulative mode the recommended day is the last on which the chance that relief is already gone is
at most the clinic's threshold, so with a calibrated forecast that share of patients loses relief
before the day: a number that a clinic understands. Relief method, section 6.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, timedelta
from math import ceil, floor
from typing import Any, Literal, get_args

from app.science import opening
from app.science.thresholds import Threshold, in_force

Mode = Literal["cumulative", "lead"]
Alert = Literal["probably_lost"]
Reason = Literal[
    "threshold_already_exceeded",
    "never_reached_by_max_interval",
    "max_interval",
    "min_interval",
    "moved_earlier_to_open_day",
    "moved_later_to_open_day",
    "no_open_day",
]

WHY: Mapping[Reason, str] = {
    "threshold_already_exceeded": "The chance that relief is gone is above the clinic's threshold"
    " on the first day possible.",
    "never_reached_by_max_interval": "The chance of a loss soon after never passes the clinic's"
    " threshold: the longest interval decides.",
    "max_interval": "The clinic's longest interval decides.",
    "min_interval": "The clinic's shortest interval decides.",
    "moved_earlier_to_open_day": "The clinic is closed on the day itself: the open day before it.",
    "moved_later_to_open_day": "The clinic is closed until then: the next open day.",
    "no_open_day": "The clinic has no open day within a year.",
}
"""What each reason means, for whoever reads the window."""

SOURCE = "Afterglow relief method, section 6"
SEARCHED_DAYS = 366
"""No open day is looked for further away."""


def _default(
    name: str,
    value: Any,
    about: str,
    *,
    unit: str | None = None,
    least: float | None = None,
    most: float | None = None,
    words: tuple[str, ...] = (),
) -> Threshold:
    key = f"window.{name}"
    return Threshold(key, value, about, SOURCE, "default", unit, least, most, words=words)


THRESHOLDS: Mapping[str, Threshold] = {
    one.key: one
    for one in (
        _default(
            "mode",
            "cumulative",
            "cumulative: the chance that relief is gone by the day; lead: the chance that it goes"
            " in the days after it.",
            words=get_args(Mode),
        ),
        _default(
            "threshold", 0.30, "The chance of a loss that is accepted.", least=0.01, most=0.999
        ),
        _default("lead_days", 7, "In the lead mode, how far ahead.", unit="days", least=1, most=60),
        _default("min_interval_days", 14, "No infusion sooner.", unit="days", least=0, most=180),
        _default("max_interval_days", 90, "No window later.", unit="days", least=1, most=180),
        _default(
            "notice_days", 2, "What it takes to book a session.", unit="days", least=0, most=60
        ),
        _default(
            "probably_lost",
            0.5,
            "From this chance that relief is gone now, a check-in comes before a booking.",
            least=0.01,
            most=1,
        ),
    )
}
"""What a clinic may choose of the window, beside its opening days. No guideline sets any of it."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a clinic decides about the window; each field is the threshold of its name.

    Raises ValueError for a choice that leaves no day.
    """

    mode: Mode = "cumulative"
    threshold: float = 0.30
    lead_days: int = 7
    min_interval_days: float = 14
    max_interval_days: float = 90
    notice_days: float = 2
    open_weekdays: Sequence[int] = (0, 1, 2, 3, 4)
    closed_dates: Sequence[str] = ()
    probably_lost: float = 0.5

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise ValueError(f"mode is one of {', '.join(get_args(Mode))}")
        if not set(self.open_weekdays) & set(range(7)):
            raise ValueError("a clinic without open weekdays has no window")

    @classmethod
    def chosen(cls, choices: Mapping[str, Any]) -> "Policy":
        """A clinic's choices by the keys of `THRESHOLDS`, the defaults where it chose none."""
        values = in_force({**THRESHOLDS, **opening.THRESHOLDS}, choices)
        own = {
            one.name: values[key]
            for one in fields(cls)
            if (key := f"window.{one.name}") in THRESHOLDS
        }
        weekdays = [day - 1 for day in values[opening.WEEKDAYS.key]]
        closed = values[opening.CLOSED_ON.key]
        return cls(**own, open_weekdays=weekdays, closed_dates=closed)

    def is_open(self, day: date) -> bool:
        """Whether there are sessions on that day."""
        return day.weekday() in self.open_weekdays and day.isoformat() not in self.closed_dates


@dataclass(frozen=True, slots=True)
class Window:
    """From when to talk of the next infusion, and the day recommended for it."""

    opens_on: date | None
    recommended_on: date | None
    """None with the reason no_open_day alone."""
    day: int | None
    """Of the recommended date, since the infusion."""
    probability_lost_by_recommended: float | None
    probability_lost_now: float
    alert: Alert | None
    reasons: tuple[Reason, ...]


def recommend(
    lost_by_day: Sequence[float], now_days: float, infused_on: date, policy: Policy
) -> Window:
    """The window of a patient whose last infusion was `now_days` days ago, on `infused_on`.

    `lost_by_day` holds the chance that relief is gone by day 0, 1, 2 and so on after it, never
    falling; between two days it is a straight line, after the last it stays.
    """
    first = ceil(max(now_days + policy.notice_days, policy.min_interval_days))
    search = _lead if policy.mode == "lead" else _cumulative
    opens, day, why = search(lost_by_day, first, policy)
    if day == first and policy.min_interval_days > now_days + policy.notice_days:
        why = (*why, "min_interval")
    moved = _open_day(infused_on, first, day, policy)
    now = _at(lost_by_day, now_days)
    alert: Alert | None = "probably_lost" if now >= policy.probably_lost else None
    if moved is None:
        return Window(None, None, None, None, now, alert, (*why, "no_open_day"))
    if moved != day:
        word: Reason = "moved_earlier_to_open_day" if moved < day else "moved_later_to_open_day"
        why = (*why, word)
    return Window(
        opens_on=infused_on + timedelta(days=min(opens, moved)),
        recommended_on=infused_on + timedelta(days=moved),
        day=moved,
        probability_lost_by_recommended=_at(lost_by_day, moved),
        probability_lost_now=now,
        alert=alert,
        reasons=why,
    )


Found = tuple[int, int, tuple[Reason, ...]]
"""The day on which the window opens, the day before it is moved to an open one, and why."""


def _cumulative(lost_by_day: Sequence[float], first: int, policy: Policy) -> Found:
    """The last day on which the chance is within the threshold; it opens at half of that."""
    longest = floor(policy.max_interval_days)
    if first > longest:
        return first, first, ("max_interval",)
    day = _last_within(lost_by_day, policy.threshold, first, longest)
    if day is None:
        return first, first, ("threshold_already_exceeded",)
    half = _last_within(lost_by_day, policy.threshold / 2, first, day)
    return first if half is None else half, day, ("max_interval",) if day == longest else ()


def _lead(lost_by_day: Sequence[float], first: int, policy: Policy) -> Found:
    """The first day after which relief that held so long goes soon, too probably."""
    longest = floor(policy.max_interval_days)
    if first > longest:
        return first, first, ("max_interval",)
    for day in range(first, longest + 1):
        gone = _at(lost_by_day, day)
        soon = _at(lost_by_day, day + policy.lead_days) - gone
        if gone >= 1 or soon / (1 - gone) > policy.threshold:
            return day, day, ()
    return longest, longest, ("never_reached_by_max_interval",)


def _last_within(
    lost_by_day: Sequence[float], share: float, first: int, longest: int
) -> int | None:
    """The last day before the chance first passes `share`; None where it already has."""
    within = None
    for day in range(first, longest + 1):
        if _at(lost_by_day, day) > share:
            break
        within = day
    return within


def _open_day(infused_on: date, first: int, day: int, policy: Policy) -> int | None:
    """The latest open day from `first` to `day`, else the next after it."""
    days = [*range(day, first - 1, -1), *range(day + 1, day + SEARCHED_DAYS)]
    return next((one for one in days if policy.is_open(infused_on + timedelta(days=one))), None)


def _at(lost_by_day: Sequence[float], day: float) -> float:
    """The chance by a day, whole or not.

    >>> _at([0.0, 0.25, 0.5], 1.5), _at([0.0, 0.25, 0.5], 9)
    (0.375, 0.5)
    """
    before = min(floor(day), len(lost_by_day) - 1)
    after = min(before + 1, len(lost_by_day) - 1)
    part = day - floor(day)
    return float(lost_by_day[before] * (1 - part) + lost_by_day[after] * part)
