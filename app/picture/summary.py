"""The picture in words: what a screen reader says, and what stands above the picture. Pure."""

from collections.abc import Mapping
from typing import Any

from app.picture.axes import day
from app.picture.scene import Span

STATES = {
    "holding": "Relief is holding.",
    "fading": "Relief is fading.",
    "lost": "Relief was lost.",
    "no_response": "No response since the last infusion.",
    "unknown": "Nothing recent says how they are.",
    "not_evaluable": "Relief can't be judged.",
}


def summary(current: Mapping[str, Any], spans: list[Span], code: str, zone: str) -> str:
    """Whether relief holds, since when, and how the last times went."""
    told = [STATES[current["state"]]]
    if current["days_since_last_infusion"] is not None:
        told.append(f"Last infusion {current['days_since_last_infusion']:.0f} days ago.")
    if current["score"] is not None and current["last_reading_at"] is not None:
        read = day(current["last_reading_at"], zone)
        told.append(f"{code} {current['score']:g} on {read}.")
    before = [one for one in spans if one.ends_at is not None and one.well_until is not None]
    if before:
        told.append(f"Before that: {'; '.join(lasted(one) for one in before[-3:])}.")
    return " ".join(told)


def lasted(one: Span) -> str:
    """How long one relief lasted.

    >>> from datetime import UTC, datetime, timedelta
    >>> at = datetime(2026, 11, 1, tzinfo=UTC)
    >>> days = lambda n: at + timedelta(days=n)
    >>> lasted(Span("i", at, days(30), "lost", days(1), days(14), days(21)))
    '14 to 21 days'
    >>> lasted(Span("i", at, days(30), "held", days(1), days(28), None))
    'at least 28 days'
    """
    assert one.well_until is not None
    least = (one.well_until - one.given_at).total_seconds() / 86400
    if one.lost_by is None:
        return f"at least {least:.0f} days"
    most = (one.lost_by - one.given_at).total_seconds() / 86400
    return f"{least:.0f} to {most:.0f} days"
