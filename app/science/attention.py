"""When a patient begins to need attention, from what is known of them: instants, not a verdict.

What holds at a moment is asked of the instants alone, so that nothing need be worked out anew as
time goes by. The words for a reader are made along with them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from typing import Any, Literal

from app.science.relief import Current, Findings, Interval

REMEMBERED = timedelta(days=180)
"""Relief seen to be lost needs attention for so long after the infusion; [default]."""

OPENING = timedelta(days=7)
"""A window is told of so long before it opens; [default]."""

DAILY = frozenset({"MOOD-10"})
"""Ratings that are asked so often that one left out means nothing."""


@dataclass(frozen=True, slots=True)
class Spell:
    """A reason for attention, from an instant until another; until None: until a new fact."""

    since: datetime
    until: datetime | None
    sentence: str
    record_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Asked:
    """A questionnaire that a patient is asked for."""

    instrument: str
    opens_at: datetime
    closes_at: datetime


def of_relief(
    findings: Findings, now: Current, zone: tzinfo
) -> dict[Literal["relief_lost", "fading"], Spell]:
    """Relief that is lost, or fades: `relief_lost` or `fading`.

    Fading holds until the reading is too old to tell. A loss stays: it does not mend by itself.
    """
    if now.state not in {"lost", "fading"} or now.last_reading_at is None:
        return {}
    word: Literal["relief_lost", "fading"] = "fading" if now.state == "fading" else "relief_lost"
    course = findings.courses[-1]
    interval = course.intervals[-1]
    instrument = course.choice.scale.code if course.choice.scale else "The score"
    on = now.last_reading_at.astimezone(zone).date().isoformat()
    said = "Relief was lost" if word == "relief_lost" else "Relief is fading"
    sentence = f"{said}: {instrument} {now.score:g} on {on}{_change(now)}."
    since, until = now.last_reading_at, now.unknown_from
    if word == "relief_lost":
        since, until = _first_bad(interval), interval.infusion.at + REMEMBERED
    return {word: Spell(since, until, sentence, _rests_on(interval))}


def _change(now: Current) -> str:
    change = now.change_from_baseline_percent
    if change is None:
        return ""
    if change == 0:
        return ", as at baseline"
    return f", {abs(change):g}% {'above' if change > 0 else 'below'} baseline"


def _first_bad(interval: Interval) -> datetime:
    """The check-in by which relief was seen to be gone; the last one where none says so."""
    spell, last = interval.relief, interval.checkins[-1]
    if spell is None or spell.upper is None:
        return last.at
    return next((one.at for one in interval.checkins if one.day >= spell.upper), last.at)


def _rests_on(interval: Interval) -> tuple[str, ...]:
    return interval.checkins[-1].score_ids if interval.checkins else ()


def last_answer(findings: Findings) -> datetime | None:
    """When a questionnaire was last answered; daily ratings are none."""
    scores = findings.patient.scores
    return max(
        (scores[code][-1].at for code in scores.keys() - DAILY if scores[code]), default=None
    )


def answers_overdue(asked: Iterable[Asked], since: datetime, zone: tzinfo) -> Spell | None:
    """From when answers are overdue: the first questionnaire to close since the last answer."""
    wanted = (one for one in asked if one.instrument not in DAILY and one.opens_at > since)
    first = min(wanted, key=lambda one: one.closes_at, default=None)
    if first is None:
        return None
    on = first.closes_at.astimezone(zone).date().isoformat()
    sentence = f"{first.instrument} was due by {on}."
    return Spell(first.closes_at, None, sentence)


def next_look(now: datetime, spread: int) -> datetime:
    """When to look again though nothing was told: within a day, not at once for everybody.

    >>> from datetime import UTC
    >>> next_look(datetime(2026, 11, 23, tzinfo=UTC), 60).isoformat()
    '2026-11-23T21:00:00+00:00'
    """
    return now + timedelta(hours=20, minutes=spread % 240)


EXCEEDED = "threshold_already_exceeded"
"""The window's reason where the first day possible is later than the day one would choose."""


def of_window(
    window: Mapping[str, Any], zone: tzinfo, exceeded_at: datetime | None = None
) -> dict[Literal["window_open", "window_opening"], Spell]:
    """The window to talk about the next infusion, and the week before it opens.

    Where the chance that relief is gone passed the clinic's threshold, at `exceeded_at`, it is
    open: each day the first day possible is another.
    """
    opens_on, closes_on = window["opens_on"], window["closes_on"]
    if opens_on is None:
        return {}
    held = " ".join(one["sentence"] or one["rule"] for one in window["held_by"])
    stands = f" Held: {held}" if held else ""
    ids = tuple(str(one["alert_id"]) for one in window["held_by"])
    if exceeded_at is not None and any(one["name"] == EXCEEDED for one in window["reasons"]):
        said = f"Talk about the next infusion: {opens_on.isoformat()} is the first day possible."
        return {"window_open": Spell(exceeded_at, None, said + stands, ids)}
    opens_at = datetime.combine(opens_on, time(0), zone)
    days = f"from {opens_on.isoformat()} to {closes_on.isoformat()}"
    said = (days if opens_on < closes_on else f"on {opens_on.isoformat()}") + f".{stands}"
    soon = opens_at - OPENING
    return {
        "window_open": Spell(opens_at, None, f"Talk about the next infusion {said}", ids),
        "window_opening": Spell(soon, opens_at, f"Talk about the next infusion soon: {said}", ids),
    }


def passed(lost_by_day: Sequence[float], infused_at: datetime, limit: float) -> datetime | None:
    """When the chance that relief is gone reaches a limit, if it ever does.

    >>> from datetime import UTC
    >>> passed([0.1, 0.6], datetime(2026, 11, 23, tzinfo=UTC), 0.5).isoformat()
    '2026-11-24T00:00:00+00:00'
    """
    day = next((day for day, chance in enumerate(lost_by_day) if chance >= limit), None)
    return None if day is None else infused_at + timedelta(days=day)


def of_chances(
    lost_by_day: Sequence[float], now: Current, infused_at: datetime, limit: float, zone: tzinfo
) -> dict[Literal["relief_lost"], Spell]:
    """When the chance that relief is gone reaches a limit, if it ever does.

    Of whom no response was seen, it says so: what was never there is not lost.
    """
    since = passed(lost_by_day, infused_at, limit)
    if since is None:
        return {}
    on = since.astimezone(zone).date().isoformat()
    said = f"the forecast puts the chance at {limit:.0%} by {on}."
    if now.state == "no_response":
        said = f"No response was seen. If there is relief, it is probably lost: {said}"
    else:
        said = f"Relief is probably lost: {said}"
    return {"relief_lost": Spell(since, None, said)}


def expiring(kind: str, on: date, record_id: object, zone: tzinfo) -> Spell:
    """A screening that holds no longer from that day."""
    said = f"The screening ({kind.replace('_', ' ')}) expires on {on.isoformat()}."
    return Spell(datetime.combine(on, time(0), zone), None, said, (str(record_id),))


def end_of(day: date | None, zone: tzinfo) -> datetime | None:
    """The end of a day where the patient lives."""
    return None if day is None else datetime.combine(day + timedelta(days=1), time(0), zone)
