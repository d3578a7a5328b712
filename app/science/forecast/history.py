"""What the forecast looks at of one patient: treatments, and the check-ins after each.

Taken from what the relief method found, so that the forecast and the episodes never disagree on
which scores count, on which day, against which baseline. Relief method, sections 1 and 5.4.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from app.science.relief import Checkin, Course, Findings, Interval

Seen = tuple[float, float | None]
"""Days between which relief was seen to end: (lower, upper]; None where it was not."""

Reason = Literal[
    "no_infusion", "no_scores", "no_baseline", "baseline_zero", "baseline_too_low", "too_long_ago"
]
"""Why there is no forecast."""


@dataclass(frozen=True, slots=True)
class Treatment:
    """One infusion and the check-ins until the next, as severity.

    Two are equal when the forecast cannot tell them apart.
    """

    index_in_course: int
    """1 for the first infusion of the course."""
    dose_mg_per_kg: float | None
    instrument: str
    baseline: float
    """Severity before the course; over zero."""
    limit: float
    """Severity above which relief is lost."""
    days: tuple[float, ...]
    """Elapsed days since the infusion, ascending."""
    severities: tuple[float, ...]
    clinic: str | None = None
    """Where clinics may differ, which one it is."""
    infusion_id: str = field(default="", compare=False)
    score_ids: tuple[str, ...] = field(default=(), compare=False)
    """The scores that the check-ins are made of."""
    seen: Seen | None = field(default=None, compare=False)
    """How long relief was seen to last; None when there was none to be seen."""


@dataclass(frozen=True, slots=True)
class History:
    """One patient, oldest treatment first.

    `current` is the last treatment; None when the guard rails forbid a forecast, and `refused` says
    why. `past` are those before it that can be judged, whatever their course.
    """

    patient: str
    past: tuple[Treatment, ...]
    current: Treatment | None
    refused: Reason | None = None
    infused_at: datetime | None = None
    """The start of the last treatment."""
    max_gap_days: float = 42.0
    """A last check-in older than this is stale."""
    baseline_ids: tuple[str, ...] = ()
    is_baseline_carried: bool = False
    """The baseline is that of an earlier course."""
    is_at_home: bool = False
    """The last treatment was not watched."""
    other_instrument: str | None = None
    """A scale answered after the last check-in of the one that the course is judged by."""

    @property
    def treatments(self) -> tuple[Treatment, ...]:
        """All that can be judged, oldest first."""
        return self.past if self.current is None else (*self.past, self.current)


def history_of(findings: Findings, clinic: str | None = None) -> History:
    """What the forecast needs of what was found. An infusion at home tells nothing of the clinic's.

    `clinic` only where the patients of several clinics are looked at together.
    """
    patient = str(findings.patient.id)
    if not findings.courses:
        return History(patient, (), None, "no_infusion")
    course = findings.courses[-1]
    last = course.intervals[-1]
    past = tuple(
        _treatment(each, interval, clinic)
        for each in findings.courses
        for interval in each.intervals
        if each.limits and interval.is_episode and interval is not last
    )
    if course.limits is None or course.choice.baseline is None:
        return History(patient, past, None, course.choice.reason, last.infusion.at)
    return History(
        patient=patient,
        past=past,
        current=_treatment(course, last, clinic),
        infused_at=last.infusion.at,
        max_gap_days=findings.patient.policy.max_gap_days,
        baseline_ids=course.choice.baseline.ids,
        is_baseline_carried=course.choice.baseline.source == "carried_forward",
        is_at_home=not last.is_episode,
        other_instrument=_other_instrument(findings, course, last),
    )


def _treatment(course: Course, interval: Interval, clinic: str | None) -> Treatment:
    assert course.limits is not None
    assert course.choice.scale is not None
    return Treatment(
        index_in_course=interval.index_in_course,
        dose_mg_per_kg=interval.infusion.dose_mg_per_kg,
        instrument=course.choice.scale.code,
        baseline=course.limits.baseline,
        limit=course.limits.loss,
        days=tuple(one.day for one in interval.checkins),
        severities=tuple(one.severity for one in interval.checkins),
        clinic=clinic,
        infusion_id=interval.infusion.id,
        score_ids=tuple(_ids(interval.checkins)),
        seen=_seen(interval),
    )


def _ids(checkins: tuple[Checkin, ...]) -> Iterator[str]:
    for checkin in checkins:
        yield from checkin.score_ids


def _seen(interval: Interval) -> Seen | None:
    if interval.relief is not None:
        return interval.relief.lower, interval.relief.upper
    if interval.status == "indeterminate":
        return 0.0, interval.checkins[0].day
    return None


def _other_instrument(findings: Findings, course: Course, last: Interval) -> str | None:
    """The first scale answered since the last infusion and since the course's own scale."""
    assert course.choice.scale is not None
    since = last.checkins[-1].at if last.checkins else last.infusion.at
    for code in sorted(findings.patient.scores):
        if code != course.choice.scale.code and findings.patient.scores[code][-1].at > since:
            return code
    return None
