"""The population as arrays: what each kind of patient makes of an infusion.

A patient has two effects: on the duration of relief, and on its depth. Both are weighed on fixed
nodes, so that the same numbers give the same forecast. Relief method, section 5.2.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy.special import expit, softmax

from app.science.forecast.curves import GRID, STEP
from app.science.forecast.evidence import Evidence, evidence, expected
from app.science.forecast.history import Treatment
from app.science.forecast.lognormal import LEAST, Floats
from app.science.forecast.parameters import Parameters

DEPTHS = np.linspace(-3.0, 3.0, 11)
"""Nodes of a patient's effect on depth, standard normal."""

DURATIONS = np.linspace(-3.9, 3.9, 27)
"""Nodes of a patient's effect on duration, in standard deviations."""

KEPT = 8192
"""How many past intervals are remembered; 2.4 kB each."""


def _log_prior() -> Floats:
    logs = -0.5 * DEPTHS[:, None] ** 2 - 0.5 * DURATIONS**2
    found: Floats = logs - np.logaddexp.reduce(logs, axis=None)
    return found


LOG_PRIOR = _log_prior()
"""The log weight of each kind of patient before anything is known: (depths, durations)."""


@dataclass(frozen=True, slots=True)
class Population:
    """What each kind of patient makes of an infusion that brings relief."""

    depth: Floats
    """Chance of each depth: (patient's depth, depths)."""
    shape: Floats
    """Chance of each shape: (depths, shapes)."""
    off: Floats
    """How far log T lies from what is expected: (depths, patient's duration, grid)."""
    duration: Floats
    """Chance of each T, laid out as `off`."""


@lru_cache(maxsize=16)
def population(parameters: Parameters) -> Population:
    """The arrays of some parameters."""
    relative = parameters.library.relative_depths
    logits = np.array(parameters.depth_logits)
    centre = parameters.shift + parameters.person_sd * DURATIONS
    off = GRID - (centre[:, None] + parameters.deeper_is_longer * relative[:, None, None])
    density = np.exp(-0.5 * (off / parameters.interval_sd) ** 2)
    density *= STEP / (parameters.interval_sd * np.sqrt(2 * np.pi))
    by_person = parameters.depth_of_person * DEPTHS[:, None] * relative
    shape = softmax(np.array(parameters.shape_logits), axis=1)
    return Population(softmax(logits + by_person, axis=1), shape, off, density)


def chance_of_no_relief(parameters: Parameters, eta: float | Floats) -> Floats:
    """By the patient's depth, in the last place; the first are those of `eta`."""
    later = np.asarray(eta)[..., None] - parameters.durations.beta[0]
    odds = parameters.no_relief + parameters.no_relief_by_depth * DEPTHS
    chance: Floats = expit(odds + parameters.no_relief_by_duration * later)
    return chance


@lru_cache(maxsize=KEPT)
def log_chance(treatment: Treatment, parameters: Parameters) -> Floats:
    """The log probability of an interval's scores, for each kind of patient. Not to be written to.

    This is all that a past interval says of the next one, so it is remembered.
    """
    found = evidence(treatment, parameters)
    top = max(float(found.relief.max()), found.no_relief)
    people = population(parameters)
    shapes = np.einsum("csg,cs->cg", np.exp(found.relief - top), people.shape)
    depths = np.einsum("cg,cbg->cb", shapes, people.duration)
    never = chance_of_no_relief(parameters, expected(treatment, parameters))[:, None]
    chance = (1.0 - never) * (people.depth @ depths) + never * np.exp(found.no_relief - top)
    logs: Floats = np.log(np.maximum(chance, LEAST)) + top
    return logs


def weights(past: tuple[Treatment, ...], parameters: Parameters) -> Floats:
    """What kind of patient this is, from past intervals: (depth, duration), adding up to 1."""
    logs = LOG_PRIOR.copy()
    for treatment in past:
        if treatment.days:
            logs += log_chance(treatment, parameters)
    found: Floats = np.exp(logs - logs.max())
    found /= found.sum()
    return found


@dataclass(frozen=True, slots=True)
class Belief:
    """What is held of one interval: every curve with every day of loss."""

    relief: Floats
    """Probability of each: (depths, shapes, grid)."""
    no_relief: float
    """Probability that the infusion brought none; all adds up to 1."""


def before(who: Floats, eta: float, parameters: Parameters) -> Belief:
    """Of an interval without scores, in a patient of whom `who` is known."""
    people = population(parameters)
    never = chance_of_no_relief(parameters, eta)
    durations = np.einsum("vb,vc->cb", who * (1.0 - never)[:, None], people.depth)
    relief = np.einsum("cb,cbg->cg", durations, people.duration)
    none = float(who.sum(axis=1) @ never)
    relief *= (1.0 - none) / relief.sum()
    return Belief(relief[:, None] * people.shape[:, :, None], none)


def after(belief: Belief, seen: Evidence) -> Belief:
    """The same once scores were seen."""
    top = max(float(seen.relief.max()), seen.no_relief)
    relief = belief.relief * np.exp(seen.relief - top)
    never = belief.no_relief * float(np.exp(seen.no_relief - top))
    total = float(relief.sum()) + never
    return Belief(relief / total, never / total)
