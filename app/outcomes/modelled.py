"""What the joint model holds of past episodes, given all scores before, in and after them.

An episode takes a few milliseconds, so a clinic's curve rests on a sample of patients. It is always
the same sample, and the curve says how many it rests on.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from app.science.forecast.history import history_of
from app.science.forecast.parameters import Parameters
from app.science.forecast.predict import look
from app.science.relief import Findings

SAMPLE = 100
"""How many patients."""


def chances_lost(
    sampled: Mapping[str, Findings], parameters: Parameters, days: npt.NDArray[np.float64]
) -> dict[str, npt.NDArray[np.float64]]:
    """By infusion after which relief was seen, the chance that it is gone by each of `days`."""
    chances = {}
    for findings in sampled.values():
        treatments = history_of(findings).treatments
        for place, one in enumerate(treatments):
            if one.seen is not None and one.days:
                others = treatments[:place] + treatments[place + 1 :]
                chances[one.infusion_id] = look(others, one, parameters).losses.lost_by(days)
    return chances
