"""The survival curve of Kaplan and Meier, with Greenwood's variance and log(-log) limits.

Kaplan EL, Meier P. Nonparametric estimation from incomplete observations. J Am Stat Assoc
1958;53(282):457-481.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.science.survival.proportions import LEVEL, z_of

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """A step function: from each time on, the share that is left, up to the next time."""

    time: Floats
    """Of every event, rising."""
    survival: Floats
    variance: Floats
    """Greenwood's sum, the variance of log S; infinite where nobody is left."""
    at_risk: npt.NDArray[np.int64]
    """Just before each time."""
    events: npt.NDArray[np.int64]
    last: float
    """The longest anyone was watched; the curve says nothing after it."""

    def at(self, times: Floats) -> Floats:
        """The share left at each time, whatever happens at that time counted."""
        steps = np.concatenate(([1.0], self.survival))
        found: Floats = steps[np.searchsorted(self.time, times, side="right")]
        return found

    def limits(self, level: float = LEVEL) -> tuple[Floats, Floats]:
        """Pointwise limits on the log(-log) scale; 1 where all are left, 0 where nobody is."""
        inside = (self.survival > 0) & (self.survival < 1)
        share = np.where(inside, self.survival, 0.5)
        error = np.sqrt(np.where(inside, self.variance, 0.0)) / np.abs(np.log(share))
        lower, upper = log_log_limits(share, z_of(level) * error)
        return np.where(inside, lower, self.survival), np.where(inside, upper, self.survival)

    def median(self) -> float | None:
        """The first time at which half or fewer are left; None where that is not reached."""
        reached = np.flatnonzero(self.survival <= 0.5 + 1e-12)
        return float(self.time[reached[0]]) if len(reached) else None

    def restricted_mean(self, horizon: float) -> float | None:
        """The mean of the time, or of the horizon where that is sooner.

        None where nobody was watched to the horizon and some are left: it isn't known.
        """
        if horizon > self.last and (not len(self.survival) or self.survival[-1] > 0):
            return None
        return area(self.time, self.survival, horizon)


def kaplan_meier(
    time: Sequence[float], event: Sequence[bool], entry: Sequence[float] | None = None
) -> Curve:
    """The curve of times that ended in an event (True) or were only watched so long (False).

    At least one. Where an event and the end of watching fall together, the event comes first. One
    who was watched from `entry` on only is at risk after it, up to and with her time.
    """
    seen, ended = np.asarray(time, float), np.asarray(event, bool)
    times, deaths = np.unique(seen[ended], return_counts=True)
    at_risk = len(seen) - np.searchsorted(np.sort(seen), times, side="left")
    if entry is not None:
        late = np.sort(np.asarray(entry, float))
        at_risk -= len(late) - np.searchsorted(late, times, side="left")
    survival: Floats = np.cumprod(1 - deaths / at_risk, dtype=np.float64)
    with np.errstate(divide="ignore"):
        variance = np.cumsum(deaths / (at_risk * (at_risk - deaths)))
    return Curve(times, survival, variance, at_risk, deaths, float(seen.max()))


def number_at_risk(ends: Sequence[float], times: Sequence[float]) -> list[int]:
    """How many were still watched, and still well, just before each of `times`.

    >>> number_at_risk([3, 5, 5, 9], [0, 5, 6])
    [4, 3, 1]
    """
    ordered = np.sort(np.asarray(ends, float))
    places = np.searchsorted(ordered, np.asarray(times, float), side="left")
    return [int(left) for left in len(ordered) - places]


def log_log_limits(share: Floats, width: Floats) -> tuple[Floats, Floats]:
    """S^exp(+-width): limits that stay between 0 and 1. `share` lies strictly between them."""
    lower: Floats = share ** np.exp(width)
    upper: Floats = share ** np.exp(-width)
    return lower, upper


def area(time: Floats, survival: Floats, horizon: float) -> float:
    """Under a step curve from 0 to the horizon.

    >>> area(np.array([2.0, 4.0]), np.array([0.5, 0.0]), 10)
    3.0
    """
    inside = time < horizon
    corners = np.concatenate(([0.0], time[inside], [horizon]))
    heights = np.concatenate(([1.0], survival[inside]))
    return float(np.diff(corners) @ heights)
