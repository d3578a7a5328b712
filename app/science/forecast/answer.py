"""What the forecast answers. Days are elapsed days since the last infusion."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.science.forecast.history import Reason, Seen

LAST_DAY = 180
"""No day beyond is told: "more than 180" is the answer, not an extrapolation."""

Caution = Literal[
    "no_score_since_infusion",
    "stale",
    "old_score",
    "maybe_already_lost",
    "no_past",
    "early_in_course",
    "carried_baseline",
    "unknown_dose",
    "treated_at_home",
    "other_instrument",
    "unusual_limit",
]


@dataclass(frozen=True, slots=True)
class Refusal:
    """No forecast, and why."""

    reason: Reason
    says: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a reader of the forecast should know first."""

    name: Caution
    says: str


@dataclass(frozen=True, slots=True)
class Span:
    """Relief is lost in here with a probability of `percent`; None is later than `LAST_DAY`."""

    percent: int
    lower_days: float | None
    upper_days: float | None
    lower_at: datetime | None
    upper_at: datetime | None


@dataclass(frozen=True, slots=True)
class LastScore:
    """The last check-in since the infusion, and how far it is from the loss of relief."""

    days_ago: float
    severity: float
    points_to_limit: float
    """Severity that is left until the limit; negative above it."""
    errors_to_limit: float
    """The same in standard errors of measurement."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """What moves the forecast: three medians, each knowing more than the one before."""

    median_of_population: float | None
    """Such an infusion, anybody; None is later than `LAST_DAY`, as below."""
    median_with_past: float | None
    """And this patient's past infusions."""
    median_with_scores: float | None
    """And the scores since this one: the forecast's own."""
    past_intervals: int
    past_that_tell: int
    """Past intervals that say something of how long this patient's relief lasts."""
    own_durations: tuple[Seen, ...]
    """How long relief was seen to last: (lower, upper], oldest first."""
    shrinkage: float
    """How much of the difference between patients the past has explained: 0 is none, 1 is all."""
    last_score: LastScore | None


@dataclass(frozen=True, slots=True)
class Forecast:
    """When relief will be lost, if no further infusion is given."""

    infused_at: datetime
    now: datetime
    days_since_infusion: float
    median_days: float | None
    """None is later than `LAST_DAY`."""
    intervals: tuple[Span, ...]
    """50, 80 and 95 percent."""
    probability_lost_by_day: tuple[float, ...]
    """By day 0 to `LAST_DAY`."""
    probability_already_lost: float
    """By `now`."""
    probability_no_relief: float
    """That this infusion brought none."""
    probability_no_relief_at_next: float
    """That another infusion now would bring none."""
    probability_score_above_limit: tuple[tuple[int, float], ...]
    """(Days from now, probability that a score taken then would be above the limit.)"""
    explanation: Explanation
    rests_on: tuple[str, ...]
    """Ids of the scores, and of what states the baseline, in order of use."""
    warnings: tuple[Warned, ...]
    parameters_version: str
