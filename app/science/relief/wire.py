"""Relief as JSON: a patient's records in, courses and episodes out. Relief method, section 2."""

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from app.science.relief.episodes import (
    Course,
    Findings,
    Interval,
    best_improvement,
    rests_on,
    study,
)
from app.science.relief.records import Json
from app.science.relief.spells import Spell

DECIMALS = 4
"""Days, baselines and shares are rounded to this many places: nine seconds."""


def extract(patient: Json) -> dict[str, Any]:
    """Courses and relief episodes of one patient: `{patient_id, courses, episodes, notes}`.

    `patient` holds `infusions` ({id, t, status?, dose_mg_per_kg?, starts_course?, setting?}),
    `scores` ({id, instrument, t, value}), and if wanted `baselines` ({instrument, value, course? or
    first_infusion_id?}), `policy`, `known_at` and `as_of`. A record may say `recorded_at`,
    `supersedes` and `deleted`. Times are ISO 8601 or datetimes; without a zone, the clinic's.

    There is one episode for each treatment given, but none for one at home (see `study`).
    Baselines are severities. Raises ValueError for a record that cannot be read.
    """
    return as_json(study(patient))


def as_json(findings: Findings) -> dict[str, Any]:
    """What was found, as `extract` answers it."""
    return {
        "patient_id": findings.patient.id,
        "courses": [_course(course) for course in findings.courses],
        "episodes": [
            _episode(course, interval)
            for course in findings.courses
            for interval in course.intervals
            if interval.is_episode
        ],
        "notes": list(findings.patient.notes),
    }


def lines(stream: Iterable[str]) -> Iterator[str]:
    """For each line, a patient as a JSON object, the answer of `extract` as a line of JSON.

    Blank lines are passed over. Raises ValueError naming the line that cannot be read.

    >>> next(lines(['{"patient_id": "ada"}']))
    '{"patient_id": "ada", "courses": [], "episodes": [], "notes": []}'
    """
    for number, line in enumerate(stream, 1):
        if line.strip():
            try:
                yield json.dumps(extract(_object(line)))
            except ValueError as error:
                raise ValueError(f"line {number}: {error}") from error


def _object(line: str) -> Json:
    try:
        patient = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON at column {error.colno}") from None
    if not isinstance(patient, Mapping):
        raise ValueError("a patient is a JSON object")  # noqa: TRY004  what lines promises
    return patient


def _course(course: Course) -> dict[str, Any]:
    choice = course.choice
    baseline = choice.baseline
    start = course.intervals[0].infusion.at
    return {
        "index": course.number,
        "start": start.isoformat().replace("+00:00", "Z"),
        "instrument": choice.scale and choice.scale.code,
        "baseline": baseline and _rounded(baseline.severity),
        "baseline_source": baseline and baseline.source,
        "baseline_ids": list(baseline.ids) if baseline else [],
        "evaluable": choice.reason is None,
        "reason": choice.reason,
    }


def _episode(course: Course, interval: Interval) -> dict[str, Any]:
    return {
        "infusion_id": interval.infusion.id,
        "course": course.number,
        "index_in_course": interval.index_in_course,
        "status": interval.status,
        "n_checkins": len(interval.checkins),
        **_duration(interval),
        "best_improvement": _rounded(best_improvement(course, interval)),
        "remission": _remission(interval.remission),
        "rests_on": rests_on(interval),
    }


def _duration(interval: Interval) -> dict[str, Any]:
    relief = interval.relief
    if relief is not None:
        return {
            "onset": {"lower": _rounded(relief.onset[0]), "upper": _rounded(relief.onset[1])},
            "lower": _rounded(relief.lower),
            "upper": _rounded(relief.upper),
            "censoring": _censoring(relief),
            "censor_reason": relief.reason,
            "re_response": relief.came_back,
        }
    unseen = interval.status == "indeterminate"
    return {
        "onset": None,
        "lower": 0.0 if unseen else None,
        "upper": _rounded(interval.checkins[0].day) if unseen else None,
        "censoring": "left" if unseen else None,
        "censor_reason": None,
        "re_response": False,
    }


def _remission(spell: Spell | None) -> dict[str, Any] | None:
    if spell is None:
        return None
    return {
        "at": _rounded(spell.onset[1]),
        "lower": _rounded(spell.lower),
        "upper": _rounded(spell.upper),
        "censoring": _censoring(spell),
    }


def _censoring(spell: Spell) -> str:
    return "right" if spell.upper is None else "interval"


def _rounded(number: float | None) -> float | None:
    return None if number is None else round(number, DECIMALS)
