"""Eight worked forecasts with fixed parameters, and the tolerances of the note beside them.

They know no nonresponders and have one level less, so they are tried without either.
"""

import json
from math import exp, log
from pathlib import Path

import numpy as np
import pytest

from app.science.forecast.curves import GRID, STEP, Library
from app.science.forecast.history import Treatment
from app.science.forecast.lognormal import Lognormal
from app.science.forecast.parameters import Parameters
from app.science.forecast.predict import look

EXAMPLES = json.loads(
    (Path(__file__).parents[2] / "cases" / "relief" / "joint_example.json").read_text("utf-8")
)
LEVELS = {0.52: 0.22, 0.58: 0.20, 0.66: 0.18, 0.76: 0.16, 0.88: 0.14, 1.0: 0.10}


def parameters(given):
    scalars = dict(zip(given["names"], given["th"], strict=True))
    return Parameters(
        provenance="a worked example",
        patients=0,
        durations=Lognormal(tuple(given["beta"]), given["eb_tau"], given["eb_sigma"]),
        depth_logits=tuple(given["lpi"]),
        shape_logits=tuple(map(tuple, given["lal"])),
        deeper_is_longer=scalars["g"],
        depth_of_person=scalars["lam_d"],
        person_sd=exp(scalars["log_tau"]),
        interval_sd=exp(scalars["log_sigma"]),
        shift=scalars["m0"],
        level_logits=tuple(map(log, LEVELS.values())),
        no_relief=scalars["a0"],
        no_relief_by_depth=scalars["a1"],
        no_relief_by_duration=scalars["a2"],
        nonresponders=0.0,
        nonresponder_no_relief=0.0,
        nonresponder_level_logits=(0.0,) * len(LEVELS),
        fluctuation=given["s_w"],
        error_scale=given["kappa"],
        memory_days=given["lam"],
        spread=1.1,
        library=Library(levels=tuple(LEVELS)),
    )


def treatment(example, given):
    return Treatment(
        given["index_in_course"],
        given["dose"],
        example["instrument"],
        float(example["baseline"]),
        example["baseline"] / 2,
        tuple(map(float, given["days"])),
        tuple(map(float, given["severity"])),
    )


@pytest.mark.parametrize("example", EXAMPLES["cases"], ids=lambda example: example["name"])
def test_a_worked_forecast_comes_out_as_written(example):
    past = tuple(treatment(example, one) for one in example["past"])
    current = treatment(example, example["current"])
    expected, days = example["expected"], np.array(example["forecast_days"], float)

    outlook = look(past, current, parameters(EXAMPLES["params"]))

    lost = outlook.losses.lost_by(days)
    assert outlook.belief.no_relief == pytest.approx(expected["p_no_relief"], abs=0.001)
    assert mean_crossing(outlook, days) == pytest.approx(expected["mean_crossing_cdf"], abs=0.01)
    assert lost == pytest.approx(expected["forecast_cdf"], abs=0.03)
    above = outlook.score_above(np.array([14.0, 21.0, 28.0]))
    assert above == pytest.approx(expected["p_score_above_at_14_21_28"], abs=0.01)


def mean_crossing(outlook, days):
    """When the curve alone, without its fluctuation, crosses the limit."""
    edges = np.append(GRID - STEP / 2, GRID[-1] + STEP / 2)
    by_grid = np.cumsum(outlook.belief.relief.sum(axis=(0, 1)))
    reached = outlook.belief.no_relief + np.concatenate([[0.0], by_grid])
    return np.interp(np.log(days) - outlook.interval.eta, edges, reached)
