"""Whether a clinic's forecasts came true: the next score, and the intervals.

Each interval between infusions is forecast anew as it stood after each check-in, from what came
before alone; only the parameters may have seen what followed.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, pairwise

import numpy as np

from app.science.forecast.history import History, Seen, Treatment
from app.science.forecast.parameters import Parameters
from app.science.forecast.predict import EACH_DAY, PERCENTS, look, quantile

MOST = 2_000
"""More are passed over evenly: each takes some milliseconds."""

DECILES = 10


@dataclass(frozen=True, slots=True)
class Decile:
    """Forecasts of the next score with about the same chance."""

    forecasts: int
    expected: float
    """The mean chance that the score would be above the line of loss."""
    came: float
    """The share that was."""


@dataclass(frozen=True, slots=True)
class Held:
    """How many of the intervals of so many percent held when relief was seen to end."""

    percent: int
    held: int
    missed: int
    unclear: int
    """Relief was not seen to end, or not closely enough to say."""

    @property
    def share(self) -> float | None:
        """Of those that can be told.

        >>> Held(80, 8, 2, 5).share
        0.8
        """
        told = self.held + self.missed
        return self.held / told if told else None


@dataclass(frozen=True, slots=True)
class Calibration:
    """How well a clinic's forecasts fit what came."""

    forecasts: int
    brier: float | None
    """Mean square of chance less outcome; 0.25 is a coin."""
    deciles: tuple[Decile, ...]
    """From the lowest chances to the highest, as many forecasts in each."""
    intervals: tuple[Held, ...]


Moment = tuple[tuple[Treatment, ...], Treatment, int]
"""The past, an interval, and how many of its check-ins are known."""


def calibrate(histories: Iterable[History], parameters: Parameters) -> Calibration:
    """Hold forecasts against what came. The order of the histories doesn't matter."""
    known = sorted(histories, key=lambda history: history.patient)
    moments = list(chain.from_iterable(map(_moments, known)))
    taken = (
        [moments[n * len(moments) // MOST] for n in range(MOST)] if len(moments) > MOST else moments
    )
    chances, came, spans = [], [], list[tuple[dict[int, tuple[float | None, ...]], Seen]]()
    for past, treatment, seen in taken:
        then = replace(
            treatment, days=treatment.days[:seen], severities=treatment.severities[:seen]
        )
        outlook = look(past, then, parameters)
        chances.append(float(outlook.score_above(np.array([treatment.days[seen]]))[0]))
        came.append(treatment.severities[seen] > treatment.limit)
        if treatment.seen is not None and then.days[-1] <= treatment.seen[0]:
            by_day = outlook.losses.lost_by(EACH_DAY)
            spans.append(({one: _span(by_day, one) for one in PERCENTS}, treatment.seen))
    return Calibration(
        forecasts=len(taken),
        brier=float(np.mean((np.array(chances) - came) ** 2)) if taken else None,
        deciles=tuple(_deciles(chances, came)),
        intervals=tuple(_held(percent, spans) for percent in PERCENTS),
    )


def _moments(history: History) -> Iterator[Moment]:
    """After each check-in but the last of every interval."""
    treatments = history.treatments
    for number, treatment in enumerate(treatments):
        for seen in range(1, len(treatment.days)):
            yield treatments[:number], treatment, seen


def _span(by_day: np.ndarray, percent: int) -> tuple[float | None, float | None]:
    beside = 0.5 - percent / 200
    return quantile(by_day, beside), quantile(by_day, 1.0 - beside)


def _deciles(chances: Sequence[float], came: Sequence[bool]) -> Iterator[Decile]:
    order = np.argsort(chances, kind="stable")
    edges = np.linspace(0, len(order), min(DECILES, len(order)) + 1).astype(int)
    for low, high in pairwise(edges):
        own = order[low:high]
        yield Decile(
            len(own), float(np.mean(np.array(chances)[own])), float(np.mean(np.array(came)[own]))
        )


def _held(percent: int, spans: Sequence[tuple[dict[int, tuple[float | None, ...]], Seen]]) -> Held:
    verdicts = [_verdict(span[percent], seen) for span, seen in spans]
    return Held(percent, verdicts.count(True), verdicts.count(False), verdicts.count(None))


def _verdict(span: tuple[float | None, ...], seen: Seen) -> bool | None:
    """Whether relief ended within a span; None where that was not seen."""
    low, high = (float("inf") if one is None else one for one in span)
    lower, upper = seen
    if lower > high or (upper is not None and upper < low):
        return False
    if upper is not None and lower >= low and upper <= high:
        return True
    return None
