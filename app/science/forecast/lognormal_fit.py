"""Fitting layer A: the population that makes what was seen of all patients most probable.

Weak priors keep it defined for a clinic without any patient. The gradient is Fisher's identity:
each node's gradient, weighed by how probable the node is for the patient. L-BFGS-B takes 7 to 30
steps. Relief method, section 5.1.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from app.science.forecast.lognormal import (
    COVARIATES,
    LOG_PRIOR,
    NODES,
    Floats,
    Lognormal,
    between,
    edges,
    log_days,
)

Numbers = npt.NDArray[np.int64]

FREE = [(None, None)]
LOG_TAU = (float(np.log(0.02)), float(np.log(3.0)))
LOG_SIGMA = (float(np.log(0.05)), float(np.log(3.0)))
"""Bounds of the search: an effect of nothing at all has no logarithm."""


@dataclass(frozen=True, slots=True)
class Prior:
    """What is held of the population before its patients: normal, by mean and deviation.

    An infinite deviation says nothing.
    """

    beta: tuple[tuple[float, float], ...] = (
        (float(np.log(18.0)), 0.7),
        *((0.0, 0.5) for _ in COVARIATES[1:]),
    )
    clinic_sd: float = 0.25
    log_tau: tuple[float, float] = (float(np.log(0.5)), 0.5)
    log_sigma: tuple[float, float] = (float(np.log(0.5)), 0.5)

    @classmethod
    def around(cls, shipped: Lognormal) -> "Prior":
        """For one clinic's fit: its mean may move, its spread a little, the rest hardly.

        Relief method, section 5.3.
        """
        shift, *rest = shipped.beta
        return cls(
            beta=((shift, 0.3), *((value, 0.05) for value in rest)),
            log_tau=(float(np.log(shipped.tau)), 0.15),
            log_sigma=(float(np.log(shipped.sigma)), 0.15),
        )

    @classmethod
    def flat(cls, covariates: int) -> "Prior":
        """Nothing is held: the fit is the maximum of the likelihood."""
        start = Prior()
        free = tuple((mean, np.inf) for mean, _ in start.beta[:covariates])
        return replace(
            start,
            beta=free,
            clinic_sd=np.inf,
            log_tau=(start.log_tau[0], np.inf),
            log_sigma=(start.log_sigma[0], np.inf),
        )


@dataclass(frozen=True, slots=True)
class Episodes:
    """What was seen of many patients' intervals; one place in each is one interval."""

    lower: Floats
    upper: Floats
    """Days; infinite where relief was not seen to end."""
    x: Floats
    """Covariates: (intervals, covariates)."""
    patients: Sequence[str]
    clinics: Sequence[str] | None = None
    """Whose patients they are, where clinics may differ."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A population and how it was found."""

    model: Lognormal
    objective: float
    """The log posterior at its top, up to the constants of the priors."""
    steps: int
    converged: bool
    intervals: int
    patients: int


def fit(seen: Episodes, prior: Prior | None = None) -> Fit:
    """The most probable population. The order of the intervals doesn't matter.

    Without any interval it is the prior's mean.
    """
    prior = prior or Prior()
    data = _Data.of(seen)
    centre, width = _beliefs(prior, len(data.clinics))

    def minus(at: Floats) -> tuple[float, Floats]:
        value, slope = data.slope(at)
        off = (at - centre) / width
        return -(value - 0.5 * float(off @ off)), -(slope - off / width)

    found = minimize(
        minus,
        centre,
        jac=True,
        method="L-BFGS-B",
        bounds=[*FREE * (len(centre) - 2), LOG_TAU, LOG_SIGMA],
        options={"maxiter": 200, "ftol": 1e-10, "gtol": 1e-5},
    )
    return Fit(
        model=data.model(found.x),
        objective=-float(found.fun),
        steps=int(found.nit),
        converged=bool(found.success),
        intervals=len(data.patient),
        patients=len(data.starts),
    )


def _beliefs(prior: Prior, clinics: int) -> tuple[Floats, Floats]:
    """Means and deviations of all parameters in the order of the search."""
    each = [*prior.beta, *((0.0, prior.clinic_sd),) * clinics, prior.log_tau, prior.log_sigma]
    means, deviations = zip(*each, strict=True)
    return np.array(means), np.array(deviations)


@dataclass(frozen=True, slots=True)
class _Data:
    """The intervals sorted by patient, so that sums over a patient are sums over a stretch."""

    log_lower: Floats
    log_upper: Floats
    x: Floats
    patient: Numbers
    starts: Numbers
    clinic: Numbers
    clinics: tuple[str, ...]

    @classmethod
    def of(cls, seen: Episodes) -> "_Data":
        names, patient = np.unique(np.asarray(seen.patients, str), return_inverse=True)
        clinics = seen.clinics or ()
        clinic_names, clinic = np.unique(np.asarray(clinics, str), return_inverse=True)
        # Sorted by all that is known of an interval: sums then have the same bits in any order.
        order = np.lexsort((*seen.x.T, seen.upper, seen.lower, patient))
        return cls(
            log_lower=log_days(seen.lower[order]),
            log_upper=log_days(seen.upper[order]),
            x=seen.x[order],
            patient=patient[order],
            starts=np.searchsorted(patient[order], np.arange(len(names))),
            clinic=clinic[order] if len(clinics) else clinic,
            clinics=tuple(str(name) for name in clinic_names),
        )

    def model(self, at: Floats) -> Lognormal:
        covariates = self.x.shape[1]
        shifts = zip(self.clinics, at[covariates:-2].tolist(), strict=True)
        return Lognormal(
            beta=tuple(at[:covariates].tolist()),
            tau=float(np.exp(at[-2])),
            sigma=float(np.exp(at[-1])),
            delta=dict(shifts),
        )

    def slope(self, at: Floats) -> tuple[float, Floats]:
        """The log likelihood and its gradient."""
        slope = np.zeros_like(at)
        if not len(self.patient):
            return 0.0, slope
        covariates, (tau, sigma) = self.x.shape[1], np.exp(at[-2:])
        eta = self.x @ at[:covariates]
        if self.clinics:
            eta = eta + at[covariates:-2][self.clinic]
        centre = eta[:, None] + tau * NODES
        low, high = (edges(t, centre, sigma) for t in (self.log_lower, self.log_upper))
        chance = between(low, high)
        total, weights = self._weigh(chance)
        at_low, at_high = _density(low), _density(high)
        weights /= chance
        by_eta = weights * (at_low - at_high) / sigma
        by_interval = by_eta.sum(axis=1)
        slope[:covariates] = self.x.T @ by_interval
        if self.clinics:
            slope[covariates:-2] = np.bincount(self.clinic, by_interval, len(self.clinics))
        slope[-2] = tau * float((by_eta @ NODES).sum())
        slope[-1] = float((weights * (at_low * low - at_high * high)).sum())
        return total, slope

    def _weigh(self, chance: Floats) -> tuple[float, Floats]:
        """The log likelihood, and for each interval how probable each node is for its patient."""
        logs = np.add.reduceat(np.log(chance), self.starts, axis=0) + LOG_PRIOR
        totals = np.logaddexp.reduce(logs, axis=1)
        return float(totals.sum()), np.exp(logs - totals[:, None])[self.patient]


def _density(deviations: Floats) -> Floats:
    density: Floats = np.exp(-0.5 * deviations * deviations) / np.sqrt(2 * np.pi)
    return density
