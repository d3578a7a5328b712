"""Which instrument judges a course, and against which baseline. Relief method, section 1."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.science.relief.records import EPSILON, Infusion, Patient, Score
from app.science.relief.scales import SCALES, Scale

ONE_DAY = timedelta(days=1)

Reason = Literal["no_scores", "no_baseline", "baseline_zero", "baseline_too_low"]
Source = Literal["explicit", "score", "carried_forward"]


@dataclass(frozen=True, slots=True)
class Baseline:
    """How ill the patient was before the course, as severity."""

    severity: float
    source: Source
    ids: tuple[str, ...]
    """The scores, or the statement, that it rests on; empty for a statement without an id."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What a course is judged by, or the reason why it is not judged."""

    scale: Scale | None
    baseline: Baseline | None
    reason: Reason | None


@dataclass(frozen=True, slots=True)
class Span:
    """A course's number, its infusions, and when the next course takes over (None: it doesn't)."""

    number: int
    infusions: tuple[Infusion, ...]
    until: datetime | None

    @property
    def start(self) -> datetime:
        """The start of its first infusion."""
        return self.infusions[0].at


def choose(patient: Patient, span: Span, carried: Mapping[str, Baseline]) -> Choice:
    """The first preferred instrument with a score after the course began and a fit baseline.

    With none, the reason of the first that had scores. `carried` are baselines of earlier courses
    by instrument.
    """
    refused: Choice | None = None
    for code in patient.policy.instrument_priority:
        scores = patient.scores.get(code, ())
        if not _has_any(scores, span):
            continue
        choice = _judge(patient, SCALES[code], _baseline(patient, code, span, carried))
        if choice.reason is None:
            return choice
        refused = refused or choice
    return refused or Choice(None, None, "no_scores")


def _has_any(scores: Sequence[Score], span: Span) -> bool:
    return any(
        span.start < score.at and (span.until is None or score.at <= span.until) for score in scores
    )


def _judge(patient: Patient, scale: Scale, baseline: Baseline | None) -> Choice:
    least = patient.policy.min_baseline
    least = scale.remission + 1 if least is None else least
    if baseline is None:
        return Choice(scale, None, "no_baseline")
    if baseline.severity <= 0:
        return Choice(scale, baseline, "baseline_zero")
    if baseline.severity < least - EPSILON:
        return Choice(scale, baseline, "baseline_too_low")
    return Choice(scale, baseline, None)


def _baseline(
    patient: Patient, code: str, span: Span, carried: Mapping[str, Baseline]
) -> Baseline | None:
    found = _stated(patient, code, span) or _scored(patient, code, span)
    if found is None and patient.policy.carry_baseline and code in carried:
        earlier = carried[code]
        return Baseline(earlier.severity, "carried_forward", earlier.ids)
    return found


def _stated(patient: Patient, code: str, span: Span) -> Baseline | None:
    """The statement made for this course; of several, the last that names it most plainly.

    A statement for an infusion goes with the course that holds the infusion, so that a late
    arrival or a new cut doesn't part them. Where it brings two together, the earlier one counts.
    """
    places = {name: k for k, one in enumerate(span.infusions) for name in one.ids}
    best = None
    for stated in patient.stated:
        if stated.instrument != code:
            continue
        if stated.first_infusion_id is not None:
            rank = places.get(stated.first_infusion_id)
        elif stated.course is not None:
            rank = 0 if stated.course == span.number else None
        else:
            rank = len(places) if span.number == 1 else None
        if rank is not None and (best is None or rank <= best[0]):
            best = (rank, stated)
    if best is None:
        return None
    name = best[1].id
    return Baseline(best[1].severity, "explicit", () if name is None else (name,))


def _scored(patient: Patient, code: str, span: Span) -> Baseline | None:
    window = patient.policy.baseline_window_days + EPSILON
    before = [
        score
        for score in patient.scores.get(code, ())
        if score.at <= span.start and (span.start - score.at) / ONE_DAY <= window
    ]
    if not before:
        return None
    zone = patient.policy.zone()
    day = before[-1].at.astimezone(zone).date()
    same_day = [score for score in before if score.at.astimezone(zone).date() == day]
    used, severity = collapse(SCALES[code], same_day)
    return Baseline(severity, "score", used)


def collapse(scale: Scale, same_day: Sequence[Score]) -> tuple[tuple[str, ...], float]:
    """The ids used and the severity of one day's scores, in order of time; at least one.

    >>> at = datetime(2026, 1, 5)
    >>> collapse(SCALES["MOOD-10"], [Score("a", at, 3.0), Score("b", at, 4.0)])
    (('a', 'b'), 3.5)
    """
    if scale.same_day == "mean":
        return _names(same_day), sum(score.severity for score in same_day) / len(same_day)
    return (same_day[-1].id,), same_day[-1].severity


def _names(scores: Iterable[Score]) -> tuple[str, ...]:
    return tuple(score.id for score in scores)
