import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from app.science.survival.kaplan_meier import kaplan_meier
from app.science.survival.turnbull import FINEST, MANY, OPTIMUM, Rows, turnbull

OPEN = 1e-6
"""Lifelines takes the left end of an interval as inside it."""

INTERVALS = st.lists(
    st.tuples(st.integers(0, 30), st.one_of(st.integers(1, 20), st.just(np.inf))),
    min_size=2,
    max_size=30,
).map(lambda pairs: [(float(left), left + width) for left, width in pairs])


def found(intervals):
    return turnbull(Rows.collapsed(*zip(*intervals, strict=True)))


def weekly(patients, seed=7):
    """Intervals of weekly looks, some never seen to end."""
    rng = np.random.default_rng(seed)
    times = np.exp(rng.normal(2.9, 0.7, patients))
    before = np.floor(times / 7) * 7 + rng.normal(0, 0.2, patients).clip(-0.5, 0.5)
    ends = np.where(rng.random(patients) < 0.3, np.inf, before + 7)
    return list(zip(np.maximum(before, 0), ends, strict=True))


def test_the_curve_is_that_of_lifelines_with_open_left_ends():
    intervals = [
        (round(left), right if right == np.inf else round(right)) for left, right in weekly(150)
    ]
    left, right = (np.array(end, float) for end in zip(*intervals, strict=True))
    theirs = KaplanMeierFitter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs.fit_interval_censoring(left + OPEN, right, tol=1e-10)
    days = np.array([7.0, 14.0, 21.0, 28.0, 42.0])

    lower, upper = found(intervals).bounds(days)

    expected = theirs.survival_function_.loc[days, "NPMLE_estimate_lower"].to_numpy()
    assert lower == pytest.approx(expected, abs=1e-5)
    assert upper == pytest.approx(expected, abs=1e-5)


@settings(max_examples=60, deadline=None)
@given(INTERVALS)
def test_an_optimum_is_found_and_proven(intervals):
    mixture = found(intervals)

    assert mixture.gap <= OPTIMUM
    assert mixture.mass.sum() == pytest.approx(1)
    assert (mixture.mass >= 0).all()


@settings(max_examples=40, deadline=None)
@given(INTERVALS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_changes_nothing(intervals, chance):
    days = np.arange(60.0)
    shuffled = list(intervals)
    chance.shuffle(shuffled)

    assert found(shuffled).middle(days).tolist() == found(intervals).middle(days).tolist()


@settings(max_examples=40, deadline=None)
@given(INTERVALS)
def test_the_curve_only_falls_between_its_bounds(intervals):
    days = np.arange(0.0, 60.0, 0.5)

    mixture = found(intervals)
    lower, upper = mixture.bounds(days)

    assert (lower <= upper + 1e-12).all()
    assert (np.diff(lower) <= 1e-12).all()
    assert (np.diff(upper) <= 1e-12).all()


def test_exact_times_give_the_curve_of_kaplan_and_meier():
    times, events = [3.0, 5.0, 5.0, 8.0, 9.0], [True, True, False, True, False]
    ends = [time if event else np.inf for time, event in zip(times, events, strict=True)]
    days = np.arange(9.0)

    curve = found(list(zip(times, ends, strict=True))).bounds(days)[1]

    assert curve == pytest.approx(kaplan_meier(times, events).at(days), abs=1e-9)


def test_touching_intervals_share_no_day():
    mixture = found([(0.0, 3.0), (3.0, 6.0)])

    assert mixture.mass.tolist() == pytest.approx([0.5, 0.5])
    assert mixture.median() == (0.0, 3.0)
    assert mixture.restricted_mean(14) == pytest.approx(3.0)


def test_what_never_ended_has_no_median_and_no_mean_past_its_end():
    mixture = found([(1.0, 2.0), (5.0, np.inf), (5.0, np.inf)])

    assert mixture.median() is None
    assert mixture.restricted_mean(5) == pytest.approx((1.5 + 2 * 5) / 3)
    assert mixture.restricted_mean(6) is None
    assert mixture.middle(np.array([9.0])) == pytest.approx([2 / 3])


def test_many_rows_are_rounded_and_solved_all_the_same():
    mixture = found(weekly(MANY + 1))

    tenths = mixture.left / FINEST
    assert tenths == pytest.approx(np.round(tenths))
    assert mixture.gap <= OPTIMUM
