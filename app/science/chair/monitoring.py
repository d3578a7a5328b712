"""Which reading of the plan is there, due, late, or was missed. Times are aware instants."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

State = Literal["done", "not_done", "missed", "late", "due", "upcoming", "not_needed"]
"""Missed: the next one fell due meanwhile. Not needed: the patient had left by then."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A reading that was taken, or the reason why none was."""

    id: str
    at: datetime
    planned_minute: int | None = None
    not_done_reason: str | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """One reading of the plan."""

    planned_minute: int
    due_at: datetime
    state: State
    reading_id: str | None = None
    not_done_reason: str | None = None
    late_minutes: float = 0.0
    """How long it has been due, or how long after that it was taken; never below zero."""


def plan(
    schedule: Sequence[int],
    start: datetime,
    readings: Iterable[Reading],
    now: datetime,
    *,
    grace_minutes: float,
    begun: bool = True,
    left_at: datetime | None = None,
) -> list[Due]:
    """Every reading that the schedule asks for, in order.

    `schedule` is in minutes from `start`: the session's start or, where it has not `begun`, its
    appointed time. A reading belongs to the minute that it names, else to the one nearest to it.
    """
    minutes = sorted(set(schedule))
    taken = assigned(minutes, start, readings)
    found = []
    for place, minute in enumerate(minutes):
        due_at = start + timedelta(minutes=minute)
        last = place + 1 == len(minutes) or not begun
        next_at = None if last else start + timedelta(minutes=minutes[place + 1])
        reading = taken.get(minute)
        if reading is not None:
            found.append(_taken(minute, due_at, reading))
            continue
        state = _state(due_at, next_at, now, left_at, grace_minutes)
        late = _minutes(due_at, now) if state in ("late", "due") else 0.0
        found.append(Due(minute, due_at, state, late_minutes=late))
    return found


def assigned(
    minutes: Sequence[int], start: datetime, readings: Iterable[Reading]
) -> dict[int, Reading]:
    """At most one reading for each minute of the plan: the nearest of those that belong to it."""
    taken: dict[int, tuple[bool, float, Reading]] = {}
    for reading in sorted(readings, key=lambda one: (one.at, one.id)):
        at = (reading.at - start).total_seconds() / 60
        named = reading.planned_minute in minutes
        minute = reading.planned_minute if named else _nearest(minutes, at)
        if minute is None or (reading.not_done_reason is not None and not named):
            continue
        # What was taken counts before what was not, and the nearer before the farther.
        rank = (reading.not_done_reason is not None, abs(at - minute), reading)
        if minute not in taken or rank[:2] < taken[minute][:2]:
            taken[minute] = rank
    return {minute: rank[2] for minute, rank in taken.items()}


def upcoming(found: Iterable[Due]) -> Due | None:
    """What to measure next: the first that waits, whether its time has come or not."""
    return next((one for one in found if one.state in ("late", "due", "upcoming")), None)


def _nearest(minutes: Sequence[int], at: float) -> int | None:
    """The minute of the plan that a reading was taken nearest to.

    None for one that lies farther from the plan than its first and last gap are wide.

    >>> [_nearest([-15, 0, 10], at) for at in (4, 6, 20, 21, -30, -31)]
    [0, 10, 10, None, -15, None]
    """
    if len(minutes) < 2:  # noqa: PLR2004  # a gap has two ends
        return next(iter(minutes), None)
    first, last = minutes[1] - minutes[0], minutes[-1] - minutes[-2]
    if not minutes[0] - first <= at <= minutes[-1] + last:
        return None
    return min(minutes, key=lambda minute: (abs(at - minute), minute))


def _taken(minute: int, due_at: datetime, reading: Reading) -> Due:
    if reading.not_done_reason is not None:
        return Due(minute, due_at, "not_done", reading.id, reading.not_done_reason)
    return Due(minute, due_at, "done", reading.id, late_minutes=_minutes(due_at, reading.at))


def _state(
    due_at: datetime,
    next_at: datetime | None,
    now: datetime,
    left_at: datetime | None,
    grace_minutes: float,
) -> State:
    if left_at is not None and due_at > left_at:
        return "not_needed"
    if left_at is not None or (next_at is not None and next_at <= now):
        return "missed"
    if due_at > now:
        return "upcoming"
    return "late" if _minutes(due_at, now) > grace_minutes else "due"


def _minutes(since: datetime, until: datetime) -> float:
    return max(0.0, round((until - since).total_seconds() / 60, 1))
