"""How probable the scores of many patients are, and how that changes with each parameter.

The likelihood of a patient is a sum over the kinds of patient there are; its gradient is Fisher's
identity: that of each kind, weighed by how probable the kind is for the patient. The order of the
sums is what makes it fast: shapes first, then one product of matrices for each depth. Relief
method, section 5.2.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit

from app.science.forecast.evidence import evidence, expected
from app.science.forecast.history import Treatment
from app.science.forecast.lognormal import LEAST, Floats
from app.science.forecast.parameters import Parameters
from app.science.forecast.population import (
    DEPTHS,
    DURATIONS,
    RESPONDERS,
    Population,
    chance_of_no_relief,
    population,
)

SCALARS = 10
"""Parameters in front of the logits, in the order of `place`."""


def place(parameters: Parameters) -> Floats:
    """The parameters that are searched, as one point."""
    scalars = [
        parameters.deeper_is_longer,
        parameters.depth_of_person,
        np.log(parameters.person_sd),
        np.log(parameters.interval_sd),
        parameters.shift,
        parameters.no_relief,
        parameters.no_relief_by_depth,
        parameters.no_relief_by_duration,
        logit(parameters.nonresponders),
        parameters.nonresponder_no_relief,
    ]
    levels = [parameters.level_logits, parameters.nonresponder_level_logits]
    return np.concatenate([scalars, *levels, parameters.depth_logits, *parameters.shape_logits])


def at(point: Floats, parameters: Parameters) -> Parameters:
    """The parameters at a point; what isn't searched stays as it was."""
    library = parameters.library
    levels = len(library.levels)
    sizes = [SCALARS, levels, levels, len(library.depths)]
    first, usual, other, depths, shapes = np.split(point, np.cumsum(sizes))
    scalars = first.tolist()
    return replace(
        parameters,
        deeper_is_longer=scalars[0],
        depth_of_person=scalars[1],
        person_sd=float(np.exp(scalars[2])),
        interval_sd=float(np.exp(scalars[3])),
        shift=scalars[4],
        no_relief=scalars[5],
        no_relief_by_depth=scalars[6],
        no_relief_by_duration=scalars[7],
        nonresponders=float(expit(scalars[8])),
        nonresponder_no_relief=scalars[9],
        level_logits=tuple(usual.tolist()),
        nonresponder_level_logits=tuple(other.tolist()),
        depth_logits=tuple(depths.tolist()),
        shape_logits=tuple(map(tuple, shapes.reshape(len(depths), -1).tolist())),
    )


@dataclass(frozen=True, slots=True)
class Watched:
    """The evidence of many intervals, sorted by patient. Each is scaled to have a largest of 1."""

    relief: Floats
    """Given each curve: (depths, intervals, shapes, grid)."""
    no_relief: Floats
    """Given each level: (intervals, levels)."""
    eta: Floats
    patient: npt.NDArray[np.int64]
    starts: npt.NDArray[np.int64]
    """The first interval of each patient."""
    log_scale: float
    """The log of what all was divided by."""


def watch(patients: Sequence[Sequence[Treatment]], parameters: Parameters) -> Watched:
    """The evidence of each patient's treatments; all of them must have a check-in."""
    treatments = [one for patient in patients for one in patient]
    library = parameters.library
    room = (len(library.depths), len(treatments), len(library.shapes))
    relief: Floats | None = None
    never, tops = np.empty((len(treatments), len(library.levels))), np.empty(len(treatments))
    for k, treatment in enumerate(treatments):
        found = evidence(treatment, parameters)
        if relief is None:
            relief = np.empty((*room, found.relief.shape[-1]))
        tops[k] = found.top
        np.exp(found.relief - tops[k], out=relief[:, k])
        never[k] = np.exp(found.no_relief - tops[k])
    assert relief is not None
    sizes = [len(patient) for patient in patients]
    return Watched(
        relief=relief,
        no_relief=never,
        eta=np.array([expected(one, parameters) for one in treatments]),
        patient=np.repeat(np.arange(len(sizes)), sizes),
        starts=np.cumsum([0, *sizes[:-1]]),
        log_scale=float(tops.sum()),
    )


@dataclass(frozen=True, slots=True)
class _Weighed:
    """The likelihood and what its gradient needs."""

    total: float
    people: Floats
    """How many patients are thought to be of each depth."""
    kinds: Floats
    """Weight of each kind of patient over its chance: (depth, intervals, duration)."""
    by_depth: Floats
    """Chance of each interval's scores: (depths, intervals, patient's duration)."""
    with_relief: Floats
    """The same by the patient's depth, given relief."""
    levelled: Floats
    """Chance of each interval's scores by the patient's depth, given no relief."""
    shaped: Floats
    """Evidence averaged over shapes: (depths, intervals, grid)."""


