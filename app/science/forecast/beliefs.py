"""What is held of the joint model's parameters before a clinic's patients are looked at.

Relief method, sections 5.2 and 5.3.
"""

from dataclasses import dataclass

import numpy as np

from app.science.forecast.likelihood import SCALARS, place
from app.science.forecast.lognormal import Floats
from app.science.forecast.parameters import Parameters

LOOSE = (
    (0.4, 0.25),
    (2.0, 1.0),
    (float(np.log(0.6)), 0.4),
    (float(np.log(0.42)), 0.35),
    (0.0, 0.3),
    (-3.0, 1.5),
    (-1.2, 0.7),
    (-2.5, 1.5),
    (-1.7, 1.0),
    (3.5, 1.0),
)
"""Mean and deviation of each parameter in front of the logits, knowing nothing."""

LOOSE_LOGIT = 1.5

TIGHT = (0.1, 0.3, 0.15, 0.15, 0.3, 0.5, 0.2, 0.5, 0.5, 0.3)
"""How far one clinic may lie from the shipped parameters: in its durations, and hardly else."""

TIGHT_LOGIT = 0.3

BOUNDS = (
    (-0.5, 2.0),
    (0.0, 5.0),
    (float(np.log(0.05)), float(np.log(2.0))),
    (float(np.log(0.1)), float(np.log(2.0))),
    (-1.5, 1.5),
    (-7.0, 4.0),
    (-5.0, 0.0),
    (-5.0, 1.0),
    (-7.0, 2.0),
    (0.0, 8.0),
)
LOGIT_BOUNDS = (-8.0, 8.0)


@dataclass(frozen=True, slots=True)
class Beliefs:
    """Normal, by mean and deviation, inside of bounds; in the order of `place`."""

    centre: Floats
    width: Floats
    bounds: tuple[tuple[float, float], ...]


def around(shipped: Parameters) -> Beliefs:
    """For the fit of one clinic."""
    centre = place(shipped)
    return _beliefs(centre, TIGHT, TIGHT_LOGIT)


def loosely(start: Parameters) -> Beliefs:
    """For a fit of many clinics, which leaves the shipped parameters where they are."""
    centre = np.zeros_like(place(start))
    centre[:SCALARS] = [mean for mean, _ in LOOSE]
    return _beliefs(centre, [width for _, width in LOOSE], LOOSE_LOGIT)


def _beliefs(centre: Floats, widths: tuple[float, ...] | list[float], logit: float) -> Beliefs:
    logits = len(centre) - SCALARS
    width = np.concatenate([widths, np.full(logits, logit)])
    return Beliefs(centre, width, (*BOUNDS, *(LOGIT_BOUNDS,) * logits))
