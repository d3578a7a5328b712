"""The survival curve of times that are known to lie in (left, right] only.

Turnbull BW. The empirical distribution function with arbitrarily grouped, censored and truncated
data. J R Stat Soc B 1976;38(3):290-295. Found by the constrained Newton method of Wang Y. On fast
computation of the non-parametric maximum likelihood estimate of a mixing distribution. J R Stat
Soc B 2007;69(2):185-198, whose quadratic subproblem is solved as non-negative least squares. Plain
EM would need over ten thousand steps for a clinic. Relief method, section 4.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from scipy.linalg import solve_triangular
from scipy.optimize import nnls

Floats = npt.NDArray[np.float64]
Numbers = npt.NDArray[np.int64]

MANY = 2_000
"""Above so many rows, times are rounded to `FINEST` days: nobody's relief is known better."""
FINEST = 0.1

OPTIMUM = 1e-9
"""How far the conditions of an optimum may be missed, as a share."""
STEPS = 200
NOTHING = 1e-13
"""A mass below this is none."""
ROUNDING = 1e-13
"""A log likelihood lower by this share is the same."""
RIDGE = 1e-11
"""Added to the squares, as a share: two places that the same rows hold can't be told apart."""
SHORTEST = 1e-9
"""No shorter part of a step is tried."""


@dataclass(frozen=True, slots=True)
class Mixture:
    """The probability of each innermost interval; where inside it, the data don't tell."""

    left: Floats
    """Excluded, unless left and right are one exact time."""
    right: Floats
    """Included; infinite for what was never seen to end."""
    mass: Floats
    log_likelihood: float
    gap: float
    """By how much the conditions of an optimum are missed, as a share."""
    longest: float
    """The largest left end: nothing is known of the curve after it but that it is lower."""

    def bounds(self, times: Floats) -> tuple[Floats, Floats]:
        """The least and the most that may be left at each time.

        They differ where a time lies inside an innermost interval.
        """
        return self._left(self._soonest(), times), self._left(self.right, times)

    def middle(self, times: Floats) -> Floats:
        """Half way between the bounds: for tables and bands, never for drawing.

        What was never seen to end counts as left.
        """
        soonest = np.where(np.isfinite(self.right), self._soonest(), np.inf)
        middle: Floats = (self._left(soonest, times) + self._left(self.right, times)) / 2
        return middle

    def _soonest(self) -> Floats:
        """The first instant inside each interval."""
        after: Floats = np.nextafter(self.left, np.inf)
        return np.where(self.left == self.right, self.left, after)

    def _left(self, gone_at: Floats, times: Floats) -> Floats:
        left = 1 - np.concatenate(([0.0], np.cumsum(self.mass)))
        found: Floats = left[np.searchsorted(gone_at, times, side="right")]
        return np.clip(found, 0.0, 1.0)

    def median(self) -> tuple[float, float] | None:
        """The interval in which half or fewer come to be left; None where that is not reached."""
        passed = np.flatnonzero(1 - np.cumsum(self.mass) <= 0.5 + 1e-9)
        if not len(passed) or not np.isfinite(self.right[passed[0]]):
            return None
        return float(self.left[passed[0]]), float(self.right[passed[0]])

    def restricted_mean(self, horizon: float) -> float | None:
        """The mean of the time, or of the horizon where that is sooner, mass at the middles.

        None where some was not watched to the horizon: it isn't known.
        """
        early = self.left < horizon
        if not np.isfinite(self.right[early & (self.mass > NOTHING)]).all():
            return None
        middle = np.where(early & np.isfinite(self.right), (self.left + self.right) / 2, horizon)
        return float(np.minimum(middle, horizon) @ self.mass)


@dataclass(frozen=True, slots=True)
class Rows:
    """Times known as (left, right], each pair once, and for each observation which pair it is."""

    left: Floats
    right: Floats
    of: Numbers

    @classmethod
    def collapsed(cls, left: Sequence[float], right: Sequence[float]) -> "Rows":
        """From one pair an observation; an exact time has equal ends, a lost sight an infinite."""
        pairs = np.column_stack((np.asarray(left, float), np.asarray(right, float)))
        if len(pairs) > MANY:
            pairs = np.round(pairs / FINEST) * FINEST
        unique, place = np.unique(pairs, axis=0, return_inverse=True)
        return cls(unique[:, 0], unique[:, 1], place.ravel())

    def weigh(self, counts: Floats | None = None) -> Floats:
        """How often each pair was seen, each observation counted once or `counts` times."""
        return np.bincount(self.of, counts, len(self.left)).astype(float)


def turnbull(rows: Rows, optimum: float = OPTIMUM) -> Mixture:
    """The mixture that makes what was seen most probable; at least one row."""
    weights = rows.weigh()
    problem = Problem.of(rows)
    mass, gap = problem.solve(weights, optimum)
    return Mixture(
        left=problem.inner_left,
        right=problem.inner_right,
        mass=mass,
        log_likelihood=_log_likelihood(weights, problem.chance(mass)),
        gap=gap,
        longest=float(rows.left.max()),
    )


