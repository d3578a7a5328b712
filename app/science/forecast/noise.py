"""How noisy scores are around their curves: the fluctuation that is felt, and the error that isn't.

Both are searched by their likelihood alone, between two rounds of the fit: improving them inside of
it, from residuals, drifts. Relief method, section 5.2.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.optimize import minimize

from app.science.forecast.evidence import evidence, expected
from app.science.forecast.history import Treatment
from app.science.forecast.lognormal import Floats
from app.science.forecast.parameters import Parameters
from app.science.forecast.population import LOG_PRIOR, before

MOST_INTERVALS = 250
FEWEST_INTERVALS = 20
"""With fewer, the noise stays what it was."""

FEWEST_SCORES = 3
"""Fewer in one interval cannot tell noise from course."""

FLUCTUATION = (float(np.log(0.07)), 0.5)
ERROR_SCALE = (0.0, 0.3)
"""Mean and deviation of the logs of both, before anything is known."""


def fit_noise(patients: Sequence[Sequence[Treatment]], parameters: Parameters) -> Parameters:
    """The same parameters with the noise that makes the scores of some intervals most probable."""
    long = [one for each in patients for one in each if len(one.days) >= FEWEST_SCORES]
    used = long[:: max(1, len(long) // MOST_INTERVALS)]
    if len(used) < FEWEST_INTERVALS:
        return parameters
    anybody = np.exp(LOG_PRIOR)
    held = [before(anybody, expected(one, parameters), parameters) for one in used]

    def minus(logs: Floats) -> float:
        noisy = _with(logs, parameters)
        total = 0.5 * ((logs[0] - FLUCTUATION[0]) / FLUCTUATION[1]) ** 2
        total += 0.5 * ((logs[1] - ERROR_SCALE[0]) / ERROR_SCALE[1]) ** 2
        for treatment, belief in zip(used, held, strict=True):
            found = evidence(treatment, noisy)
            top = max(float(found.relief.max()), found.no_relief)
            chance = float((belief.relief * np.exp(found.relief - top)).sum())
            chance += belief.no_relief * float(np.exp(found.no_relief - top))
            total -= top + float(np.log(chance))
        return float(total)

    start = np.log([parameters.fluctuation, parameters.error_scale])
    options = {"xatol": 0.02, "fatol": 0.3, "maxfev": 40}
    found = minimize(minus, start, method="Nelder-Mead", options=options)
    return _with(found.x, parameters)


def _with(logs: Floats, parameters: Parameters) -> Parameters:
    fluctuation, error_scale = np.exp(logs).tolist()
    return replace(parameters, fluctuation=fluctuation, error_scale=error_scale)
