"""What is promised of the forecast, on a simulated cohort with shipped parameters.

A third of the cohort's patients, as all of them would take long; `python -m bench.forecast` fits
and scores the whole.
"""

from pathlib import Path

import pytest

from app.cli.cohort import HEADER, members, row
from app.science.forecast.parameters import shipped
from bench.scoring import scored

COHORT = Path(__file__).parents[2] / "cases" / "relief" / "cohort_dev"


@pytest.fixture(scope="module")
def told():
    patients = [one for one in members(COHORT) if one.is_forecast][::3]
    return scored(COHORT, [HEADER, *(row(one, shipped()) for one in patients)])


def test_it_errs_less_than_a_survival_curve_and_little_more_than_the_best_there_could_be(told):
    assert told["better than Kaplan-Meier, %"] >= 32
    assert told["the same where relief still holds, %"] >= 10
    assert told["worse than the best there could be, %"] <= 8


def test_its_intervals_hold_as_often_as_they_say(told):
    assert 46 <= told["the 50% interval held, %"] <= 54
    assert 77 <= told["the 80% interval held, %"] <= 83
    assert 93 <= told["the 95% interval held, %"] <= 97


def test_it_knows_how_many_have_lost_relief_already_and_what_the_next_score_says(told):
    # Three points are promised of the whole; the share of a third is uncertain by two of its own.
    assert told["already lost, foretold %"] == pytest.approx(told["already lost, came %"], abs=5)
    assert told["Brier score of the next score"] <= 0.18
