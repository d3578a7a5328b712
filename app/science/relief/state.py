"""How the patient is doing now, as far as the last reading tells.

The states are a view over the relief method for the worklist; only the method's own lines, and the
three thresholds `stale_days`, `fading_fraction` and `fading_sems` of `Policy`, decide.
"""

from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from app.science.relief.baseline import ONE_DAY
from app.science.relief.episodes import Course, Findings, Interval, Limits, study
from app.science.relief.records import Json, Patient
from app.science.relief.scales import SCALES, Scale
from app.science.relief.spells import Rules

State = Literal["holding", "fading", "lost", "no_response", "unknown", "not_evaluable"]
"""Since the last treatment, one at home included:

- `not_evaluable`: no infusion was given, or the course has no baseline to judge by.
- `unknown`: no check-in since the last infusion, or the last is older than `stale_days`, or the
  first came so late and bad that relief may have come and gone.
- `no_response`: no check-in since the last infusion was a response.
- `lost`: the last check-ins, as many as a loss needs, are over the line of loss; or the last is,
  after a loss.
- `fading`: over that line but not yet confirmed; or back under it after a loss; or still under it,
  but `fading_fraction` of the way from the best check-in to the line is given back and the rise is
  at least `fading_sems` standard errors, so that noise alone doesn't look like it.
- `holding`: relief that does none of this.
"""

TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Current:
    """A patient's state at one moment."""

    state: State
    days_since_last_infusion: float | None = None
    last_reading_at: datetime | None = None
    days_since_last_reading: float | None = None
    score: float | None = None
    """The last reading in the instrument's own points."""
    change_from_baseline_percent: float | None = None
    """(last - baseline) / baseline x 100 in severity: negative is better, whichever way the
    instrument's points run. Half is rounded away from zero, to one decimal."""
    unknown_from: datetime | None = None
    """When the state turns `unknown` if no reading comes; None when it is so or never will be."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A severity at a moment."""

    at: datetime
    severity: float


def current_state(patient: Json, now: datetime) -> dict[str, Any]:
    """The state at `now` (aware) of a patient in the form that `extract` takes.

    `{state, days_since_last_infusion, last_reading_at, days_since_last_reading, score,
    change_from_baseline_percent, unknown_from}`; see `State`. What is dated after
    `now` is not looked at. Raises ValueError for a record that cannot be read.
    """
    return asdict(current(study({**patient, "as_of": now}), now))


def current(findings: Findings, now: datetime) -> Current:
    """The state at `now` (aware), on the records that `findings` rest on."""
    if not findings.courses:
        return Current("not_evaluable")
    patient, course = findings.patient, findings.courses[-1]
    interval = course.intervals[-1]
    state = _state(patient, course, interval)
    told = Current(state, days_since_last_infusion=_days(interval.infusion.at, now))
    scale = course.choice.scale or _any_scale(patient)
    reading = _last_reading(patient, scale, interval) if scale else None
    if scale is None or reading is None:
        return told
    read = replace(
        told,
        last_reading_at=reading.at,
        days_since_last_reading=_days(reading.at, now),
        score=round(scale.score(reading.severity), 4),
        change_from_baseline_percent=_change(course, reading),
    )
    return _aged(read, reading.at + timedelta(days=patient.policy.stale_days), now)


def _aged(told: Current, stale_at: datetime, now: datetime) -> Current:
    """The same, made unknown once the reading is stale, or saying when it will be."""
    if told.state in {"unknown", "not_evaluable"}:
        return told
    if now > stale_at:
        return replace(told, state="unknown")
    return replace(told, unknown_from=stale_at)


def _state(patient: Patient, course: Course, interval: Interval) -> State:
    if course.choice.reason == "no_scores":
        return "unknown"
    if course.limits is None or course.rules is None or course.choice.scale is None:
        return "not_evaluable"
    if interval.relief is None:
        return "no_response" if interval.status == "no_response" else "unknown"
    bad = _bad_at_the_end(interval, course.limits)
    if bad and _is_lost(bad, interval, course.rules):
        return "lost"
    came_back = interval.status == "lost"
    if bad or came_back or _gives_back(patient, course.choice.scale, course.limits, interval):
        return "fading"
    return "holding"


def _bad_at_the_end(interval: Interval, limits: Limits) -> int:
    """How many check-ins in a row, up to the last, are over the line since relief began."""
    assert interval.relief is not None
    bad = 0
    for checkin in interval.checkins:
        after_onset = checkin.day > interval.relief.onset[1]
        bad = bad + 1 if after_onset and not limits.keeps(checkin.severity) else 0
    return bad


def _is_lost(bad: int, interval: Interval, rules: Rules) -> bool:
    return interval.status == "lost" or bad >= rules.confirm


def _gives_back(patient: Patient, scale: Scale, limits: Limits, interval: Interval) -> bool:
    best = min(checkin.severity for checkin in interval.checkins)
    risen = interval.checkins[-1].severity - best
    enough = patient.policy.fading_fraction * (limits.loss - best)
    return risen >= enough and risen >= patient.policy.fading_sems * scale.sem


def _any_scale(patient: Patient) -> Scale | None:
    """The first preferred instrument that the patient has a score on."""
    codes = (code for code in patient.policy.instrument_priority if code in patient.scores)
    return next((SCALES[code] for code in codes), None)


def _last_reading(patient: Patient, scale: Scale, interval: Interval) -> Reading | None:
    """The last check-in since the infusion; without one, the last score before it."""
    if interval.checkins:
        return Reading(interval.checkins[-1].at, interval.checkins[-1].severity)
    settled = interval.infusion.at + timedelta(hours=patient.policy.settle_hours)
    scores = patient.scores.get(scale.code, ())
    fit = [s for s in scores if s.at <= interval.infusion.at or s.at >= settled]
    return Reading(fit[-1].at, fit[-1].severity) if fit else None


def _change(course: Course, reading: Reading) -> float | None:
    """Percent, against the course's baseline; None where that is missing or zero."""
    baseline = course.choice.baseline
    if baseline is None or baseline.severity <= 0:
        return None
    before, now = Decimal(str(baseline.severity)), Decimal(str(reading.severity))
    return float((100 * (now - before) / before).quantize(TENTH, rounding=ROUND_HALF_UP))


def _days(since: datetime, now: datetime) -> float:
    return round((now - since) / ONE_DAY, 4)
