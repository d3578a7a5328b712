"""The fit of a clinic: the right slope, the shipped parameters where little is known."""

import random

import numpy as np
import pytest

from app.science.forecast.beliefs import around, loosely
from app.science.forecast.fitting import fit, minus_log_posterior
from app.science.forecast.likelihood import at, place
from app.science.forecast.parameters import shipped
from tests.science.forecast.makers import history, treatment


def clinic(patients, **about):
    return [history(name=f"p{number:03}", gap=20 + number % 9, **about) for number in patients]


def unhelped(name):
    """A patient whom nothing helped."""
    return [treatment((day, day + 7.0), (16.0, 17.0), index=5) for day in (2.0, 3.0, 4.0)]


@pytest.mark.parametrize("beliefs", [around, loosely])
def test_the_slope_is_what_differences_say(beliefs):
    patients = [
        [treatment((3.0, 10.0, 17.0), (4.0, 6.0, 11.0)), treatment((4.0,), (9.0,), index=2)],
        unhelped("nobody"),
        [treatment((2.0, 9.0), (12.0, 7.0)), treatment((5.0, 12.0, 33.0), (3.0, 5.0, 4.0))],
    ]
    minus = minus_log_posterior(patients, shipped(), beliefs(shipped()))
    start = place(shipped())
    here = start + 0.1 * np.sin(np.arange(len(start)))
    steps = np.eye(len(start)) * 1e-5

    _, slope = minus(here)

    differences = [(minus(here + step)[0] - minus(here - step)[0]) / 2e-5 for step in steps]
    assert slope == pytest.approx(differences, abs=1e-6)


def test_a_point_is_the_parameters_it_was_made_of():
    moved = at(place(shipped()), shipped())

    assert place(moved) == pytest.approx(place(shipped()), abs=1e-12)


def test_a_clinic_without_patients_has_the_shipped_parameters():
    found = fit([], shipped())

    assert place(found.parameters) == pytest.approx(place(shipped()), abs=1e-9)
    assert found.parameters.durations.beta == pytest.approx(shipped().durations.beta, abs=1e-4)
    assert found.diagnostics.patients == 0


def test_a_clinic_of_few_patients_stays_near_the_shipped_ones():
    found = fit(clinic(range(6)), shipped()).parameters

    off = place(found) - place(shipped())
    assert np.abs(off).max() < 0.4
    assert np.abs(off[:5]).max() < 0.2
    assert abs(found.durations.beta[0] - shipped().durations.beta[0]) < 0.5


def test_a_clinic_whose_relief_is_short_learns_it():
    brief = [history(name=f"p{number:03}", gap=25, last=(9, 14), repeats=4) for number in range(30)]

    found = fit(brief, shipped()).parameters

    level = found.durations.beta[0] + found.shift
    assert level < shipped().durations.beta[0] + shipped().shift


def test_the_order_of_patients_changes_nothing():
    patients = clinic(range(12))

    found = [fit(each, shipped()) for each in (patients, random.Random(5).sample(patients, 12))]

    assert found[0] == found[1]
    assert found[0].diagnostics.patients == found[0].diagnostics.patients_used == 12
    assert found[0].diagnostics.converged
