import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter
from lifelines.utils import restricted_mean_survival_time

from app.science.survival.kaplan_meier import kaplan_meier, number_at_risk

MERCAPTOPURINE = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"
"""Weeks in remission, the trial of Freireich; a plus is a patient still in remission."""

WATCHED = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=1, max_size=40)


def freireich(written):
    weeks = written.split()
    return [int(one.rstrip("+")) for one in weeks], [not one.endswith("+") for one in weeks]


def test_the_textbook_curve_comes_out():
    curve = kaplan_meier(*freireich(MERCAPTOPURINE))

    printed = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert curve.survival.tolist() == pytest.approx(printed, abs=5e-5)
    error_at_10 = curve.survival[2] * curve.variance[2] ** 0.5
    assert error_at_10 == pytest.approx(0.0963, abs=5e-5)
    assert curve.median() == 23
    assert kaplan_meier(*freireich(PLACEBO)).median() == 8


@settings(max_examples=30, deadline=None)
@given(WATCHED)
def test_curve_limits_median_and_mean_are_those_of_lifelines(watched):
    times, events = zip(*watched, strict=True)
    theirs = KaplanMeierFitter().fit(times, events)
    days = np.arange(0.0, 61.0)

    ours = kaplan_meier(times, events)

    assert ours.at(days) == pytest.approx(theirs.predict(days).to_numpy(), abs=1e-12)
    low, high = theirs.confidence_interval_.loc[ours.time].to_numpy().T
    inside = (ours.survival > 0) & (ours.survival < 1)
    assert ours.limits()[0][inside] == pytest.approx(low[inside], abs=1e-9)
    assert ours.limits()[1][inside] == pytest.approx(high[inside], abs=1e-9)
    if not np.isclose(ours.survival, 0.5).any():  # where theirs is decided by rounding
        assert (ours.median() or np.inf) == theirs.median_survival_time_
    mean = ours.restricted_mean(max(times))
    assert mean == pytest.approx(restricted_mean_survival_time(theirs, t=max(times)), abs=1e-9)


def test_half_that_is_never_reached_is_no_median():
    curve = kaplan_meier([3, 9, 9], [True, False, False])

    assert curve.median() is None
    assert curve.restricted_mean(9) == pytest.approx(3 + 6 * 2 / 3)
    assert curve.restricted_mean(10) is None


def test_who_comes_later_is_at_risk_from_then_on():
    curve = kaplan_meier([4, 6, 8], [True, True, False], entry=[0, 4, 5])

    assert curve.at_risk.tolist() == [1, 2]


def test_a_loss_at_the_end_of_watching_still_counts_as_at_risk():
    assert number_at_risk([6, 6, 9], [0, 6, 6.5, 10]) == [3, 3, 1, 0]
