"""Bands of dose, within which outcomes are told together.

The steps are a default, not a guideline: around the 0.5 mg/kg over 40 minutes of the trials for
ketamine, whatever its route, and the three licensed doses for esketamine.
"""

from bisect import bisect

KETAMINE = (0.4, 0.6, 0.8, 1.2)
"""Where a new band of mg/kg begins, rising."""
ESKETAMINE = (56.0, 84.0)
"""Where a new band of mg begins, rising."""

UNKNOWN = "unknown"


def band_of(drug: str, dose_mg: float | None, mg_per_kg: float | None) -> str:
    """The band of a dose given; unknown without a dose, or for ketamine without a weight.

    >>> band_of("ketamine", 35.0, 0.5), band_of("ketamine", 100.0, 1.25)
    ('ketamine 0.4 to <0.6 mg/kg', 'ketamine from 1.2 mg/kg')
    >>> band_of("esketamine", 84.0, None), band_of("esketamine", 28.0, None)
    ('esketamine from 84 mg', 'esketamine <56 mg')
    >>> band_of("ketamine", 35.0, None)
    'unknown'
    """
    steps, dose, unit = (
        (ESKETAMINE, dose_mg, "mg") if drug == "esketamine" else (KETAMINE, mg_per_kg, "mg/kg")
    )
    if dose is None:
        return UNKNOWN
    place = bisect(steps, dose)
    if place == 0:
        return f"{drug} <{steps[0]:g} {unit}"
    if place == len(steps):
        return f"{drug} from {steps[-1]:g} {unit}"
    return f"{drug} {steps[place - 1]:g} to <{steps[place]:g} {unit}"
