"""The parameters of a clinic, from its own patients and around the shipped ones.

First layer A, for what is expected of an interval; then the joint model, whose evidence rests on
that; then the noise, and the joint model again. A clinic without patients gets the shipped
parameters back, one with many its own. Relief method, sections 5.2 and 5.3.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from app.science.forecast.beliefs import Beliefs, around, loosely
from app.science.forecast.history import History, Treatment
from app.science.forecast.likelihood import at, log_likelihood, place, watch
from app.science.forecast.lognormal import Floats, covariates
from app.science.forecast.lognormal_fit import Episodes, Prior
from app.science.forecast.lognormal_fit import fit as fit_durations
from app.science.forecast.noise import fit_noise
from app.science.forecast.parameters import Parameters

MOST_PATIENTS = 600
"""More are passed over evenly: the population has few parameters, and they gain nothing more."""

ROUNDS = 2
MOST_STEPS = 60
TOLERANCE = 2e-6
"""The search ends when a step gains less than this share of the log posterior."""

Patients = Sequence[Sequence[Treatment]]


@dataclass(frozen=True, slots=True)
class Diagnostics:
    """How a fit went."""

    patients: int
    """Patients with a check-in after an infusion."""
    patients_used: int
    intervals_used: int
    durations: int
    """Intervals that layer A was fitted on."""
    steps: int
    converged: bool
    log_posterior: float
    """At the top, up to constants: to be compared between fits of the same patients alone."""


@dataclass(frozen=True, slots=True)
class Fit:
    """Parameters, and how they were found."""

    parameters: Parameters
    diagnostics: Diagnostics


def fit(histories: Iterable[History], shipped: Parameters, provenance: str = "") -> Fit:
    """One clinic's parameters: the most probable, given its patients and the shipped ones.

    The order of the histories doesn't matter.
    """
    return _fit(histories, shipped, Prior.around(shipped.durations), around(shipped), provenance)


def fit_freely(histories: Iterable[History], start: Parameters, provenance: str = "") -> Fit:
    """The parameters of many clinics' patients at once; `start` is where the search begins."""
    return _fit(histories, start, Prior(), loosely(start), provenance)


def _fit(
    histories: Iterable[History],
    start: Parameters,
    prior: Prior,
    beliefs: Beliefs,
    provenance: str,
) -> Fit:
    known = sorted(histories, key=lambda history: history.patient)
    seen = _episodes(known)
    durations = fit_durations(seen, prior).model
    parameters = replace(start, durations=durations, provenance=provenance or start.provenance)
    watched = [[one for one in history.treatments if one.days] for history in known]
    patients = [treatments for treatments in watched if treatments]
    used = evenly(patients, MOST_PATIENTS)
    top = _Top(replace(parameters, patients=len(used)))
    for turn in range(ROUNDS if used else 0):
        if turn:
            top = replace(top, parameters=fit_noise(used, top.parameters))
        top = _climb(used, top, beliefs)
    diagnostics = Diagnostics(
        patients=len(patients),
        patients_used=len(used),
        intervals_used=sum(map(len, used)),
        durations=len(seen.lower),
        steps=top.steps,
        converged=top.converged,
        log_posterior=top.log_posterior,
    )
    return Fit(top.parameters, diagnostics)


@dataclass(frozen=True, slots=True)
class _Top:
    """The most probable parameters so far, and the way there."""

    parameters: Parameters
    steps: int = 0
    converged: bool = True
    log_posterior: float = 0.0


def evenly(patients: Patients, most: int) -> Patients:
    """At most so many, taken evenly.

    >>> evenly(["a", "b", "c", "d", "e"], 3)
    ['a', 'b', 'd']
    """
    if len(patients) <= most:
        return patients
    return [patients[number * len(patients) // most] for number in range(most)]


def _climb(patients: Patients, start: _Top, beliefs: Beliefs) -> _Top:
    """The most probable parameters, given the noise."""
    found = minimize(
        minus_log_posterior(patients, start.parameters, beliefs),
        place(start.parameters),
        jac=True,
        method="L-BFGS-B",
        bounds=beliefs.bounds,
        options={"maxiter": MOST_STEPS, "ftol": TOLERANCE},
    )
    return _Top(
        parameters=at(found.x, start.parameters),
        steps=start.steps + int(found.nit),
        converged=bool(found.success),
        log_posterior=-float(found.fun),
    )


def minus_log_posterior(
    patients: Patients, start: Parameters, beliefs: Beliefs
) -> Callable[[Floats], tuple[float, Floats]]:
    """What is to be made small, with its gradient, as a function of a point."""
    seen = watch(patients, start)

    def minus(point: Floats) -> tuple[float, Floats]:
        value, slope = log_likelihood(at(point, start), seen)
        off = (point - beliefs.centre) / beliefs.width
        return 0.5 * float(off @ off) - value, off / beliefs.width - slope

    return minus


def _episodes(known: Sequence[History]) -> Episodes:
    """What layer A is fitted on: how long relief was seen to last."""
    seen = [(history.patient, one) for history in known for one in history.treatments if one.seen]
    lasted = [one.seen for _, one in seen if one.seen]
    x = [covariates(one.index_in_course, one.dose_mg_per_kg) for _, one in seen]
    clinics = [one.clinic for _, one in seen if one.clinic is not None]
    return Episodes(
        lower=np.array([low for low, _ in lasted], float),
        upper=np.array([np.inf if high is None else high for _, high in lasted], float),
        x=np.array(x, float).reshape(len(seen), len(covariates(1))),
        patients=[patient for patient, _ in seen],
        clinics=clinics or None,
    )