@dataclass(frozen=True, slots=True)
class Problem:
    """Which innermost intervals lie in each row: always a run of them, from `first` to `last`."""

    inner_left: Floats
    inner_right: Floats
    first: Numbers
    last: Numbers
    """One past the run's end."""

    @classmethod
    def of(cls, rows: Rows) -> "Problem":
        """Ends at one value are ordered: an exact time, then a right end, then an open left end.

        So (a, b] and (b, c] don't meet, and an exact b lies in the first of them alone.
        """
        value, place = np.unique(np.concatenate((rows.left, rows.right)), return_inverse=True)
        at_left, at_right = np.split(place.ravel(), 2)
        opens = 3 * at_left + np.where(rows.left == rows.right, 0, 2)
        closes = 3 * at_right + 1
        ends = np.sort(np.unique(np.concatenate((opens, closes))))
        inner = np.flatnonzero((ends[:-1] % 3 != 1) & (ends[1:] % 3 == 1))
        starts, stops = ends[inner], ends[inner + 1]
        return cls(
            inner_left=value[starts // 3],
            inner_right=value[stops // 3],
            first=np.searchsorted(starts, opens, side="left"),
            last=np.searchsorted(stops, closes, side="right"),
        )

    def chance(self, mass: Floats) -> Floats:
        """The probability of each row."""
        below = np.concatenate(([0.0], np.cumsum(mass)))
        chance: Floats = below[self.last] - below[self.first]
        return chance

    def excess(self, weights: Floats, chance: Floats) -> Floats:
        """What moving all mass to an interval would gain, per row: nowhere above 0 at the top."""
        size = len(self.inner_left) + 1
        pull = weights / chance
        change = np.bincount(self.first, pull, size) - np.bincount(self.last, pull, size)
        gain: Floats = np.cumsum(change)[:-1] / weights.sum() - 1
        return gain

    def solve(
        self, weights: Floats, optimum: float, start: Floats | None = None
    ) -> tuple[Floats, float]:
        """The masses and the gap; a few Newton steps on a support that grows where it gains.

        A start must leave no row impossible.
        """
        mass = self._cover() if start is None else start
        chance = self.chance(mass)
        gain = self.excess(weights, chance)
        for _ in range(STEPS):
            if gain.max() <= optimum:
                break
            support = _grown(mass, gain, optimum)
            goal = np.zeros_like(mass)
            goal[support] = self._touching(support, weights, chance)
            part = _stride(weights, chance, self.chance(goal))
            if part is None:
                break
            mass = mass + part * (goal - mass)
            mass[mass < NOTHING] = 0.0
            mass /= mass.sum()
            chance = self.chance(mass)
            gain = self.excess(weights, chance)
        return mass, float(gain.max())

    def _cover(self) -> Floats:
        """Equal masses on few intervals so that each row has one."""
        mass = np.zeros(len(self.inner_left))
        taken = -1
        for place in np.argsort(self.last, kind="stable"):
            if self.first[place] > taken:
                taken = self.last[place] - 1
                mass[taken] = 1.0
        mass /= mass.sum()
        return mass

    def _touching(self, support: Numbers, weights: Floats, chance: Floats) -> Floats:
        """The top of the quadratic that touches the log likelihood, on the simplex.

        That is least |(S - 2) p| with p >= 0 that add up to 1, S the rows' probabilities relative
        to what they are. By Dax's theorem one may ask for the sum in one more row and scale after.
        """
        first = np.searchsorted(support, self.first)
        last = np.searchsorted(support, self.last)
        pull, total = weights / chance, float(weights.sum())
        both = _shared(first, last, pull / chance, len(support))
        one = _shared(first, last, pull, len(support)).diagonal()
        # (S - 2)'(S - 2), and the sum's row with as much weight as all others.
        products = both - 2.0 * (one[:, None] + one) + 5.0 * total
        products[np.diag_indices_from(products)] *= 1.0 + RIDGE
        factor = np.linalg.cholesky(products, upper=True)
        wanted = solve_triangular(factor, np.full(len(support), total), trans="T")
        found: Floats = nnls(factor, wanted, maxiter=50 * len(support))[0]
        found /= found.sum()
        return found


def _shared(first: Numbers, last: Numbers, weights: Floats, size: int) -> Floats:
    """The weight of the rows that hold both of two places of the support: (places, places)."""
    counts = np.bincount(first * (size + 1) + last, weights, (size + 1) ** 2)
    square = counts.reshape(size + 1, size + 1)
    begun = square.cumsum(axis=0, dtype=np.float64)[:, ::-1].cumsum(axis=1, dtype=np.float64)
    upper = np.triu(begun[:size, ::-1][:, 1:])
    shared: Floats = upper + np.triu(upper, 1).T
    return shared


def _log_likelihood(weights: Floats, chance: Floats) -> float:
    """Minus infinity where a row is impossible."""
    if (chance <= 0).any():
        return -np.inf
    return float(weights @ np.log(chance))


def _stride(weights: Floats, chance: Floats, goal: Floats) -> float | None:
    """As far to the goal as is better, halving; None where nothing is, for rounding."""
    before = _log_likelihood(weights, chance)
    least = before - ROUNDING * abs(before)
    part = 1.0
    while part > SHORTEST:
        if _log_likelihood(weights, chance + part * (goal - chance)) >= least:
            return part
        part /= 2
    return None


def _grown(mass: Floats, gain: Floats, least: float) -> Numbers:
    """Where there is mass, and between any two of these the interval that gains most, if enough."""
    held = np.flatnonzero(mass)
    peaks = [
        low + 1 + int(np.argmax(gain[low + 1 : high]))
        for low, high in pairwise((-1, *held.tolist(), len(mass)))
        if high - low > 1
    ]
    gaining = [place for place in peaks if gain[place] > least]
    return np.union1d(held, np.array(gaining, dtype=np.int64))
