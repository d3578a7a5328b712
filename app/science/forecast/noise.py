"""How noisy scores are around their curves: the fluctuation that is felt, and the error that isn't.

Both are searched by their likelihood alone, between two rounds of the fit: improving them inside of
it, from residuals, drifts. Relief method, section 5.2.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize

from app.science.forecast.evidence import expected, misfit, weighed, whitener
from app.science.forecast.history import Treatment
from app.science.forecast.lognormal import Floats
from app.science.forecast.parameters import Parameters
from app.science.forecast.population import before, population

MOST_INTERVALS = 600
FEWEST_INTERVALS = 20
"""With fewer, the noise stays what it was."""

FEWEST_SCORES = 3
"""Fewer in one interval cannot tell noise from course."""

FLUCTUATION = (float(np.log(0.07)), 0.5)
ERROR_SCALE = (0.0, 0.3)
"""Mean and deviation of the logs of both, before anything is known."""

STRIDE = 0.2
MOST_TRIES = 50
"""The first steps of the search, on the scale of logs, and how many it may take."""


def fit_noise(patients: Sequence[Sequence[Treatment]], parameters: Parameters) -> Parameters:
    """The same parameters with the noise that makes the scores of some intervals most probable."""
    long = [one for each in patients for one in each if len(one.days) >= FEWEST_SCORES]
    used = long[:: -(-len(long) // MOST_INTERVALS) or 1]
    if len(used) < FEWEST_INTERVALS:
        return parameters
    anybody = np.exp(population(parameters).log_prior)
    known = [
        (misfit(one, parameters), before(anybody, expected(one, parameters), parameters))
        for one in used
    ]

    def minus(logs: Floats) -> float:
        noisy = _with(logs, parameters)
        total = 0.5 * ((logs[0] - FLUCTUATION[0]) / FLUCTUATION[1]) ** 2
        total += 0.5 * ((logs[1] - ERROR_SCALE[0]) / ERROR_SCALE[1]) ** 2
        rescaled = noisy.error_scale / parameters.error_scale
        for off, belief in known:
            seen = replace(off.seen, error=off.seen.error * rescaled)
            found = weighed(off, whitener(seen, noisy))
            chance = (belief.relief * np.exp(found.relief - found.top)).sum()
            chance += belief.levels @ np.exp(found.no_relief - found.top)
            total -= found.top + float(np.log(chance))
        return float(total)

    start = np.log([parameters.fluctuation, parameters.error_scale])
    simplex = start + STRIDE * np.array([[0.0, 0.0], [1.0, 0.0], [0.0, 1.0]])
    options = {"xatol": 0.01, "fatol": 0.1, "maxfev": MOST_TRIES, "initial_simplex": simplex}
    found = minimize(minus, start, method="Nelder-Mead", options=options)
    return _with(found.x, parameters)


def _with(logs: Floats, parameters: Parameters) -> Parameters:
    fluctuation, error_scale = np.exp(logs).tolist()
    return replace(parameters, fluctuation=fluctuation, error_scale=error_scale)
