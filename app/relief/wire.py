"""What the relief method found, under the names and ids of the API."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from app.science import relief
from app.science.relief import Findings

Json = dict[str, Any]


def shown(
    findings: Findings,
    course_of: Mapping[str, str | None],
    marks: Mapping[str, Sequence[Mapping[str, Any]]],
    now: datetime,
) -> Json:
    """Policy, courses, episodes and the state at `now`.

    By infusion, `course_of` has its course, and `marks` the changes of co-treatment in its episode.
    """
    found = relief.as_json(findings)
    # A course keeps the id that its first infusion has in the record, whatever its number here.
    ids = {
        course.number: course_of.get(course.intervals[0].infusion.id) for course in findings.courses
    }
    return {
        "patient_id": findings.patient.id,
        "policy": relief.policy_provenance(findings.patient.policy),
        "courses": [_course(one, ids[one["index"]]) for one in found["courses"]],
        "episodes": [
            _episode(one, ids[one["course"]]) | {"co_treatment": marks[one["infusion_id"]]}
            for one in found["episodes"]
        ],
        "current": _current(findings, now),
        # That what came after as_of is left out goes without saying: it was asked for.
        "notes": [note for note in found["notes"] if not note.endswith("after as_of, ignored")],
        "method_version": relief.METHOD_VERSION,
    }


def _course(found: Json, course_id: str | None) -> Json:
    renamed = {"course_id": course_id, "number": found["index"], "started_at": found["start"]}
    return renamed | _without(found, "index", "start")


def _episode(found: Json, course_id: str | None) -> Json:
    days = {"lower_days": found["lower"], "upper_days": found["upper"]}
    onset, remission = found["onset"], found["remission"]
    renamed = {
        "course_id": course_id,
        "number_in_course": found["index_in_course"],
        "onset": onset and {f"{name}_days": value for name, value in onset.items()},
        "remission": remission and _remission(remission),
    }
    return _without(found, "course", "index_in_course", "lower", "upper") | days | renamed


def _remission(found: Json) -> Json:
    days = {f"{name}_days": found[name] for name in ("at", "lower", "upper")}
    return days | {"censoring": found["censoring"]}


def _current(findings: Findings, now: datetime) -> Json:
    """The state at `now`. What is dated later today, by the day alone, is no days ago."""
    told = asdict(relief.current(findings, now))
    for name in ("days_since_last_infusion", "days_since_last_reading"):
        if told[name] is not None:
            told[name] = max(0.0, told[name])
    return told


def _without(found: Json, *names: str) -> Json:
    return {name: value for name, value in found.items() if name not in names}
