"""Relief episodes: what each infusion brought, and how long it lasted as far as was seen.

All durations are elapsed days (86,400 s) since the start of the interval's infusion. It is a pure
function of the set of records: the order they arrive in never matters, and a late or corrected
record means reckoning anew. Relief method, sections 1 to 3.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from itertools import chain, groupby
from typing import Literal

from app.science.courses import Given, cut
from app.science.relief.baseline import ONE_DAY, Baseline, Choice, Span, choose, collapse
from app.science.relief.policy import Policy
from app.science.relief.records import EPSILON, Infusion, Json, Patient, Reader, Score
from app.science.relief.scales import Scale
from app.science.relief.spells import EndedBy, Rules, Spell, follow

Status = Literal["lost", "held", "no_response", "indeterminate", "unobserved", "not_evaluable"]


@dataclass(frozen=True, slots=True)
class Checkin:
    """One local day's scores inside one interval, at the time of the last of them."""

    at: datetime
    day: float
    """Elapsed days since the infusion."""
    severity: float
    score_ids: tuple[str, ...]
    """The scores that its severity is made of."""


@dataclass(frozen=True, slots=True)
class Limits:
    """The lines a course is judged by, as severity."""

    baseline: float
    response: float
    loss: float
    loss_is_absolute: bool
    remission: float

    def responds(self, severity: float) -> bool:
        """Enough of the baseline is gone; the line itself counts."""
        return severity <= self.response + EPSILON

    def keeps(self, severity: float) -> bool:
        """Relief, once there, is not lost: the share's line still keeps, the absolute one loses."""
        if self.loss_is_absolute:
            return severity < self.loss - EPSILON
        return severity <= self.loss + EPSILON

    def remits(self, severity: float) -> bool:
        """In remission; the cut-off counts."""
        return severity <= self.remission + EPSILON


@dataclass(frozen=True, slots=True)
class Interval:
    """The time from one infusion to the next treatment, and what was seen in it."""

    infusion: Infusion
    index_in_course: int
    ended_by: EndedBy
    checkins: tuple[Checkin, ...]
    status: Status
    relief: Spell | None
    remission: Spell | None

    @property
    def is_episode(self) -> bool:
        """False for an infusion at home, which nobody watched."""
        return not self.infusion.at_home


