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

from app.science.forecast.evidence import evidence, expected
from app.science.forecast.history import Treatment
from app.science.forecast.lognormal import LEAST, Floats
from app.science.forecast.parameters import Parameters
from app.science.forecast.population import (
    DEPTHS,
    DURATIONS,
    LOG_PRIOR,
    Population,
    chance_of_no_relief,
    population,
)

SCALARS = 8
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
    ]
    return np.concatenate([scalars, parameters.depth_logits, *parameters.shape_logits])


def at(point: Floats, parameters: Parameters) -> Parameters:
    """The parameters at a point; what isn't searched stays as it was."""
    library = parameters.library
    depths = point[SCALARS : SCALARS + len(library.depths)]
    shapes = point[SCALARS + len(depths) :].reshape(len(depths), -1)
    scalars = point[:SCALARS].tolist()
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
        depth_logits=tuple(depths.tolist()),
        shape_logits=tuple(map(tuple, shapes.tolist())),
    )


@dataclass(frozen=True, slots=True)
class Watched:
    """The evidence of many intervals, sorted by patient. Each is scaled to have a largest of 1."""

    relief: Floats
    """Given each curve: (depths, intervals, shapes, grid)."""
    no_relief: Floats
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
    never, tops = np.empty(len(treatments)), np.empty(len(treatments))
    for k, treatment in enumerate(treatments):
        found = evidence(treatment, parameters)
        if relief is None:
            relief = np.empty((*room, found.relief.shape[-1]))
        tops[k] = max(float(found.relief.max()), found.no_relief)
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
    kinds: Floats
    """Weight of each kind of patient over its chance: (depth, intervals, duration)."""
    by_depth: Floats
    """Chance of each interval's scores: (depths, intervals, patient's duration)."""
    with_relief: Floats
    """The same by the patient's depth, given relief."""
    shaped: Floats
    """Evidence averaged over shapes: (depths, intervals, grid)."""


def _weigh(people: Population, never: Floats, seen: Watched) -> _Weighed:
    shaped = np.matmul(people.shape[:, None, None, :], seen.relief)[:, :, 0]
    by_depth = np.matmul(shaped, people.duration.transpose(0, 2, 1))
    with_relief = np.tensordot(people.depth, by_depth, axes=(1, 0))
    chance = (1.0 - never)[:, :, None] * with_relief
    chance += (never * seen.no_relief)[:, :, None]
    np.maximum(chance, LEAST, out=chance)
    logs = np.add.reduceat(np.log(chance), seen.starts, axis=1) + LOG_PRIOR[:, None]
    tops = logs.max(axis=(0, 2))
    kinds = np.exp(logs - tops[:, None])
    sums = kinds.sum(axis=(0, 2))
    kinds /= sums[:, None]
    total = float((np.log(sums) + tops).sum()) + seen.log_scale
    return _Weighed(total, kinds[:, seen.patient] / chance, by_depth, with_relief, shaped)


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
    """By the log odds of no relief, by those for depth, and by those for duration."""
    came = (relieved * weighed.with_relief).sum(axis=2)
    none = weighed.kinds.sum(axis=2) * never * seen.no_relief
    excess = none * (1.0 - never) - came * never
    later = seen.eta - parameters.durations.beta[0]
    return [float(excess.sum()), float(DEPTHS @ excess.sum(axis=1)), float(excess.sum(0) @ later)]


def _by_shape(people: Population, by_depth: Floats, relief: Floats) -> Floats:
    """By the logits of the shapes, for each depth."""
    reached = np.matmul(by_depth, people.duration)
    shapes = np.einsum("cjsg,cjg->cs", relief, reached, optimize=True) * people.shape
    by_logit: Floats = shapes - shapes.sum(axis=1, keepdims=True) * people.shape
    return by_logit.ravel()
