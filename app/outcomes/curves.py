"""How long relief lasts in a clinic: three curves of the same episodes, side by side.

What was observed, what a chart review would report, and what the scores say once their noise is
taken into account. They differ, and by how much is part of the answer. Relief method, section 4.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from app.outcomes.study import Episode
from app.science.survival.bands import (
    band,
    drawn,
    kaplan_meier_drawn,
    mean_drawn,
    turnbull_drawn,
)
from app.science.survival.kaplan_meier import kaplan_meier, number_at_risk
from app.science.survival.proportions import FEWEST
from app.science.survival.turnbull import Rows, turnbull

Floats = npt.NDArray[np.float64]
Json = dict[str, Any]

LAST_DAY = 91
"""Thirteen weeks: no clinic's curve says much after."""
DAYS = np.arange(LAST_DAY + 1, dtype=float)
HORIZONS = (28, 56, 84)
"""Days over which means are told."""

DECIMALS = 4
HALF = 0.5


def curves(episodes: Sequence[Episode], modelled: Mapping[str, Floats] | None) -> Json:
    """The three curves of relief that was seen to begin, and what became of all others.

    `modelled` has the chance that relief is gone by each of `DAYS`, by infusion, for a sample of
    them; None where the joint model may not be used.
    """
    statuses = Counter(one.status for one in episodes)
    seen = sorted(
        (one for one in episodes if one.is_relief),
        key=lambda one: (one.given.patient, one.given.at, one.given.id),
    )
    patients = len({one.given.patient for one in seen})
    few = "fewer_than_five" if patients < FEWEST else None
    return {
        "patients": patients,
        "episodes": len(seen),
        "lost": statuses["lost"],
        "held": statuses["held"],
        "held_until_next_infusion": sum(one.censored_by == "next_infusion" for one in seen),
        "left_out": {
            name: statuses[name]
            for name in ("no_response", "indeterminate", "unobserved", "not_evaluable")
        },
        "reason": few,
        "observed": None if few else _observed(seen, patients),
        "at_detection": None if few else _at_detection(seen, patients),
        **_noise_aware(seen, modelled, few),
    }


def _ends(seen: Sequence[Episode]) -> tuple[list[float], list[float]]:
    """Relief ended in (left, right]; the right end is infinite where it was not seen to."""
    left = [one.lower_days or 0.0 for one in seen]
    right = [np.inf if one.upper_days is None else one.upper_days for one in seen]
    return left, right


def _observed(seen: Sequence[Episode], patients: int) -> Json:
    """Turnbull's curve of the intervals in which relief was lost."""
    left, right = _ends(seen)
    found = turnbull(Rows.collapsed(left, right))
    middle = found.middle(DAYS)
    counts = drawn([one.given.patient for one in seen])
    limits = band(middle, turnbull_drawn(left, right, counts, DAYS), patients)
    least, most = found.bounds(DAYS)
    median = found.median()
    # Once some were never seen to lose it, nothing is known after the last who is known to hold.
    last = float(LAST_DAY) if np.isfinite(right).all() else max(left)
    return {
        "method": "turnbull",
        "patients": patients,
        "episodes": len(seen),
        **_drawn(middle, limits, last, max(left)),
        "least": _until(least, last),
        "most": _until(most, last),
        "at_risk": number_at_risk(left, DAYS.tolist()),
        "median": _median(*(median or (None, None))),
        "restricted_means": [
            _mean(horizon, found.restricted_mean(horizon)) for horizon in HORIZONS
        ],
    }


def _at_detection(seen: Sequence[Episode], patients: int) -> Json:
    """Kaplan and Meier's curve, as if relief were lost when that was first seen."""
    left, right = _ends(seen)
    ended = [end < np.inf for end in right]
    times = [high if lost else low for low, high, lost in zip(left, right, ended, strict=True)]
    found = kaplan_meier(times, ended)
    curve = found.at(DAYS)
    counts = drawn([one.given.patient for one in seen])
    limits = band(curve, kaplan_meier_drawn(times, ended, counts, DAYS), patients)
    median = found.median()
    return {
        "method": "kaplan_meier",
        "patients": patients,
        "episodes": len(seen),
        **_drawn(curve, limits, found.last, max(left)),
        "least": None,
        "most": None,
        "at_risk": number_at_risk(times, DAYS.tolist()),
        "median": _median(median, median),
        "restricted_means": [
            _mean(horizon, found.restricted_mean(horizon)) for horizon in HORIZONS
        ],
    }


def _noise_aware(
    seen: Sequence[Episode], modelled: Mapping[str, Floats] | None, few: str | None
) -> Json:
    """The mean of what the joint model holds of each episode, given all scores around it."""
    known = [one for one in seen if one.given.id in (modelled or {})]
    patients = len({one.given.patient for one in known})
    reason = few or (None if modelled is not None else "intended_use_not_accepted")
    reason = reason or ("fewer_than_five" if patients < FEWEST else None)
    if reason or modelled is None:
        return {"noise_aware": None, "noise_aware_reason": reason}
    held = 1 - np.array([modelled[one.given.id] for one in known])
    curve: Floats = held.mean(axis=0)
    limits = band(curve, mean_drawn(held, drawn([one.given.patient for one in known])), patients)
    below = np.flatnonzero(curve <= HALF)
    median = float(below[0]) if len(below) else None
    means = [_mean(horizon, float(np.trapezoid(curve[: horizon + 1]))) for horizon in HORIZONS]
    told = {
        "method": "joint_model",
        "patients": patients,
        "episodes": len(known),
        **_drawn(curve, limits, LAST_DAY, max(_ends(seen)[0])),
        "least": None,
        "most": None,
        "at_risk": None,
        "median": _median(median, median),
        "restricted_means": means,
    }
    return {"noise_aware": told, "noise_aware_reason": None}


def _drawn(curve: Floats, limits: tuple[Floats, Floats], last: float, longest: float) -> Json:
    """A curve as far as anyone was watched, and its band as far as anyone is known to have held."""
    lower, upper = limits
    return {
        "survival": _until(curve, last),
        "lower": _until(lower, longest),
        "upper": _until(upper, longest),
    }


def _until(values: Floats, last: float) -> list[float | None]:
    pairs = zip(DAYS, values.tolist(), strict=True)
    return [round(value, DECIMALS) if day <= last else None for day, value in pairs]


def _median(lower: float | None, upper: float | None) -> Json:
    """Half have lost relief after `lower_days` and by `upper_days`."""
    if lower is None or upper is None:
        return {"lower_days": None, "upper_days": None, "reason": "not_reached"}
    ends = {"lower_days": round(lower, DECIMALS), "upper_days": round(upper, DECIMALS)}
    return {**ends, "reason": None}


def _mean(horizon: int, days: float | None) -> Json:
    """The mean number of days of relief within the horizon."""
    return {
        "horizon_days": horizon,
        "mean_days": None if days is None else round(days, 2),
        "reason": "not_followed_so_long" if days is None else None,
    }
