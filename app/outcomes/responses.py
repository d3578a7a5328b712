"""Response and remission after induction, and side effects: plain counts and what they are of."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.outcomes.study import Given, Induction
from app.science.survival.proportions import FEWEST, percent, wilson

Json = dict[str, Any]

NO_PERCENT: Json = dict.fromkeys(("percent", "lower_percent", "upper_percent"))


def share(count: int, of: int, patients: int) -> Json:
    """A proportion with its interval in percent; none of fewer than five patients.

    >>> share(2, 4, 4)["percent"], share(2, 4, 4)["reason"]
    (None, 'fewer_than_five')
    >>> share(10, 32, 30)["percent"]
    31.3
    """
    told: Json = {"count": count, "of": of, "patients": patients}
    if min(of, patients) < FEWEST:
        return told | NO_PERCENT | {"reason": "fewer_than_five"}
    lower, upper = (round(100 * limit, 1) for limit in wilson(count, of))
    limits = {"lower_percent": lower, "upper_percent": upper}
    return {**told, "percent": percent(count, of), **limits, "reason": None}


def responses(every: Sequence[Induction]) -> Json:
    """How inductions went: of those that were looked at, and if all others had failed."""
    inductions = [one for one in every if one.unseen != "underway"]
    seen = [one for one in inductions if one.unseen is None]
    unseen = Counter(one.unseen for one in inductions if one.unseen is not None)
    return {
        "eligible": len(inductions),
        "assessed": len(seen),
        "completeness": share(len(seen), len(inductions), _patients(inductions)),
        "not_assessed": dict(sorted(unseen.items())),
        "underway": len(every) - len(inductions),
        "fewer_than_four_infusions": sum(one.infusions < 4 for one in inductions),  # noqa: PLR2004  # the name says it
        "response": _both(inductions, seen, sum(one.responded for one in inductions)),
        "remission": _both(inductions, seen, sum(one.remitted for one in inductions)),
    }


def _both(inductions: Sequence[Induction], seen: Sequence[Induction], count: int) -> Json:
    return {
        "observed": share(count, len(seen), _patients(seen)),
        "worst_case": share(count, len(inductions), _patients(inductions)),
    }


def _patients(inductions: Iterable[Induction]) -> int:
    return len({one.given.patient for one in inductions})


def side_effects(sessions: Iterable[Given], asked: Mapping[str, Mapping[str, bool]]) -> list[Json]:
    """By band of dose: how many sessions were asked about each effect, and how many had it."""
    bands: dict[str, list[Given]] = defaultdict(list)
    for one in sessions:
        bands[one.dose_band].append(one)
    return [_of_band(band, bands[band], asked) for band in sorted(bands)]


def _of_band(band: str, sessions: Sequence[Given], asked: Mapping[str, Mapping[str, bool]]) -> Json:
    told: dict[str, list[tuple[str, bool]]] = defaultdict(list)
    for one in sessions:
        for effect, present in asked.get(one.id, {}).items():
            told[effect].append((one.patient, present))
    patients = len({one.patient for one in sessions})
    return {
        "dose_band": band,
        "sessions": len(sessions),
        "patients": patients,
        "sessions_not_asked": sum(one.id not in asked for one in sessions),
        "effects": [
            _effect(effect, answers, len(sessions), patients)
            for effect, answers in sorted(told.items())
        ],
    }


def _effect(effect: str, answers: Sequence[tuple[str, bool]], sessions: int, patients: int) -> Json:
    """Of those asked; and of all sessions, as if none of the others had it.

    Where an effect was never recorded as absent, nobody asked: it was told when it was there.
    """
    count = sum(present for _, present in answers)
    of_asked = share(count, len(answers), len({patient for patient, _ in answers}))
    if count == len(answers) and of_asked["reason"] is None:
        of_asked |= NO_PERCENT | {"reason": "never_recorded_absent"}
    return {
        "effect": effect,
        "asked": len(answers),
        "not_asked": sessions - len(answers),
        "present": of_asked,
        "at_least": share(count, sessions, patients),
    }
