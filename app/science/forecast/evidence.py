"""What the scores of one interval say of the day of loss.

Every curve of the library with every day of loss gets the probability of the scores that were
seen. Scores need no cut into good and bad, and what was not seen needs no name: few or noisy
scores leave many curves about as probable. Relief method, section 5.2.
"""

from dataclasses import dataclass

import numpy as np
from scipy.linalg.lapack import dtrtri

from app.science.forecast.curves import LIMITS
from app.science.forecast.history import Treatment
from app.science.forecast.lognormal import Floats, covariates
from app.science.forecast.parameters import Parameters
from app.science.relief import SCALES

MOST_READINGS = 16
"""More are averaged in bins, so that a rating a day costs no more than a weekly questionnaire."""

BIN_DAYS = 2.0
WIDER = 1.5


@dataclass(frozen=True, slots=True)
class Readings:
    """Check-ins as the model sees them: severity as a share of the baseline."""

    days: Floats
    shares: Floats
    error: Floats
    """Standard error of measurement of each, as a share of the baseline."""

    def __len__(self) -> int:
        return len(self.days)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Log probabilities of the scores of one interval."""

    relief: Floats
    """Given each curve: (depths, shapes, grid of log T)."""
    no_relief: Floats
    """Given each level without relief."""

    @property
    def top(self) -> float:
        """The largest of all."""
        return max(float(self.relief.max()), float(self.no_relief.max()))


def expected(treatment: Treatment, parameters: Parameters) -> float:
    """The log of the days of relief that such a treatment brings, before anything is known."""
    known = covariates(treatment.index_in_course, treatment.dose_mg_per_kg)
    return parameters.durations.eta(known, treatment.clinic)


def limit_of(treatment: Treatment) -> float:
    """Where relief is lost, as a share of the baseline, kept where the library has room."""
    low, high = LIMITS
    return min(max(treatment.limit / treatment.baseline, low), high)


def one_error(treatment: Treatment, parameters: Parameters) -> float:
    """Standard error of measurement of one score, as a share of the baseline."""
    return parameters.error_scale * SCALES[treatment.instrument].sem / treatment.baseline


def readings(treatment: Treatment, parameters: Parameters) -> Readings:
    """The check-ins of a treatment; many of them as averages of two days or more."""
    days = np.array(treatment.days, float)
    shares = np.array(treatment.severities, float) / treatment.baseline
    error = one_error(treatment, parameters)
    if len(days) <= MOST_READINGS:
        return Readings(days, shares, np.full(len(days), error))
    width = BIN_DAYS
    while len(np.unique(bins := np.floor(days / width).astype(int))) > MOST_READINGS:
        width *= WIDER
    _, place, counts = np.unique(bins, return_inverse=True, return_counts=True)
    averaged = np.bincount(place, days) / counts
    return Readings(averaged, np.bincount(place, shares) / counts, error / np.sqrt(counts))


def covariance(one: Floats, other: Floats, parameters: Parameters) -> Floats:
    """Of the fluctuation on some days with that on others: Matérn with one derivative."""
    apart = np.abs(one[:, None] - other) * (np.sqrt(3.0) / parameters.memory_days)
    found: Floats = parameters.fluctuation**2 * (1.0 + apart) * np.exp(-apart)
    return found


def whitener(seen: Readings, parameters: Parameters) -> Floats:
    """Makes residuals independent with variance one: the inverse of the Cholesky factor."""
    total = covariance(seen.days, seen.days, parameters)
    total[np.diag_indices_from(total)] += seen.error**2
    inverse, _ = dtrtri(np.linalg.cholesky(total), lower=1)
    white: Floats = inverse
    return white


@dataclass(frozen=True, slots=True)
class Misfit:
    """How far the scores of one interval lie from each curve, whatever the noise."""

    seen: Readings
    relief: Floats
    """(check-ins, depths, shapes, grid of log T)."""
    no_relief: Floats
    """(check-ins, levels)."""


def misfit(treatment: Treatment, parameters: Parameters) -> Misfit:
    """Of one interval. It must have a check-in."""
    seen, limit = readings(treatment, parameters), limit_of(treatment)
    curves = parameters.library.curves(seen.days, expected(treatment, parameters), limit)
    np.subtract(seen.shares[:, None, None, None], curves, out=curves)
    return Misfit(seen, curves, seen.shares[:, None] - parameters.library.flat(limit))


def weighed(off: Misfit, white: Floats) -> Evidence:
    """What a misfit says, given how noise is made independent."""
    scale = float(np.log(np.diagonal(white)).sum())
    relief = white @ off.relief.reshape(len(white), -1)
    levels = white @ off.no_relief
    return Evidence(
        relief=(scale - 0.5 * np.einsum("ij,ij->j", relief, relief)).reshape(off.relief.shape[1:]),
        no_relief=scale - 0.5 * np.einsum("ij,ij->j", levels, levels),
    )


def evidence(treatment: Treatment, parameters: Parameters) -> Evidence:
    """Of one interval. It must have a check-in."""
    off = misfit(treatment, parameters)
    return weighed(off, whitener(off.seen, parameters))
