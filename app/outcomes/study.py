"""What the records of a clinic come to: its episodes of relief, its inductions, its sessions.

An induction is the run of infusions that begins a course, each within a week of the one before and
at most eight. What follows from the fourth infusion on, or from an induction's last, is a time of
keeping relief: the curves are of that. Clinical method, section Curves of a clinic.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from typing import Any, Literal

import orjson

from app.outcomes.doses import band_of
from app.relief.actions import case
from app.science import relief
from app.science.relief import Course, Findings, Interval

Json = dict[str, Any]

RUN_DAYS = 7.0
"""The longest pause within an induction. A default: no guideline sets it."""
LONGEST_RUN = 8
"""The most infusions that an induction has, as in the real-world series of McInnes 2022."""
KEEPING_FROM = 4
"""From this infusion of a course on, relief is to be kept, whatever its pace."""

ONE_DAY = timedelta(days=1)

Phase = Literal["induction", "post_induction"]


@dataclass(frozen=True, slots=True)
class Given:
    """A session as far as outcomes are told apart by it."""

    patient: str
    id: str
    at: datetime
    drug: str
    route: str
    dose_band: str
    phase: Phase
    instrument: str | None
    """By which its course is judged; None where it is not."""


@dataclass(frozen=True, slots=True)
class Episode:
    """A session and the relief after it."""

    given: Given
    status: str
    """As the relief method says it."""
    lower_days: float | None
    upper_days: float | None
    """Relief lasted at least so long, and was gone by then; None: not seen to end."""
    censored_by: str | None


@dataclass(frozen=True, slots=True)
class Induction:
    """A course once its first run of infusions is over, and what was seen after that."""

    given: Given
    """The run's last session."""
    infusions: int
    unseen: str | None
    """Why nobody can say how it went: no baseline, or no check-in in time; None where one can."""
    responded: bool
    remitted: bool


@dataclass(frozen=True, slots=True)
class Clinic:
    """All that outcomes are told from."""

    patients: int
    episodes: tuple[Episode, ...]
    inductions: tuple[Induction, ...]
    underway: int
    """Courses whose induction is not over yet, or was over too short a while ago to be judged."""
    asked: Mapping[str, Mapping[str, bool]]
    """By session, each side effect that was asked about, and whether it was there."""
    sampled: Mapping[str, Findings]
    """Some patients' findings, for the curve that takes every score into account."""


def study(
    rows: Iterable[Mapping[str, Any]],
    chosen: Mapping[str, Any],
    instruments: Sequence[str],
    now: datetime,
    sample: int = 0,
) -> Clinic:
    """Read the records of a clinic, as outcomes.queries.records has them."""
    findings: dict[str, Findings] = {}
    sessions: dict[str, Json] = {}
    asked: dict[str, dict[str, bool]] = {}
    for row in rows:
        record = _read(row, chosen)
        told = case(record, list(instruments)) | {"patient_id": str(row["id"]), "as_of": now}
        findings[str(row["id"])] = relief.study(told)
        sessions |= {one["id"]: one for one in record["infusions"]}
        for one in record["effects"]:
            asked.setdefault(one["infusion_id"], {})[one["effect"]] = one["present"]
    episodes, inductions, underway = _told(findings, sessions, now)
    watched = {one.given.patient for one in episodes if one.status in {"lost", "held"}}
    return Clinic(
        patients=len(findings),
        episodes=tuple(episodes),
        inductions=tuple(inductions),
        underway=underway,
        asked=asked,
        sampled={name: findings[name] for name in sorted(watched, key=_shuffled)[:sample]},
    )


def _read(row: Mapping[str, Any], chosen: Mapping[str, Any]) -> Json:
    """A patient's row as relief asks for it."""
    lists = {
        name: orjson.loads(row[name] or "[]")
        for name in ("infusions", "scores", "baselines", "effects")
    }
    about = {name: row[name] for name in ("time_zone", "instrument_priority")}
    return {**about, **lists, "chosen": chosen}


def _shuffled(patient: str) -> bytes:
    """An order that has nothing to do with when patients came, and is always the same."""
    return sha256(patient.encode()).digest()


def _told(
    findings: Mapping[str, Findings], sessions: Mapping[str, Json], now: datetime
) -> tuple[list[Episode], list[Induction], int]:
    episodes: list[Episode] = []
    inductions: list[Induction] = []
    underway = 0
    for patient, found in findings.items():
        for course in found.courses:
            run = run_length(course)
            of_course = [
                (interval, _given(patient, course, interval, run, sessions))
                for interval in course.intervals
                if interval.is_episode
            ]
            episodes += [_episode(interval, given) for interval, given in of_course]
            last = course.intervals[run - 1]
            window_days = found.patient.policy.response_window_days
            if not _is_over(course, run, now, window_days):
                underway += 1
            else:
                given = _given(patient, course, last, run, sessions)
                inductions.append(_induction(course, last, given, run, window_days))
    return episodes, inductions, underway


def run_length(course: Course) -> int:
    """How many infusions the induction of a course has; at least one."""
    starts = [interval.infusion.at for interval in course.intervals]
    pauses = (later - earlier for earlier, later in pairwise(starts[:LONGEST_RUN]))
    return 1 + next(
        (place for place, pause in enumerate(pauses) if pause / ONE_DAY > RUN_DAYS),
        min(len(starts), LONGEST_RUN) - 1,
    )


def _is_over(course: Course, run: int, now: datetime, window_days: float) -> bool:
    """Whether the induction is, and a response after it would have been looked for by now."""
    if len(course.intervals) > run:
        return True
    return (now - course.intervals[run - 1].infusion.at) / ONE_DAY > window_days


def _given(
    patient: str, course: Course, interval: Interval, run: int, sessions: Mapping[str, Json]
) -> Given:
    record = sessions[interval.infusion.id]
    place = interval.index_in_course
    keeping = record["phase"] == "maintenance" or place >= min(run, KEEPING_FROM)
    scale = course.choice.scale
    return Given(
        patient=patient,
        id=interval.infusion.id,
        at=interval.infusion.at,
        drug=record["drug"],
        route=record["route"],
        dose_band=band_of(record["drug"], record["dose_mg"], interval.infusion.dose_mg_per_kg),
        phase="post_induction" if keeping else "induction",
        instrument=None if scale is None else scale.code,
    )


def _episode(interval: Interval, given: Given) -> Episode:
    spell = interval.relief
    if spell is None:
        return Episode(given, interval.status, None, None, None)
    return Episode(given, interval.status, spell.lower, spell.upper, spell.reason)


def _induction(
    course: Course, interval: Interval, given: Given, infusions: int, window_days: float
) -> Induction:
    """Whether relief, or remission, was there within so many days of the run's last infusion."""
    unseen: str | None = course.choice.reason
    if unseen is None and not any(one.day <= window_days for one in interval.checkins):
        unseen = "no_check_in"
    spells = (interval.relief, interval.remission)
    responded, remitted = (
        unseen is None and spell is not None and spell.onset[1] <= window_days for spell in spells
    )
    return Induction(given, infusions, unseen, responded, remitted)
