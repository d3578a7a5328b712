"""The population as arrays: what each kind of patient makes of an infusion.

A patient has two effects: on the duration of relief, and on its depth. Both are weighed on fixed
nodes, so that the same numbers give the same forecast. Relief method, section 5.2.

Beyond the method there is one more kind: patients whom infusions hardly ever help. Without it,
they pass for patients with the very shortest relief, and make all others look more different in
its duration than they are.
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

RESPONDERS = 11
"""Kinds of patients by their effect on depth; the one after them is hardly ever helped."""

DEPTHS = np.array([*np.linspace(-3.0, 3.0, RESPONDERS), -3.0])
"""A patient's effect on depth, standard normal; a nonresponder's relief, if any, is shallow."""

DURATIONS = np.linspace(-3.9, 3.9, 27)
"""Nodes of a patient's effect on duration, in standard deviations."""

KEPT = 8192
"""How many past intervals are remembered; 2.4 kB each."""


@dataclass(frozen=True, slots=True)
class Population:
    """The kinds of patients, and what each makes of an infusion."""

    log_prior: Floats
    """The log weight of each kind: (depth, duration)."""
    depth: Floats
    """Chance of each depth, given relief: (patient's depth, depths)."""
    shape: Floats
    """Chance of each shape: (depths, shapes)."""
    level: Floats
    """Chance of each level, given no relief: (patient's depth, levels)."""
    off: Floats
    """How far log T lies from what is expected: (depths, patient's duration, grid)."""
    duration: Floats
    """Chance of each T, laid out as `off`."""


@lru_cache(maxsize=16)
def population(parameters: Parameters) -> Population:
    """The arrays of some parameters."""
    relative = parameters.library.relative_depths
    centre = parameters.shift + parameters.person_sd * DURATIONS
    off = GRID - (centre[:, None] + parameters.deeper_is_longer * relative[:, None, None])
    density = np.exp(-0.5 * (off / parameters.interval_sd) ** 2)
    density *= STEP / (parameters.interval_sd * np.sqrt(2 * np.pi))
    by_person = parameters.depth_of_person * DEPTHS[:, None] * relative
    usual, other = parameters.level_logits, parameters.nonresponder_level_logits
    return Population(
        log_prior=_log_prior(parameters.nonresponders),
        depth=softmax(np.array(parameters.depth_logits) + by_person, axis=1),
        shape=softmax(np.array(parameters.shape_logits), axis=1),
        level=softmax(np.array([usual] * RESPONDERS + [other]), axis=1),
        off=off,
        duration=density,
    )


def _log_prior(nonresponders: float) -> Floats:
    logs = -0.5 * DEPTHS[:, None] ** 2 - 0.5 * DURATIONS**2
    usual, other = logs[:RESPONDERS], logs[RESPONDERS:]
    usual += np.log1p(-nonresponders) - np.logaddexp.reduce(usual, axis=None)
    with np.errstate(divide="ignore"):
        other += np.log(nonresponders) - np.logaddexp.reduce(other, axis=None)
    return logs


def chance_of_no_relief(parameters: Parameters, eta: float | Floats) -> Floats:
    """By the patient's depth, in the last place; the first are those of `eta`."""
    later = np.asarray(eta)[..., None] - parameters.durations.beta[0]
    odds = parameters.no_relief + parameters.no_relief_by_depth * DEPTHS
    odds = odds + parameters.no_relief_by_duration * later
    odds[..., RESPONDERS] = parameters.nonresponder_no_relief
    chance: Floats = expit(odds)
    return chance


@lru_cache(maxsize=KEPT)
def log_chance(treatment: Treatment, parameters: Parameters) -> Floats:
    """The log probability of an interval's scores, for each kind of patient. Not to be written to.

    This is all that a past interval says of the next one, so it is remembered.
    """
    found = evidence(treatment, parameters)
    people = population(parameters)
    shapes = np.matmul(people.shape[:, None], np.exp(found.relief - found.top))
    depths = np.matmul(people.duration, shapes.transpose(0, 2, 1))[:, :, 0]
    never = chance_of_no_relief(parameters, expected(treatment, parameters))
    without = never * (people.level @ np.exp(found.no_relief - found.top))
    chance = (1.0 - never)[:, None] * (people.depth @ depths) + without[:, None]
    logs: Floats = np.log(np.maximum(chance, LEAST)) + found.top
    return logs


def weights(past: tuple[Treatment, ...], parameters: Parameters) -> Floats:
    """What kind of patient this is, from past intervals: (depth, duration), adding up to 1."""
    logs = population(parameters).log_prior.copy()
    for treatment in past:
        if treatment.days:
            logs += log_chance(treatment, parameters)
    found: Floats = np.exp(logs - logs.max())
    found /= found.sum()
    return found


@dataclass(frozen=True, slots=True)
class Belief:
    """What is held of one interval: the probability of everything that can be. It adds up to 1."""

    relief: Floats
    """Of each curve with each day of loss: (depths, shapes, grid)."""
    levels: Floats
    """Of no relief, at each level."""

    @property
    def no_relief(self) -> float:
        """The probability that the infusion brought none."""
        return float(self.levels.sum())


def before(who: Floats, eta: float, parameters: Parameters) -> Belief:
    """Of an interval without scores, in a patient of whom `who` is known."""
    people = population(parameters)
    never = chance_of_no_relief(parameters, eta)
    levels = (who.sum(axis=1) * never) @ people.level
    depths = np.einsum("vb,vc->cb", who * (1.0 - never)[:, None], people.depth)
    durations = np.einsum("cb,cbg->cg", depths, people.duration)
    durations *= (1.0 - levels.sum()) / durations.sum()
    return Belief(durations[:, None] * people.shape[:, :, None], levels)


def after(belief: Belief, seen: Evidence) -> Belief:
    """The same once scores were seen."""
    relief = belief.relief * np.exp(seen.relief - seen.top)
    levels = belief.levels * np.exp(seen.no_relief - seen.top)
    total = float(relief.sum() + levels.sum())
    return Belief(relief / total, levels / total)
