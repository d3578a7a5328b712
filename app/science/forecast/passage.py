"""From the crossing of a smooth curve to the day on which relief is first felt to be gone.

What a patient feels is a curve and a fluctuation around it, so relief is lost earlier than the
curve alone says. Curves are drawn evenly from what is held of the interval, fluctuations from
fixed normals given the scores, and the first day above the limit is looked for. Nothing here is
random: the draws are the same each time. Relief method, section 5.2.
"""

from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
from scipy.special import ndtr, ndtri

from app.science.forecast.curves import GRID, STEP, Library, Singles, paired
from app.science.forecast.evidence import Readings, covariance, whitener
from app.science.forecast.lognormal import Floats
from app.science.forecast.parameters import Parameters
from app.science.forecast.population import Belief

CURVES = 512
"""Curves that are drawn."""

EACH = 4
"""Fluctuations for each of them; an even number."""

DAYS = np.concatenate(
    [np.arange(0.5, 40), np.arange(40, 84, 2), np.arange(84, 201, 6)], dtype=float
)
"""Days on which a course is looked at: every one, later every second, later every sixth."""

ONSET = 7
"""Relief that has not begun by so many of these days was none."""

GOLDEN = (5**0.5 - 1) / 2
"""Multiples of it fill a cell of the grid evenly."""

SEED = 20240507
"""Of sixty, the seed whose draws came nearest to 130,000 others on the worked examples."""

JITTER = 1e-8
"""Added to a variance, so that rounding doesn't make it negative."""

CERTAIN = 1e-12
"""No probability is held to be nearer to 0 or 1 when its spread is corrected."""


@dataclass(frozen=True, slots=True)
class Interval:
    """One interval as it is forecast: what is expected of it, and what was seen so far."""

    eta: float
    limit: float
    """As a share of the baseline."""
    seen: Readings
    one_error: float
    """Standard error of measurement of one score, as a share of the baseline."""
    parameters: Parameters


@dataclass(frozen=True, slots=True)
class Losses:
    """When relief is lost."""

    no_relief: float
    """The probability that there was none."""
    days: Floats
    """Otherwise, as equally likely days in order; infinity is later than `DAYS`."""
    spread: float

    def lost_by(self, days: Floats) -> Floats:
        """The probability that relief is lost by each of some days since the infusion."""
        share = np.searchsorted(self.days, days, side="right") / len(self.days)
        return sharpened(self.no_relief + (1.0 - self.no_relief) * share, self.spread)


def sharpened(chance: Floats, spread: float) -> Floats:
    """The corrected probability. One half, none and certainty stay what they are.

    >>> sharpened(np.array([0.0, 0.2, 0.5, 1.0]), 1.1).round(3)
    array([0.   , 0.177, 0.5  , 1.   ])
    """
    inside = np.clip(chance, CERTAIN, 1.0 - CERTAIN)
    moved = ndtr(spread * ndtri(inside))
    found: Floats = np.where((chance <= 0.0) | (chance >= 1.0), chance, moved)
    return found


