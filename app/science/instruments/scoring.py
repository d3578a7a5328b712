"""From what was sent to a score: total or tier, band, and what it says about self-harm."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from app.science.instruments import safety, totals
from app.science.instruments.checks import Answers, Disagrees, require_possible
from app.science.instruments.model import Instrument, Level
from app.science.instruments.registry import get

CONTRADICTORY = "contradictory_answers"
"""An item was answered that the form's own logic leaves out. Scored by the worse answer."""

PARTIAL_DOMAIN = "domain_partly_answered"
"""A domain counts its worst answered item, and another of its items is blank: it may be worse."""

UNREACHABLE = "unreachable_total"
"""No set of whole answers gives the total that was sent."""

Source = Literal["computed", "prorated", "reported"]
"""How a total came about: from all answers, from some, or as it was sent."""


@dataclass(frozen=True, slots=True)
class Scored:
    """A score. `total` is unrounded; it and `band` are null where too much is missing.

    `complete`: no answer is missing but those that the form's logic leaves out. `subscales` has the
    sums of the subscales without a blank. `self_harm_level` is how loud the alert must be.
    """

    total: float | None
    total_source: Source | None
    complete: bool
    band: str | None
    scoring_version: str
    self_harm: safety.SelfHarm
    self_harm_level: Level | None
    flags: tuple[str, ...] = ()
    subscales: Mapping[str, float] = field(default_factory=dict)


def score(
    instrument: Instrument | str,
    answers: Answers | None,
    reported_total: float | None = None,
) -> Scored:
    """Score answers, a total, or both.

    With all questions answered the total is computed, and one that was sent must agree (else
    Disagrees). With blanks a total that was sent stands; without one it is prorated where the
    instrument has a rule, else null. What can't have been answered raises InvalidAnswers, an
    unknown code KeyError.

    >>> score("PHQ-9", [1, 1, 2, 0, 1, 0, 2, 0, 0]).total
    7.0
    >>> score("C-SSRS", [1, 1, 0, 1, 0, 0, None]).band
    'high'
    """
    chosen = get(instrument) if isinstance(instrument, str) else instrument
    require_possible(chosen, answers, reported_total)
    if answers is None:
        return _of_total_alone(chosen, reported_total)
    padding = (None,) * (len(chosen.items) - len(answers))
    return _of_answers(chosen, (*answers, *padding), reported_total)


def _of_total_alone(instrument: Instrument, total: float | None) -> Scored:
    return Scored(
        total=None if total is None else float(total),
        total_source="reported",
        complete=False,
        band=_band(instrument, total),
        scoring_version=instrument.scoring_version,
        self_harm="unknown" if instrument.safety_items else "none",
        self_harm_level=None,
        flags=_of_reported(instrument, total),
    )


def _of_answers(instrument: Instrument, answers: totals.Answers, reported: float | None) -> Scored:
    blank = totals.blanks(instrument, answers)
    total, source = _total(instrument, answers, blank, reported)
    self_harm, level = safety.of_answers(instrument, answers, blank)
    return Scored(
        total=total,
        total_source=source,
        complete=not blank,
        band=_band(instrument, total) if instrument.has_total else safety.tier(level, blank),
        scoring_version=instrument.scoring_version,
        self_harm=self_harm,
        self_harm_level=level,
        flags=(
            *((CONTRADICTORY,) if totals.contradict(instrument, answers) else ()),
            *((PARTIAL_DOMAIN,) if blank and instrument.domains and source == "computed" else ()),
            *(_of_reported(instrument, total) if source == "reported" else ()),
            *_diagnosis(instrument, answers),
        ),
        subscales=totals.subscales(instrument, answers),
    )


def _total(
    instrument: Instrument,
    answers: totals.Answers,
    blank: tuple[int, ...],
    reported: float | None,
) -> tuple[float | None, Source | None]:
    if not instrument.has_total:
        return None, None
    if blank and reported is not None:
        return float(reported), "reported"
    total = totals.whole(instrument, answers)
    if total is not None:
        if not blank and reported not in (None, total):
            raise Disagrees
        return total, "computed"
    prorated = totals.prorated(instrument, answers)
    return prorated, None if prorated is None else "prorated"


def _band(instrument: Instrument, total: float | None) -> str | None:
    """The band that a total falls in; each starts at its own low end, so 4.5 is still below 5."""
    if total is None:
        return None
    reached = [band for band in instrument.bands if band.low is not None and total >= band.low]
    return reached[-1].name if reached else None


def _of_reported(instrument: Instrument, total: float | None) -> tuple[str, ...]:
    """A sum of whole answers times a multiplier is a multiple of it."""
    return (UNREACHABLE,) if total is not None and total % instrument.multiplier else ()


def _diagnosis(instrument: Instrument, answers: totals.Answers) -> tuple[str, ...]:
    """Whether the criteria of a provisional diagnosis are met, or would be with the blanks."""
    criteria = instrument.criteria
    if criteria is None:
        return ()
    needed = dict(criteria.needed)
    met = possible = True
    for group in instrument.subscales:
        given = totals.of_items(answers, group.items)
        endorsed = sum(a is not None and a >= criteria.endorsed_at for a in given)
        met = met and endorsed >= needed[group.name]
        possible = possible and endorsed + given.count(None) >= needed[group.name]
    if met:
        return (criteria.flag,)
    return (f"{criteria.flag}_undecided",) if possible else ()
