"""The model on a small library, against scipy's adaptive quadrature of the same integrals."""

from dataclasses import replace
from functools import cache
from math import exp, pi

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

from app.science.forecast.curves import GRID, STEP, Library
from app.science.forecast.evidence import covariance, expected, one_error
from app.science.forecast.parameters import shipped
from app.science.forecast.population import weights
from app.science.forecast.predict import look
from tests.science.forecast.makers import treatment

DEPTH, SHAPE, LEVEL = 0.29, 1.3, 0.88

ALONE = replace(
    shipped(),
    library=Library((DEPTH,), (SHAPE,), (LEVEL,)),
    depth_logits=(0.0,),
    shape_logits=((0.0,),),
    level_logits=(0.0,),
    nonresponder_level_logits=(0.0,),
    nonresponders=0.0,
    no_relief=-1.5,
    no_relief_by_depth=0.0,
    no_relief_by_duration=0.0,
    deeper_is_longer=0.0,
    person_sd=0.6,
    interval_sd=0.45,
)
"""One curve and one level, so that only the duration is left to be integrated over."""

PAST = treatment((3.0, 12.0, 20.0), (5.0, 7.0, 11.0))
NOW = treatment((4.0, 11.0), (6.0, 8.0), index=9)

NONE = 1 / (1 + np.exp(1.5))


def mean(days, log_t):
    u, room = days * exp(-log_t), 0.95 - 0.5
    late = 0.5 + room * (1 - np.exp(-(np.maximum(u, 1) - 1) * SHAPE * DEPTH / room))
    return np.where(u <= 1, 0.5 - DEPTH * (1 - np.minimum(u, 1) ** SHAPE), late)


@cache
def noise(seen):
    days = np.array(seen.days)
    total = covariance(days, days, ALONE) + np.eye(len(days)) * one_error(seen, ALONE) ** 2
    return days, np.array(seen.severities) / seen.baseline, np.linalg.inv(total)


def density(seen, curve):
    """Of the scores, given where the curve is."""
    days, shares, precision = noise(seen)
    off = shares - curve(days)
    return (np.linalg.det(precision / (2 * pi))) ** 0.5 * exp(-0.5 * (off @ precision @ off))


@cache
def joint(seen, effect, up_to=np.inf):
    """Density of the scores and of relief that is lost by a day."""
    centre = expected(seen, ALONE) + ALONE.shift + effect
    low, high = centre - 5 * 0.45, min(centre + 5 * 0.45, np.log(up_to))

    def at(log_t):
        here = density(seen, lambda days: mean(days, log_t))
        return exp(-0.5 * ((log_t - centre) / 0.45) ** 2) / (0.45 * (2 * pi) ** 0.5) * here

    return quad(at, low, max(low, high), epsabs=1e-5, epsrel=1e-3)[0]


def flat(seen):
    return density(seen, lambda days: np.full(len(days), LEVEL))


@pytest.mark.parametrize("day", [9.0, 18.0, 35.0])
def test_the_day_of_loss_is_as_quadrature_says(day):
    effects = np.linspace(-2.1, 2.1, 15)
    prior = norm.pdf(effects, 0, 0.6)
    past = np.array([(1 - NONE) * joint(PAST, one) + NONE * flat(PAST) for one in effects])
    inside = np.array([joint(NOW, one, day) for one in effects])
    everywhere = np.array([joint(NOW, one) for one in effects])
    none = NONE * flat(NOW) * (prior * past).sum()
    total = none + (1 - NONE) * (prior * past * everywhere).sum()

    belief = look((PAST,), NOW, ALONE).belief

    edges = np.append(GRID - STEP / 2, GRID[-1] + STEP / 2) + expected(NOW, ALONE)
    reached = np.concatenate([[0.0], np.cumsum(belief.relief.sum(axis=(0, 1)))])
    found = belief.no_relief + np.interp(np.log(day), edges, reached)
    wanted = (none + (1 - NONE) * (prior * past * inside).sum()) / total
    assert found == pytest.approx(wanted, abs=0.004)
    assert belief.no_relief == pytest.approx(none / total, rel=0.02, abs=1e-6)


def test_what_the_past_says_of_a_patient_is_as_quadrature_says():
    nodes = np.linspace(-3.9, 3.9, 27)
    told = [(1 - NONE) * joint(PAST, 0.6 * node) + NONE * flat(PAST) for node in nodes]
    wanted = norm.pdf(nodes) * told

    found = weights((PAST,), ALONE).sum(axis=0)

    assert found == pytest.approx(wanted / wanted.sum(), abs=0.001)
