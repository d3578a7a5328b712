"""The forecast of one patient: how long relief will last, and what that rests on.

A pure function of a history, parameters and the moment; it needs a few milliseconds, less once the
past intervals were looked at before. Relief method, sections 5.2 and 5.4.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

import numpy as np

from app.science.forecast.answer import (
    LAST_DAY,
    Explanation,
    Forecast,
    LastScore,
    Refusal,
    Span,
)
from app.science.forecast.cautions import cautions, refusal
from app.science.forecast.evidence import evidence, expected, limit_of, one_error, readings
from app.science.forecast.history import History, Treatment
from app.science.forecast.lognormal import Floats
from app.science.forecast.parameters import Parameters
from app.science.forecast.passage import Interval, Losses, chance_above, losses
from app.science.forecast.population import (
    DURATIONS,
    Belief,
    after,
    before,
    chance_of_no_relief,
    population,
    weights,
)
from app.science.relief import SCALES

PERCENTS = (50, 80, 95)
SCORED_IN_DAYS = (7, 14, 21)
EACH_DAY = np.arange(LAST_DAY + 1, dtype=float)
ONE_DAY = timedelta(days=1)

TELLS = 0.01
"""A past interval tells something if it alone takes this share of the variance between patients."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """All that is held of the current interval."""

    interval: Interval
    belief: Belief
    losses: Losses
    who: Floats
    """What kind of patient this is, from the past alone: (depth, duration)."""

    def score_above(self, days: Floats) -> Floats:
        """The probability that a score on each of some days since the infusion is above the limit.

        This is what can be held against the scores that come.
        """
        return chance_above(self.belief, self.interval, days)


def forecast(history: History, parameters: Parameters, now: datetime) -> Forecast | Refusal:
    """When relief will be lost, or why that is not foretold. `now` is aware."""
    refused = refusal(history, now, LAST_DAY)
    if refused is not None:
        return refused
    current, infused_at = history.current, history.infused_at
    assert current is not None
    assert infused_at is not None
    since = (now - infused_at) / ONE_DAY
    outlook = look(history.past, current, parameters)
    by_day = outlook.losses.lost_by(EACH_DAY)
    already_lost = float(outlook.losses.lost_by(np.array([since]))[0])
    above = outlook.score_above(since + np.array(SCORED_IN_DAYS, float))
    return Forecast(
        infused_at=infused_at,
        now=now,
        days_since_infusion=since,
        median_days=quantile(by_day, 0.5),
        intervals=tuple(_span(by_day, percent, infused_at) for percent in PERCENTS),
        probability_lost_by_day=tuple(by_day.tolist()),
        probability_already_lost=already_lost,
        probability_no_relief=outlook.belief.no_relief,
        probability_no_relief_at_next=_no_relief_at_next(outlook, current, parameters),
        probability_score_above_limit=tuple(zip(SCORED_IN_DAYS, above.tolist(), strict=True)),
        explanation=_explained(history.past, current, parameters, outlook, since),
        rests_on=_rests_on(history),
        warnings=cautions(history, since, already_lost),
        parameters_version=parameters.version,
    )


def look(past: tuple[Treatment, ...], current: Treatment, parameters: Parameters) -> Outlook:
    """What is held of the current interval, from the past and from its own scores."""
    return _look(weights(past, parameters), current, parameters)


def _look(who: Floats, current: Treatment, parameters: Parameters) -> Outlook:
    eta = expected(current, parameters)
    belief = before(who, eta, parameters)
    if current.days:
        belief = after(belief, evidence(current, parameters))
    seen, error = readings(current, parameters), one_error(current, parameters)
    interval = Interval(eta, limit_of(current), seen, error, parameters)
    return Outlook(interval, belief, losses(belief, interval), who)


def quantile(by_day: Floats, share: float) -> float | None:
    """The day by which relief is lost with probability `share`; None if that is not foretold.

    `by_day` has the probability for each day from 0, and is taken as straight between them.

    >>> quantile(np.array([0.0, 0.2, 0.6, 0.9]), 0.5)
    1.75
    >>> quantile(np.array([0.3, 0.4]), 0.2), quantile(np.array([0.3, 0.4]), 0.5)
    (0.0, None)
    """
    day = int(np.searchsorted(by_day, share))
    if day == len(by_day):
        return None
    if day == 0:
        return 0.0
    low, high = by_day[day - 1], by_day[day]
    return float(day - 1 + (share - low) / (high - low))


def _span(by_day: Floats, percent: int, infused_at: datetime) -> Span:
    beside = 0.5 - percent / 200
    lower, upper = quantile(by_day, beside), quantile(by_day, 1.0 - beside)
    lower_at, upper_at = (
        None if days is None else infused_at + timedelta(days=days) for days in (lower, upper)
    )
    return Span(percent, lower, upper, lower_at, upper_at)


def _no_relief_at_next(outlook: Outlook, current: Treatment, parameters: Parameters) -> float:
    """As the current scores say no more of the patient than their own interval, from the past."""
    again = replace(current, index_in_course=current.index_in_course + 1)
    chance = chance_of_no_relief(parameters, expected(again, parameters))
    return float(outlook.who.sum(axis=1) @ chance)


def _explained(
    past: tuple[Treatment, ...],
    current: Treatment,
    parameters: Parameters,
    outlook: Outlook,
    since: float,
) -> Explanation:
    unseen = replace(current, days=(), severities=())
    prior = np.exp(population(parameters).log_prior)
    with_past = _look(outlook.who, unseen, parameters)
    watched = [one for one in past if one.days]
    return Explanation(
        median_of_population=_anybody(unseen, parameters),
        median_with_past=_median(with_past),
        median_with_scores=_median(outlook),
        past_intervals=len(past),
        past_that_tell=sum(
            _explains(weights((one,), parameters), prior) > TELLS for one in watched
        ),
        own_durations=tuple(one.seen for one in past if one.seen is not None),
        shrinkage=max(0.0, _explains(outlook.who, prior)) if watched else 0.0,
        last_score=_last_score(current, since),
    )


@lru_cache(maxsize=1024)
def _anybody(unseen: Treatment, parameters: Parameters) -> float | None:
    """The median of a treatment without scores in a patient of whom nothing is known."""
    return _median(_look(np.exp(population(parameters).log_prior), unseen, parameters))


def _median(outlook: Outlook) -> float | None:
    return quantile(outlook.losses.lost_by(EACH_DAY), 0.5)


def _explains(who: Floats, prior: Floats) -> float:
    """The share of the variance of duration between patients that is gone."""
    return 1.0 - _variance(who) / _variance(prior)


def _variance(who: Floats) -> float:
    by_duration = who.sum(axis=0)
    mean = by_duration @ DURATIONS
    return float(by_duration @ (DURATIONS - mean) ** 2)


def _last_score(current: Treatment, since: float) -> LastScore | None:
    if not current.days:
        return None
    severity = current.severities[-1]
    left = current.limit - severity
    errors = left / SCALES[current.instrument].sem
    return LastScore(since - current.days[-1], severity, left, errors)


def _rests_on(history: History) -> tuple[str, ...]:
    watched: Iterable[Treatment] = history.treatments
    used = [*history.baseline_ids, *(name for one in watched for name in one.score_ids)]
    return tuple(dict.fromkeys(used))
