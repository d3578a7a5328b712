"""A patient's plan of questionnaires as a form: a series added, questions left out. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from app.kit.errors import Invalid
from app.science.schedule import DUE, OPENS, Slot

Json = dict[str, Any]
Typed = Mapping[str, str]

MOST_TIMES, MOST_DAYS = 100, 366
"""Of one series: how often, and how far apart."""


def whole(typed: Typed, name: str, most: int) -> int:
    """A number from one to some most. Raises Invalid."""
    text = typed.get(name, "").strip()
    if not text.isdecimal() or len(text) > len(str(most)) or not 1 <= int(text) <= most:
        raise Invalid((f"/{name}", f"must be a whole number from 1 to {most}"))
    return int(text)


def series(typed: Typed, zone: str) -> list[Json]:
    """The questions of a series, as the API takes them. Raises Invalid.

    >>> told = {"instrument": "PHQ-9", "first": "2026-11-30", "every": "7", "times": "2",
    ...  "open_days": "2"}
    >>> [(one["slot_id"], one["closes_at"]) for one in series(told, "America/Denver")]
    [('PHQ-9@2026-11-30', '2026-12-02T07:00:00Z'), ('PHQ-9@2026-12-07', '2026-12-09T07:00:00Z')]
    """
    try:
        first = date.fromisoformat(typed.get("first", ""))
        times, every = whole(typed, "times", MOST_TIMES), whole(typed, "every", MOST_DAYS)
        lasts = whole(typed, "open_days", MOST_DAYS)
        days = [first + timedelta(days=every * place) for place in range(times)]
        return [slot(typed.get("instrument", ""), day, lasts, ZoneInfo(zone)) for day in days]
    except (ValueError, OverflowError):
        raise Invalid(("/first", "must be a date, like 2026-11-23")) from None


def slot(code: str, day: date, lasts: int, home: ZoneInfo) -> Json:
    """A question that opens and is due on a day, at the hours of the default plan."""
    opens, due = datetime.combine(day, OPENS, home), datetime.combine(day, DUE, home)
    closes = datetime.combine(day + timedelta(days=lasts), time(0), home)
    return Slot(f"{code}@{day.isoformat()}", code, opens, due, closes).as_dict()


def beside(there: Sequence[Json], more: Sequence[Json]) -> list[Json]:
    """A plan with more in it; what is asked at the same time already is asked once."""
    return list({one["slot_id"]: one for one in (*there, *more)}.values())


def without(there: Sequence[Json], typed: Typed) -> list[Json]:
    """A plan without what was ticked. Raises Invalid where nothing would be left, or nothing was.

    >>> there = [{"slot_id": "a"}, {"slot_id": "b"}]
    >>> without(there, {"out/a": "yes"})
    [{'slot_id': 'b'}]
    """
    left = [one for one in there if typed.get(f"out/{one['slot_id']}") != "yes"]
    if len(left) == len(there):
        raise Invalid(("/out", "Tick what to leave out"))
    if not left:
        raise Invalid(("/out", "Leave something in: a plan with nothing is the default plan"))
    return left
