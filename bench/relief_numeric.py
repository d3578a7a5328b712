"""python bench/relief_numeric.py: the numeric reference cases through Afterglow's own science.

Reads {"kind": ..., "input": ...}, one JSON object a line, and writes an answer a line.
"""

import json
import math
import sys
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import numpy as np
from scipy.special import ndtr

from app.science.forecast.lognormal import (
    Lognormal,
    Past,
    effect,
    log_likelihood,
    lost_by,
    quantile,
)
from app.science.forecast.lognormal_fit import Episodes, Prior, fit
from app.science.forecast.window import Policy, recommend
from app.science.survival.kaplan_meier import kaplan_meier
from app.science.survival.proportions import LEVEL
from app.science.survival.turnbull import Rows, turnbull

Json = Mapping[str, Any]

HORIZON_DAYS = 800

NAMES = {"already_lost_alert": "probably_lost"}
"""What the cases call otherwise."""
UNUSED = {"horizon_days"}


def unseen(ends: list[float | None]) -> list[float]:
    """Infinite where relief was not seen to end."""
    return [math.inf if end is None else end for end in ends]


def km(told: Json) -> Json:
    curve = kaplan_meier(told["time"], told["event"], told.get("entry"))
    lower, upper = curve.limits(told.get("level", LEVEL))
    return {
        "time": curve.time.tolist(),
        "survival": curve.survival.tolist(),
        "lower": lower.tolist(),
        "upper": upper.tolist(),
        "median": curve.median(),
    }


def npmle(told: Json) -> Json:
    found = turnbull(Rows.collapsed(told["L"], unseen(told["R"])))
    times = told.get("times_wanted", [])
    parts = zip(found.left, found.right, found.mass, strict=True)
    return {
        "masses": [[low, high if high < math.inf else None, mass] for low, high, mass in parts],
        "survival_at": list(zip(times, found.middle(np.array(times, float)), strict=True)),
        "loglik": found.log_likelihood,
    }


def model_of(told: Json) -> Lognormal:
    return Lognormal((told["mu"],), told["tau"], told["sigma"])


def past_of(told: Json, seen: list[tuple[float, float | None]]) -> Past:
    return Past.of(seen, [told["mu"]] * len(seen))


def eb_predict(told: Json) -> Json:
    model, past, held = model_of(told), past_of(told, told["history"]), told["held"]
    mean, spread = effect(model, past)
    days = np.array(told["days"], float)
    shares = {"q10": 0.1, "median": 0.5, "q90": 0.9}
    return {
        "p_lost_by": lost_by(model, past, told["mu"], days, held).tolist(),
        **{name: quantile(model, past, told["mu"], q, held) for name, q in shares.items()},
        "b_mean": mean,
        "b_sd": spread,
    }


def eb_loglik(told: Json) -> Json:
    model = model_of(told)
    each = {
        name: log_likelihood(model, past_of(told, seen)) for name, seen in told["patients"].items()
    }
    return {"loglik": sum(each.values()), "per_patient": each}


def eb_mle(told: Json) -> Json:
    seen = Episodes(
        lower=np.array(told["L"], float),
        upper=np.array(unseen(told["R"])),
        x=np.ones((len(told["L"]), 1)),
        patients=[str(name) for name in told["patient"]],
    )
    model = fit(seen, Prior.flat(1)).model
    total = math.hypot(model.tau, model.sigma)
    return {"mu": model.beta[0], "tau": model.tau, "sigma": model.sigma, "total_sd": total}


def retreat(told: Json) -> Json:
    law = told["forecast"]
    days = np.arange(1, HORIZON_DAYS + 1)
    later = ndtr((np.log(days) - math.log(law["median"])) / law["sd"])
    infused_on = date.fromisoformat(told["infusion_date"])
    chosen = {name: value for name, value in told["policy"].items() if name not in UNUSED}
    policy = Policy(**{NAMES.get(name, name): value for name, value in chosen.items()})
    window = recommend([0.0, *later.tolist()], told["now"], infused_on, policy)
    assert window.recommended_on is not None
    return {
        "recommended": window.recommended_on.isoformat(),
        "day": window.day,
        "alert": window.alert,
    }


KINDS = {
    "km": km,
    "turnbull": npmle,
    "eb_predict": eb_predict,
    "eb_loglik": eb_loglik,
    "eb_mle": eb_mle,
    "retreat": retreat,
}


def answer(case: Json) -> Json:
    """What Afterglow makes of one case."""
    return KINDS[case["kind"]](case["input"])


if __name__ == "__main__":
    for line in sys.stdin:
        if line.strip():
            print(json.dumps(answer(json.loads(line))))
