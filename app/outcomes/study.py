"""What the records of a clinic come to: its episodes of relief, its inductions, its sessions.

An induction is the run of infusions that begins a course, each within a week of the one before and
at most eight. What follows from the fourth infusion on, or from an induction's last, is a time of
keeping relief: the curves are of that. Clinical method, section Curves of a clinic.
"""

from collections.abc import Iterator, Mapping, Sequence
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

    @property
    def is_relief(self) -> bool:
        """Whether relief was seen after it."""
        return self.status in {"lost", "held"}


@dataclass(frozen=True, slots=True)
class Induction:
    """The run of infusions that begins a course, and what was seen after it."""

    given: Given
    """The run's last session."""
    infusions: int
    unseen: str | None
    """Why nobody can say how it went: it is `underway` or was not over long enough ago, there is no
    baseline, or no check-in in time. None where one can."""
    responded: bool
    remitted: bool


@dataclass(frozen=True, slots=True)
class Clinic:
    """All that outcomes are told from."""

    patients: int
    episodes: list[Episode]
    inductions: list[Induction]
    asked: dict[str, dict[str, bool]]
    """By session, each side effect that was asked about, and whether it was there."""
    sampled: dict[str, Findings]
    """Some patients' findings, for the curve that takes every score into account."""


def study(
    rows: Sequence[Mapping[str, Any]],
    chosen: Mapping[str, Any],
    instruments: Sequence[str],
    now: datetime,
    sample: int = 0,
) -> Clinic:
    """Read the records of a clinic, as outcomes.queries.records has them.

    Patients are read one after the other, and no more is kept of each than outcomes need.
    """
    clinic = Clinic(len(rows), [], [], {}, {})
    for row in sorted(rows, key=lambda row: _shuffled(str(row["id"]))):
        patient, record = str(row["id"]), _read(row, chosen)
        told = case(record, list(instruments)) | {"patient_id": patient, "as_of": now}
        findings = relief.study(told)
        sessions = {one["id"]: one for one in record["infusions"]}
        episodes = list(_episodes(findings, sessions))
        clinic.episodes.extend(episodes)
        clinic.inductions.extend(
            _induction(findings, one, sessions, now) for one in findings.courses
        )
        for one in record["effects"]:
            clinic.asked.setdefault(one["infusion_id"], {})[one["effect"]] = one["present"]
        if len(clinic.sampled) < sample and any(one.is_relief for one in episodes):
            clinic.sampled[patient] = findings
    return clinic


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


def _episodes(findings: Findings, sessions: Mapping[str, Json]) -> Iterator[Episode]:
    for course in findings.courses:
        run = run_length(course)
        for interval in course.intervals:
            if interval.is_episode:
                given = _given(findings, course, interval, run, sessions)
                yield _episode(interval, given)


def run_length(course: Course) -> int:
    """How many infusions the induction of a course has; at least one."""
    starts = [interval.infusion.at for interval in course.intervals]
    pauses = (later - earlier for earlier, later in pairwise(starts[:LONGEST_RUN]))
    return 1 + next(
        (place for place, pause in enumerate(pauses) if pause / ONE_DAY > RUN_DAYS),
        min(len(starts), LONGEST_RUN) - 1,
    )


def _given(
    findings: Findings,
    course: Course,
    interval: Interval,
    run: int,
    sessions: Mapping[str, Json],
) -> Given:
    record = sessions[interval.infusion.id]
    place = interval.index_in_course
    keeping = record["phase"] == "maintenance" or place >= min(run, KEEPING_FROM)
    scale = course.choice.scale
    return Given(
        patient=str(findings.patient.id),
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
    findings: Findings, course: Course, sessions: Mapping[str, Json], now: datetime
) -> Induction:
    """Whether relief, or remission, was there in time after the run's last infusion."""
    run = run_length(course)
    last = course.intervals[run - 1]
    window_days = findings.patient.policy.response_window_days
    unseen: str | None = course.choice.reason
    if len(course.intervals) == run and (now - last.infusion.at) / ONE_DAY <= window_days:
        unseen = "underway"
    elif unseen is None and not any(one.day <= window_days for one in last.checkins):
        unseen = "no_check_in"
    responded, remitted = (
        unseen is None and spell is not None and spell.onset[1] <= window_days
        for spell in (last.relief, last.remission)
    )
    given = _given(findings, course, last, run, sessions)
    return Induction(given, run, unseen, responded, remitted)
