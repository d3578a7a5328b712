"""How pages say times and numbers, where the clinic is. Pure."""

import re
from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

MINUTE, HOUR, DAY = 60, 3600, 86400

_DATE = re.compile(r"\b\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])\b")


def instant(value: str | datetime) -> datetime:
    """An instant from JSON."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def day(value: str | date | datetime | None, zone: str = "UTC") -> str:
    """A date: 23 Nov 2026.

    >>> day("2026-11-24T01:30:00Z", "America/Denver"), day("2026-11-05"), day(None)
    ('23 Nov 2026', '5 Nov 2026', '')
    """
    if value is None:
        return ""
    if isinstance(value, str) and len(value) == len("2026-11-23"):
        value = date.fromisoformat(value)
    local = value if type(value) is date else _local(value, zone)  # type: ignore[arg-type]  # datetime is a date too
    return f"{local.day} {local:%b %Y}"


def dated(sentence: str, now: datetime) -> str:
    """A sentence with its dates as people say them, the year where it is another one.

    >>> dated("Due by 2026-11-05, not by 2025-12-31.", instant("2026-11-23T00:00Z"))
    'Due by 5 Nov, not by 31 Dec 2025.'
    """

    def said(found: re.Match[str]) -> str:
        with suppress(ValueError):  # 2026-02-30 is no date
            return day(found[0]).removesuffix(f" {now.year}")
        return found[0]

    return _DATE.sub(said, sentence)


def clock(value: str | datetime | None, zone: str = "UTC") -> str:
    """A time of day: 09:05.

    >>> clock("2026-11-23T16:05:00Z", "America/Denver")
    '09:05'
    """
    return "" if value is None else f"{_local(value, zone):%H:%M}"


def moment(value: str | datetime | None, zone: str = "UTC") -> str:
    """A date and a time: 23 Nov 2026, 09:05."""
    return "" if value is None else f"{day(value, zone)}, {clock(value, zone)}"


def ago(value: str | datetime | None, now: datetime) -> str:
    """How long since, in one unit.

    >>> now = instant("2026-11-23T12:00Z")
    >>> [ago(then, now) for then in ("2026-11-23T11:59:30Z", "2026-11-23T11:00:00Z",
    ...  "2026-11-20T12:00:00Z", "2026-11-23T12:10:00Z")]
    ['just now', '1 hour ago', '3 days ago', 'in 10 minutes']
    """
    if value is None:
        return ""
    seconds = (now - instant(value)).total_seconds()
    if abs(seconds) < MINUTE:
        return "just now"
    told = length(abs(seconds))
    return f"{told} ago" if seconds > 0 else f"in {told}"


def length(seconds: float) -> str:
    """A length of time in its largest unit, whole.

    >>> length(90), length(5400), length(86400 * 2.6)
    ('1 minute', '1 hour', '2 days')
    """
    for size, unit in ((DAY, "day"), (HOUR, "hour"), (MINUTE, "minute")):
        if seconds >= size:
            count = int(seconds // size)
            return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
    return "less than a minute"


def number(value: float | None, digits: int = 0) -> str:
    """A number, halves away from zero; none is a dash.

    >>> number(31.25, 1), number(12.857), number(None)
    ('31.3', '13', '-')
    """
    if value is None:
        return "-"
    step = Decimal(1).scaleb(-digits)
    return f"{Decimal(str(value)).quantize(step, rounding=ROUND_HALF_UP):f}"


def plain(word: str) -> str:
    """A word of ours as it is read: blurred_vision is blurred vision."""
    return word.replace("_", " ")


def combine(one: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """Both, the second before the first."""
    return {**one, **other}


def query(told: Mapping[str, Any]) -> str:
    """What an address asks for; lists say each, and nothing is left out.

    >>> query({"a": "1 2", "b": ["x", "y"], "c": None})
    'a=1+2&b=x&b=y'
    """
    known = {name: value for name, value in told.items() if value is not None}
    return urlencode(known, doseq=True)


def _local(value: str | datetime, zone: str) -> datetime:
    return instant(value).astimezone(ZoneInfo(zone))