@cache
def _normals() -> Singles:
    """Fixed normals: (half of the courses, days). The other half are their negatives."""
    source = np.random.Generator(np.random.PCG64(SEED))
    return source.standard_normal((CURVES * EACH // 2, len(DAYS))).astype(np.float32)


EVEN = (np.arange(CURVES) + 0.5) / CURVES
SPREAD_OUT = (np.arange(CURVES) * GOLDEN) % 1.0
"""Where each draw lies in what is held of T, and then of the curves that have it."""

EDGES = np.append(GRID - STEP / 2, GRID[-1] + STEP / 2)
"""Between the points of the grid."""


def losses(belief: Belief, interval: Interval) -> Losses:
    """The days on which relief is first lost, drawn from what is held of an interval."""
    depths, shapes, log_t = _drawn(belief, interval)
    severity = _severity(interval, depths, shapes, log_t)
    days = np.sort(first_above(severity, interval.limit))
    return Losses(belief.no_relief, days, interval.parameters.spread)


def _drawn(belief: Belief, interval: Interval) -> tuple[Floats, Floats, Floats]:
    """Depths, shapes and log T of curves drawn evenly from a belief.

    T is drawn first, and by its own distribution alone: when what is held of it moves to sooner
    days, then so does each draw.
    """
    library: Library = interval.parameters.library
    reached = np.cumsum(belief.relief.sum(axis=(0, 1)))
    log_t = np.interp(EVEN * reached[-1], np.append(0.0, reached), EDGES)
    place = np.minimum(((log_t - EDGES[0]) / STEP).astype(int), len(GRID) - 1)
    curves = np.cumsum(belief.relief.reshape(-1, len(GRID)), axis=0)[:, place]
    curve = (curves <= curves[-1] * SPREAD_OUT).sum(axis=0)
    depth, shape = np.divmod(np.minimum(curve, len(curves) - 1), len(library.shapes))
    depths, shapes = np.array(library.depths)[depth], np.array(library.shapes)[shape]
    return depths, shapes, interval.eta + log_t


def _severity(interval: Interval, depths: Floats, shapes: Floats, log_t: Floats) -> Singles:
    """Curve and fluctuation, given the scores: (courses, days)."""
    seen, parameters = interval.seen, interval.parameters
    if not len(seen):
        curves = paired(depths, shapes, log_t, DAYS, interval.limit)
        return _with(curves, _fluctuations(parameters))
    both = np.concatenate([DAYS, seen.days])
    curves, then = np.split(paired(depths, shapes, log_t, both, interval.limit), [len(DAYS)], 1)
    white = whitener(seen, parameters)
    shared = covariance(DAYS, seen.days, parameters) @ white.T
    shares = seen.shares.astype(np.float32)
    curves += (shares - then) @ (shared @ white).T.astype(np.float32)
    left = covariance(DAYS, DAYS, parameters) - shared @ shared.T
    return _with(curves, _paths(left))


def _with(curves: Singles, paths: Singles) -> Singles:
    """Each curve with several fluctuations."""
    courses: Singles = paths.reshape(EACH, CURVES, len(DAYS)) + curves
    return courses.reshape(-1, len(DAYS))


@lru_cache(maxsize=16)
def _fluctuations(parameters: Parameters) -> Singles:
    return _paths(covariance(DAYS, DAYS, parameters))


def _paths(variance: Floats) -> Singles:
    """Fluctuations with this covariance: (courses, days)."""
    variance[np.diag_indices_from(variance)] += JITTER
    half = _normals() @ np.linalg.cholesky(variance).astype(np.float32).T
    return np.concatenate([half, -half])


def first_above(severity: Singles, limit: float) -> Floats:
    """The day on which each course (courses, days) first goes above the limit after relief.

    0 where relief never began, infinity where it was not lost by the last day.

    >>> courses = np.array([[0.4] * 6 + [0.6] * 76, [0.6] * 82, [0.4] * 82], np.float32)
    >>> first_above(courses, 0.5).round(3)
    array([ 6.,  0., inf])
    """
    above = severity >= np.float32(limit)
    began = np.argmin(above[:, :ONSET], axis=1)
    courses = np.arange(len(above))
    has_relief = ~above[courses, began]
    # Days before relief began don't count as its loss.
    above[:, : ONSET - 1] &= np.arange(ONSET - 1) >= began[:, None]
    ended = np.argmax(above, axis=1)
    is_lost = above[courses, ended]
    before = np.maximum(ended - 1, 0)
    low, high = severity[courses, before], severity[courses, ended]
    share = np.clip((limit - low) / np.maximum(high - low, 1e-9), 0.0, 1.0)
    crossed = DAYS[before] + (DAYS[ended] - DAYS[before]) * share
    found: Floats = np.where(has_relief, np.where(is_lost, crossed, np.inf), 0.0)
    return found


def chance_above(belief: Belief, interval: Interval, days: Floats) -> Floats:
    """The probability that a score taken on each of some days would be above the limit.

    This is what can be compared with what was then scored: it holds the error of one score.
    """
    parameters, seen, limit = interval.parameters, interval.seen, interval.limit
    library = parameters.library
    curves = library.curves(days, interval.eta, limit).reshape(len(days), -1)
    levels = np.repeat(library.flat(limit)[None], len(days), axis=0)
    variance = np.full(len(days), parameters.fluctuation**2)
    if len(seen):
        white = whitener(seen, parameters)
        shared = covariance(days, seen.days, parameters) @ white.T
        then = library.curves(seen.days, interval.eta, limit).reshape(len(seen), -1)
        curves = curves + (shared @ white) @ (seen.shares[:, None] - then)
        levels = levels + (shared @ white) @ (seen.shares[:, None] - library.flat(limit))
        variance = variance - np.einsum("ij,ij->i", shared, shared)
    width = np.sqrt(np.maximum(variance, JITTER) + interval.one_error**2)[:, None]
    with_relief = ndtr((curves - limit) / width) @ belief.relief.ravel()
    found: Floats = with_relief + ndtr((levels - limit) / width) @ belief.levels
    return found
