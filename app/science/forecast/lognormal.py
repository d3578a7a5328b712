"""Layer A of the forecast: durations of relief as a log-normal with an effect of the patient.

    log T = eta + b + sigma e,    b ~ N(0, tau^2) of the patient,    e ~ N(0, 1) of the interval

where eta is what is known of the interval beforehand. What was seen of T is an interval (L, R] in
days: R infinite where relief was not seen to end, L zero where it was gone at the first look. The
integral over b is the trapezoid rule on 81 fixed nodes, which converges geometrically here and
gives the same bits each time. Relief method, section 5.1.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr

Floats = npt.NDArray[np.float64]

NODES = np.linspace(-6.0, 6.0, 81)
"""Where the patient's effect is weighed, in units of tau."""

LOG_PRIOR = -0.5 * NODES**2 - 0.5 * np.log(2 * np.pi) + np.log(NODES[1] - NODES[0])
"""The log of each node's weight before anything is known of the patient."""

LEAST = 1e-290
"""No probability is held to be smaller, so that its logarithm is a number."""

FAR = 40.0
"""Standard deviations past which a normal density is nothing, in double precision."""

REFERENCE_MG_PER_KG = 0.5
"""The dose that the covariate of dose is relative to: the usual intravenous one."""

COVARIATES = ("intercept", "first", "second", "third", "fourth", "log_dose")
"""What `covariates` gives, in its order."""

LONGEST_DAYS = 1e5
"""No quantile is looked for beyond."""


def covariates(number_in_course: int, mg_per_kg: float | None = None) -> tuple[float, ...]:
    """What is known of an interval beforehand, in the order of `COVARIATES`.

    The first four infusions of a course have a mean of their own, all later ones the intercept's.
    An unknown dose counts as the usual one.

    >>> covariates(2, 0.5)
    (1.0, 0.0, 1.0, 0.0, 0.0, 0.0)
    >>> covariates(9)
    (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    """
    early = tuple(float(number_in_course == place) for place in (1, 2, 3, 4))
    dose = float(np.log(mg_per_kg / REFERENCE_MG_PER_KG)) if mg_per_kg else 0.0
    return (1.0, *early, dose)


@dataclass(frozen=True, slots=True)
class Lognormal:
    """A population: what a covariate does to log T, and how patients and intervals differ."""

    beta: tuple[float, ...]
    """On the scale of log days, in the order of `COVARIATES`."""
    tau: float
    """Standard deviation between patients."""
    sigma: float
    """Standard deviation between the intervals of one patient."""
    delta: Mapping[str, float] = field(default_factory=dict)
    """How far each clinic lies from the rest; a clinic that isn't named lies at zero."""

    def eta(self, x: Sequence[float], clinic: str | None = None) -> float:
        """The expected log days of an interval with these covariates, for an average patient."""
        shift = 0.0 if clinic is None else self.delta.get(clinic, 0.0)
        return float(np.dot(self.beta, x)) + shift


@dataclass(frozen=True, slots=True)
class Past:
    """What was seen of one patient's intervals: (lower, upper] in days, and their eta."""

    lower: Floats
    upper: Floats
    eta: Floats

    @classmethod
    def of(cls, seen: Sequence[tuple[float, float | None]], eta: Sequence[float]) -> "Past":
        """From pairs in which None stands for relief that was not seen to end."""
        upper = [np.inf if high is None else high for _, high in seen]
        lower = [low for low, _ in seen]
        return cls(np.array(lower, float), np.array(upper, float), np.array(eta, float))


def log_days(days: Floats) -> Floats:
    """The natural logarithm, in which no time at all is minus infinity.

    >>> log_days(np.array([0.0, 1.0]))
    array([-inf,   0.])
    """
    with np.errstate(divide="ignore"):
        return np.log(days)


def edges(log_t: Floats, centre: Floats, sigma: float) -> Floats:
    """How many standard deviations each time lies from each node: (intervals, nodes)."""
    return np.clip((log_t[:, None] - centre) / sigma, -FAR, FAR)


def between(low: Floats, high: Floats) -> Floats:
    """Normal probability of (low, high], exact in both tails and never zero."""
    upper_tail = low > 0
    left, right = np.where(upper_tail, -high, low), np.where(upper_tail, -low, high)
    chance: Floats = np.maximum(ndtr(right) - ndtr(left), LEAST)
    return chance


def log_evidence(model: Lognormal, past: Past) -> Floats:
    """The log probability of all that was seen of a patient, given each node of b."""
    centre = past.eta[:, None] + model.tau * NODES
    low = edges(log_days(past.lower), centre, model.sigma)
    high = edges(log_days(past.upper), centre, model.sigma)
    total: Floats = np.log(between(low, high)).sum(axis=0)
    return total


def log_likelihood(model: Lognormal, past: Past) -> float:
    """The log probability of all that was seen of a patient, whatever b is."""
    return float(np.logaddexp.reduce(log_evidence(model, past) + LOG_PRIOR))


def posterior(model: Lognormal, past: Past) -> Floats:
    """The weight of each node of b after what was seen; they add up to 1."""
    logs = log_evidence(model, past) + LOG_PRIOR
    weights: Floats = np.exp(logs - logs.max())
    weights /= weights.sum()
    return weights


def effect(model: Lognormal, past: Past) -> tuple[float, float]:
    """Mean and standard deviation of the patient's effect b, on the scale of log days."""
    weights = posterior(model, past)
    mean = float(weights @ NODES) * model.tau
    spread = float(weights @ (model.tau * NODES - mean) ** 2)
    return mean, spread**0.5


def lost_by(
    model: Lognormal, past: Past, eta: float, days: Floats, held_days: float = 0.0
) -> Floats:
    """The probability that relief is gone by each of `days` after an infusion.

    It is known to have held until `held_days`; before that day the answer is 0. It is *not*
    conditioned on the first good score of the past intervals: with noisy scores a good one
    doesn't prove that relief lasted longer, and doing so made forecasts worse.
    """
    weights = posterior(model, past)
    known = _still_held(model, weights, eta, np.array([held_days]))
    left = _still_held(model, weights, eta, np.asarray(days, float)) / known
    lost: Floats = np.clip(1.0 - left, 0.0, 1.0)
    return lost


def quantile(
    model: Lognormal, past: Past, eta: float, share: float, held_days: float = 0.0
) -> float:
    """The day by which relief is gone with probability `share`, strictly between 0 and 1."""

    def excess(log_t: float) -> float:
        days = np.array([np.exp(log_t)])
        return float(lost_by(model, past, eta, days, held_days)[0]) - share

    start = np.log(max(held_days, 1e-6))
    return float(np.exp(brentq(excess, start, np.log(LONGEST_DAYS), xtol=1e-10)))


def _still_held(model: Lognormal, weights: Floats, eta: float, days: Floats) -> Floats:
    above = -edges(log_days(days), eta + model.tau * NODES[None, :], model.sigma)
    held: Floats = np.maximum(ndtr(above) @ weights, LEAST)
    return held
