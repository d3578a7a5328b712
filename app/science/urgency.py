"""How soon someone should see an alert, and when it is passed on to others."""

from collections.abc import Mapping
from typing import Any

from app.science.thresholds import Threshold

SOURCE = "no source sets it; a clinic's own rota should"

A_WEEK = 7 * 24 * 60

WITHIN_MINUTES = {"emergency": 15, "stop": 60, "warn": 24 * 60}
"""Someone should have acknowledged it by then. An alert of level info waits for nobody."""

ESCALATE_AFTER_MINUTES = {"emergency": 30, "stop": 2 * 60, "warn": 48 * 60}
"""Twice as long: whoever was told first has had the time they were given again."""


def _within(level: str, minutes: int) -> Threshold:
    about = f"An alert of level {level} should be acknowledged within this time of being raised."
    key = f"alerts.within_minutes.{level}"
    return Threshold(key, minutes, about, SOURCE, "default", "minutes", 1, A_WEEK)


def _escalate(level: str, minutes: int) -> Threshold:
    about = f"An alert of level {level} that nobody acknowledged by then is told to others too."
    key = f"alerts.escalate_after_minutes.{level}"
    return Threshold(key, minutes, about, SOURCE, "default", "minutes", 1, A_WEEK)


THRESHOLDS = {
    one.key: one
    for one in (
        *(_within(level, minutes) for level, minutes in WITHIN_MINUTES.items()),
        *(_escalate(level, minutes) for level, minutes in ESCALATE_AFTER_MINUTES.items()),
    )
}
"""By key."""


def minutes_of(what: str, level: str, chosen: Mapping[str, Any]) -> int | None:
    """The clinic's minutes for an alert of a level; None where nobody waits for one.

    >>> minutes_of("within_minutes", "stop", {}), minutes_of("within_minutes", "info", {})
    (60, None)
    >>> minutes_of("escalate_after_minutes", "stop", {"alerts.escalate_after_minutes.stop": 45})
    45
    """
    usual = THRESHOLDS.get(f"alerts.{what}.{level}")
    return None if usual is None else int(chosen.get(usual.key, usual.value))