def _weigh(people: Population, never: Floats, seen: Watched) -> _Weighed:
    shaped = np.matmul(people.shape[:, None, None, :], seen.relief)[:, :, 0]
    by_depth = np.matmul(shaped, people.duration.transpose(0, 2, 1))
    with_relief = np.tensordot(people.depth, by_depth, axes=(1, 0))
    chance = (1.0 - never)[:, :, None] * with_relief
    levelled = people.level @ seen.no_relief.T
    chance += (never * levelled)[:, :, None]
    np.maximum(chance, LEAST, out=chance)
    logs = np.add.reduceat(np.log(chance), seen.starts, axis=1) + people.log_prior[:, None]
    tops = logs.max(axis=(0, 2))
    kinds = np.exp(logs - tops[:, None])
    sums = kinds.sum(axis=(0, 2))
    kinds /= sums[:, None]
    total = float((np.log(sums) + tops).sum()) + seen.log_scale
    count = kinds.sum(axis=(1, 2))
    weighed = kinds[:, seen.patient] / chance
    return _Weighed(total, count, weighed, by_depth, with_relief, levelled, shaped)


def log_likelihood(parameters: Parameters, seen: Watched) -> tuple[float, Floats]:
    """The log likelihood and its gradient, in the order of `place`."""
    people = population(parameters)
    never = chance_of_no_relief(parameters, seen.eta).T
    weighed = _weigh(people, never, seen)
    relieved = weighed.kinds * (1.0 - never)[:, :, None]
    by_depth = np.tensordot(people.depth, relieved, axes=(0, 0))
    relative = parameters.library.relative_depths
    depths = np.einsum("vjb,cjb->vc", relieved, weighed.by_depth, optimize=True) * people.depth
    depths -= depths.sum(axis=1, keepdims=True) * people.depth
    longer, *spreads_and_shift = _by_duration(parameters, people, by_depth, weighed.shaped)
    slope = [
        [longer, DEPTHS @ depths @ relative, *spreads_and_shift],
        _by_no_relief(parameters, never, relieved, weighed, seen),
        _by_level(people, never, weighed, seen),
        depths.sum(axis=0),
        _by_shape(people, by_depth, seen.relief),
    ]
    return weighed.total, np.concatenate(slope)


def _by_duration(
    parameters: Parameters, people: Population, by_depth: Floats, shaped: Floats
) -> list[float]:
    """By what makes relief longer: depth, log of the spread between and in patients, shift."""
    mass = np.matmul(by_depth.transpose(0, 2, 1), shaped) * people.duration
    precision = parameters.interval_sd**-2
    pull = (mass * people.off).sum(axis=2) * precision
    return [
        float(pull.sum(axis=1) @ parameters.library.relative_depths),
        float((pull @ DURATIONS).sum()) * parameters.person_sd,
        float((mass * people.off**2).sum() * precision - mass.sum()),
        float(pull.sum()),
    ]


def _by_no_relief(
    parameters: Parameters, never: Floats, relieved: Floats, weighed: _Weighed, seen: Watched
) -> list[float]:
    """By the log odds of no relief, those for depth and duration, and by the nonresponders'."""
    came = (relieved * weighed.with_relief).sum(axis=2)
    none = weighed.kinds.sum(axis=2) * never * weighed.levelled
    excess = none * (1.0 - never) - came * never
    usual = excess[:RESPONDERS]
    later = seen.eta - parameters.durations.beta[0]
    others = weighed.people[RESPONDERS] - parameters.nonresponders * len(seen.starts)
    return [
        float(usual.sum()),
        float(DEPTHS[:RESPONDERS] @ usual.sum(axis=1)),
        float(usual.sum(axis=0) @ later),
        float(others),
        float(excess[RESPONDERS].sum()),
    ]


def _by_level(people: Population, never: Floats, weighed: _Weighed, seen: Watched) -> Floats:
    """By the logits of the levels, of the usual patients and then of the nonresponders."""
    levels = ((weighed.kinds.sum(axis=2) * never) @ seen.no_relief) * people.level
    levels -= levels.sum(axis=1, keepdims=True) * people.level
    return np.concatenate([levels[:RESPONDERS].sum(axis=0), levels[RESPONDERS]])


def _by_shape(people: Population, by_depth: Floats, relief: Floats) -> Floats:
    """By the logits of the shapes, for each depth."""
    reached = np.matmul(by_depth, people.duration)
    shapes = np.einsum("cjsg,cjg->cs", relief, reached, optimize=True) * people.shape
    by_logit: Floats = shapes - shapes.sum(axis=1, keepdims=True) * people.shape
    return by_logit.ravel()
