import numpy as np
import pytest

from app.science.survival.bands import (
    RESAMPLES,
    band,
    drawn,
    kaplan_meier_drawn,
    mean_drawn,
    turnbull_drawn,
)
from app.science.survival.kaplan_meier import kaplan_meier
from app.science.survival.turnbull import Rows, turnbull

PATIENTS = [f"patient {number // 3}" for number in range(60)]
"""Twenty patients with three infusions each."""
DAYS = np.array([7.0, 14.0, 21.0, 42.0])


def durations():
    rng = np.random.default_rng(3)
    own = np.repeat(rng.normal(3.0, 0.6, 20), 3)
    return np.exp(rng.normal(own, 0.2))


def test_a_patient_is_drawn_with_all_of_hers():
    counts = drawn(PATIENTS)

    assert counts.shape == (RESAMPLES, 60)
    assert (counts.reshape(RESAMPLES, 20, 3).std(axis=2) == 0).all()
    assert (counts.sum(axis=1) == 60).all()


def test_the_same_patients_give_the_same_band():
    times, everyone = durations(), [True] * 60
    curve = kaplan_meier(times, everyone).at(DAYS)

    first, again = (
        band(curve, kaplan_meier_drawn(times, everyone, drawn(PATIENTS), DAYS), 20)
        for _ in range(2)
    )

    assert np.array_equal(first, again)
    assert (first[0] < curve).all()
    assert (curve < first[1]).all()


def test_three_infusions_of_one_say_less_than_of_three():
    times, everyone = durations(), [True] * 60
    curve = kaplan_meier(times, everyone).at(DAYS)
    strangers = [str(number) for number in range(60)]

    theirs = band(curve, kaplan_meier_drawn(times, everyone, drawn(PATIENTS), DAYS), 20)
    naive = band(curve, kaplan_meier_drawn(times, everyone, drawn(strangers), DAYS), 20)

    assert (theirs[1] - theirs[0]).mean() > 1.2 * (naive[1] - naive[0]).mean()


@pytest.mark.parametrize("few", [False, True])
def test_counting_everyone_once_gives_the_curve_itself(few):
    times = durations()[: 12 if few else 60]
    left, right, once = times - times % 7, times - times % 7 + 7, np.ones((1, len(times)))

    (stepped,) = kaplan_meier_drawn(times, [True] * len(times), once, DAYS)
    (mixed,) = turnbull_drawn(left, right, once, DAYS)

    assert stepped == pytest.approx(kaplan_meier(times, [True] * len(times)).at(DAYS))
    assert mixed == pytest.approx(turnbull(Rows.collapsed(left, right)).middle(DAYS), abs=1e-3)


def test_a_mean_of_curves_is_drawn_as_a_mean():
    curves = np.array([[0.0, 1.0], [1.0, 1.0]])

    assert mean_drawn(curves, np.array([[1.0, 1.0], [0.0, 2.0]])).tolist() == [[0.5, 1], [1, 1]]
