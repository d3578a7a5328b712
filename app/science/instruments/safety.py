"""What the answers say about self-harm. A blank says nothing: it is unknown, never none."""

from typing import Literal

from app.science.instruments.model import Instrument, Level, SafetyItem
from app.science.instruments.totals import Answers

SelfHarm = Literal["none", "present", "unknown"]
"""Whether an answer about self-harm was anything but no; `unknown` where it was not answered."""

TIERS: dict[Level | None, str] = {
    None: "none",
    "warn": "low",
    "stop": "moderate",
    "emergency": "high",
}
"""The tier that the loudest yes of a screener without a total gives."""

_LEVELS: tuple[Level, ...] = ("emergency", "stop", "warn")


def of_answers(
    instrument: Instrument, answers: Answers, blank: tuple[int, ...]
) -> tuple[SelfHarm, Level | None]:
    """Whether self-harm is present, and how loud its alert must be.

    `blank` are the required items without an answer. A screener with one is never quieter than
    `warn`, and never quieter than what was answered.
    """
    levels = [_level(item, answers[item.item - 1]) for item in instrument.safety_items]
    loudest = next((level for level in _LEVELS if level in levels), None)
    if loudest is None and blank and not instrument.has_total:
        loudest = "warn"
    if any(_is_crisis(item, answers[item.item - 1]) for item in instrument.safety_items):
        return "present", loudest
    unanswered = any(item.item in blank for item in instrument.safety_items)
    return "unknown" if unanswered else "none", loudest


def _is_crisis(item: SafetyItem, answer: int | None) -> bool:
    return answer is not None and answer >= item.crisis_at


def _level(item: SafetyItem, answer: int | None) -> Level | None:
    if answer is None:
        return None
    starts = (item.emergency_at, item.stop_at, item.alert_at)
    return next(
        (
            level
            for level, start in zip(_LEVELS, starts, strict=True)
            if start is not None and answer >= start
        ),
        None,
    )


def tier(level: Level | None, blank: tuple[int, ...]) -> str:
    """The tier of a screener: `incomplete` with a blank, unless an answer already makes it high.

    >>> tier("stop", ()), tier("stop", (4,)), tier("emergency", (4,))
    ('moderate', 'incomplete', 'high')
    """
    if blank and level != "emergency":
        return "incomplete"
    return TIERS[level]
