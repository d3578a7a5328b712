"""What the dose events of a session add up to. Pure: no database, no clock."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from app.infusions.tables import DoseKind
from app.kit.db import Row

LEAST_DIFFERENCE_MG = 0.1
"""Events and dose may differ by this much: a pump shows one digit. [default], no source sets it."""

SHARE = 0.01
"""Or by this share of the dose, whichever is more. [default], no source sets it."""


def total_mg(events: Iterable[Row], until: datetime | None) -> float:
    """Boluses, devices, and rates over the time they ran, in mg; events in the order of time.

    A pause holds the rate and a resume takes it up again, at its own rate if it names one. What
    runs at the end runs to `until`; without it, it counts to the last event.
    """
    total, running, rate, since = 0.0, 0.0, 0.0, None
    for event in events:
        at = event["at"] if until is None else min(event["at"], until)
        total += running * minutes(since, at) + (event["dose_mg"] or 0.0)
        since = at
        named = event["rate_mg_per_minute"]
        if event["kind"] == DoseKind.STOP:
            running = rate = 0.0
        elif event["kind"] == DoseKind.PAUSE:
            running = 0.0
        elif event["kind"] in (DoseKind.RATE, DoseKind.RESUME):
            running = rate = rate if named is None else named
    return total + running * minutes(since, until)


def minutes(start: datetime | None, end: datetime | None) -> float:
    """Minutes from one instant to a later one; none where either is open."""
    if start is None or end is None:
        return 0.0
    return max(0.0, (end - start).total_seconds() / 60)


def runs_on(events: list[Row]) -> bool:
    """Whether the last that was said of the rate lets it run."""
    said = [event for event in events if event["kind"] not in (DoseKind.BOLUS, DoseKind.DEVICE)]
    return bool(said) and said[-1]["kind"] in (DoseKind.RATE, DoseKind.RESUME)


def exceeds(total: float, dose_mg: float) -> bool:
    """Whether events add up to more than the dose given."""
    return total - dose_mg > tolerance(dose_mg)


def differs(total: float, dose_mg: float) -> bool:
    """Whether events add up to something else than the dose given."""
    return abs(total - dose_mg) > tolerance(dose_mg)


def tolerance(dose_mg: float) -> float:
    """How far apart events and dose may be, in mg."""
    return max(LEAST_DIFFERENCE_MG, SHARE * dose_mg) + 1e-9


def ordered(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Events in the order of time."""
    return sorted(events, key=lambda event: (event["at"], str(event["id"])))