@dataclass(frozen=True, slots=True)
class Course:
    """A course of treatment, what it is judged by, and its intervals in order of time."""

    number: int
    choice: Choice
    limits: Limits | None
    """None when it cannot be judged; `choice` has the reason."""
    rules: Rules | None
    intervals: tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything the method has to say of one patient."""

    patient: Patient
    courses: tuple[Course, ...]


def study(record: Json) -> Findings:
    """Read a patient's records and find the courses and intervals.

    An infusion at home is a treatment like any other (it counts in the course, starts the clock
    anew and ends the interval before it), but what follows it is no episode: the relief after it
    is not the clinic's, and neither is it the earlier infusion's.

    Raises ValueError for a record that cannot be read.
    """
    patient = Reader(record).read()
    courses: list[Course] = []
    carried: dict[str, Baseline] = {}
    for span in _spans(patient):
        course = _course(patient, span, choose(patient, span, carried))
        courses.append(course)
        if course.limits and course.choice.scale and course.choice.baseline:
            carried[course.choice.scale.code] = course.choice.baseline
    return Findings(patient, tuple(courses))


def _spans(patient: Patient) -> list[Span]:
    by_id = {one.id: one for one in patient.infusions}
    given = [Given(one.id, one.at, one.starts_course) for one in patient.infusions]
    courses = cut(given, patient.policy.course_gap_days)
    spans = [tuple(by_id[one.id] for one in course) for course in courses]
    return [
        Span(number, infusions, spans[number][0].at if number < len(spans) else None)
        for number, infusions in enumerate(spans, 1)
    ]


def _course(patient: Patient, span: Span, choice: Choice) -> Course:
    limits, rules = _limits(patient.policy, choice), _rules(patient.policy, choice)
    zone = patient.policy.zone()
    ends = [*(one.at for one in span.infusions[1:]), span.until]
    intervals = []
    for index, (infusion, until) in enumerate(zip(span.infusions, ends, strict=True), 1):
        ended_by: EndedBy = "next_infusion" if until else "end_of_follow_up"
        blank = Interval(infusion, index, ended_by, (), "not_evaluable", None, None)
        if choice.scale is None or limits is None or rules is None:
            intervals.append(blank)
            continue
        inside = _inside(patient, choice.scale, infusion.at, until)
        checkins = tuple(_checkins(choice.scale, inside, infusion.at, zone))
        intervals.append(_judged(blank, checkins, limits, rules, patient.policy))
    return Course(span.number, choice, limits, rules, tuple(intervals))


def _limits(policy: Policy, choice: Choice) -> Limits | None:
    if choice.reason or choice.scale is None or choice.baseline is None:
        return None
    baseline = choice.baseline.severity
    absolute = policy.loss_absolute.get(choice.scale.code)
    return Limits(
        baseline=baseline,
        response=(1 - policy.response_fraction) * baseline,
        loss=(1 - policy.loss_fraction) * baseline if absolute is None else absolute,
        loss_is_absolute=absolute is not None,
        remission=choice.scale.remission,
    )


def _rules(policy: Policy, choice: Choice) -> Rules | None:
    if choice.scale is None:
        return None
    confirm = choice.scale.confirm if policy.confirm is None else policy.confirm
    return Rules(confirm, policy.max_gap_days, policy.unconfirmed)


def _inside(patient: Patient, scale: Scale, start: datetime, until: datetime | None) -> list[Score]:
    """Scores of the interval (start, until] that are not still of the session itself."""
    settled = start + timedelta(hours=patient.policy.settle_hours)
    return [
        score
        for score in patient.scores.get(scale.code, ())
        if start < score.at >= settled and (until is None or score.at <= until)
    ]


def _checkins(
    scale: Scale, scores: list[Score], start: datetime, zone: tzinfo
) -> Iterator[Checkin]:
    for _, group in groupby(scores, key=lambda score: score.at.astimezone(zone).date()):
        same_day = list(group)
        used, severity = collapse(scale, same_day)
        at = same_day[-1].at
        yield Checkin(at, (at - start) / ONE_DAY, severity, used)


def _judged(
    blank: Interval, checkins: tuple[Checkin, ...], limits: Limits, rules: Rules, policy: Policy
) -> Interval:
    days = [one.day for one in checkins]
    kept = [limits.keeps(one.severity) for one in checkins]
    responses = (k for k, one in enumerate(checkins) if limits.responds(one.severity))
    first = next(responses, len(checkins))
    good = [False] * first + [True] + kept[first + 1 :] if first < len(checkins) else []
    relief = follow(days, good, rules, blank.ended_by)
    remits = [limits.remits(one.severity) for one in checkins]
    return Interval(
        infusion=blank.infusion,
        index_in_course=blank.index_in_course,
        ended_by=blank.ended_by,
        checkins=checkins,
        status=_status(days, relief, policy),
        relief=relief,
        remission=follow(days, remits, rules, blank.ended_by),
    )


def _status(days: list[float], relief: Spell | None, policy: Policy) -> Status:
    if not days:
        return "unobserved"
    if relief is not None:
        return "held" if relief.upper is None else "lost"
    if days[0] <= policy.response_window_days + EPSILON:
        return "no_response"
    return "indeterminate"


def best_improvement(course: Course, interval: Interval) -> float | None:
    """The largest share of the baseline that was gone at a check-in; None without a check-in.

    Negative when every check-in was worse than the baseline.
    """
    if course.limits is None or not interval.checkins:
        return None
    baseline = course.limits.baseline
    return max((baseline - one.severity) / baseline for one in interval.checkins)


def rests_on(interval: Interval) -> list[str]:
    """Ids of the scores that the interval's check-ins are made of, in order of time."""
    return list(chain.from_iterable(one.score_ids for one in interval.checkins))
