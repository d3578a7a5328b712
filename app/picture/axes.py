"""Where things lie: time across, severity down to the well."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.science.relief.scales import Scale

LEAST_GAP = 70
"""Pixels that a date needs."""


def day(at: datetime, zone: str) -> str:
    """A date as it is read where somebody is.

    >>> day(datetime.fromisoformat("2026-11-24T01:30:00Z"), "America/Denver")
    '23 Nov 2026'
    """
    local = at.astimezone(ZoneInfo(zone))
    return f"{local.day} {local:%b %Y}"


@dataclass(frozen=True, slots=True)
class Across:
    """Time from the left edge of the plot to its right."""

    since: datetime
    until: datetime
    left: float
    right: float
    zone: str
    apart: float = 0
    """What lies closer than so many pixels shares its words; 0 for nothing."""

    def __call__(self, at: datetime) -> float:
        """Pixels from the left of the picture."""
        share = (at - self.since) / (self.until - self.since)
        return round(self.left + share * (self.right - self.left), 2)

    def clipped(self, at: datetime) -> float:
        """The same, kept within the plot."""
        return min(self.right, max(self.left, self(at)))

    def shows(self, at: datetime) -> bool:
        """Whether an instant lies in the plot."""
        return self.since <= at <= self.until

    def touches(self, first: datetime, last: datetime) -> bool:
        """Whether a part of a span lies in the plot."""
        return first < self.until and last > self.since

    def day(self, at: datetime) -> str:
        """A date as it is read where the patient is."""
        return day(at, self.zone)

    @property
    def days(self) -> float:
        """How many days the plot shows."""
        return (self.until - self.since) / timedelta(days=1)

    def ticks(self) -> Iterator[tuple[datetime, str]]:
        """Midnights to name, and their names, no closer than can be read."""
        zone = ZoneInfo(self.zone)
        room = max(1.0, (self.right - self.left) / LEAST_GAP)
        for first in firsts(self.since.astimezone(zone).date(), self.days / room, self.days):
            at = datetime.combine(first, time(), zone)
            if self.shows(at):
                yield at, named(first, self.days / room)


def firsts(start: date, step_days: float, days: float) -> Iterator[date]:
    """Days, weeks (Mondays), months or years from a day on, as far apart as the step asks."""
    if step_days <= 28:  # noqa: PLR2004  # the shortest month
        step = next((one for one in (1, 2, 7, 14, 28) if one >= step_days), 28)
        first = start if step < 7 else start + timedelta(days=-start.weekday() % 7)  # noqa: PLR2004  # a week
        yield from (first + timedelta(days=step * n) for n in range(int(days / step) + 2))
        return
    months = next((one for one in (1, 2, 3, 6, 12) if one * 28 >= step_days), 12)
    every = months * max(1, round(step_days / 365)) if months == 12 else months  # noqa: PLR2004
    month = start.year * 12 + start.month - 1
    month += -month % every
    for n in range(int(days / 28 / every) + 2):
        year, place = divmod(month + n * every, 12)
        yield date(year, place + 1, 1)


def named(day: date, step_days: float) -> str:
    """A date as the axis says it: 5 Nov, and the year where it begins or where years are told.

    >>> named(date(2026, 11, 5), 7), named(date(2027, 1, 1), 28), named(date(2026, 11, 1), 60)
    ('5 Nov', '1 Jan 2027', 'Nov 2026')
    """
    if step_days > 28:  # noqa: PLR2004  # the shortest month
        return f"{day:%b %Y}"
    new_year = day.month == 1 and day.day <= 28 and step_days > 7 and day.day <= step_days  # noqa: PLR2004
    return f"{day.day} {day:%b %Y}" if new_year else f"{day.day} {day:%b}"


@dataclass(frozen=True, slots=True)
class Down:
    """Severity from the top of the plot, the worst, to its bottom, the best."""

    scale: Scale
    top: float
    bottom: float

    @property
    def worst(self) -> float:
        """The highest severity there is."""
        return self.scale.highest - self.scale.lowest

    def __call__(self, severity: float) -> float:
        """Pixels from the top of the picture."""
        share = severity / self.worst
        return round(self.bottom - share * (self.bottom - self.top), 2)

    def ticks(self) -> list[tuple[float, str]]:
        """Severities to name, and the instrument's own points for them.

        >>> from app.science.relief.scales import SCALES
        >>> Down(SCALES["MOOD-10"], 0, 100).ticks()[:2]
        [(0.0, '10'), (2.0, '8')]
        """
        steps = (1, 2, 5, 10, 20, 50)
        step = next((one for one in steps if self.worst / one <= 6), steps[-1])  # noqa: PLR2004
        severities = [float(step * n) for n in range(int(self.worst / step) + 1)]
        return [(one, f"{self.scale.score(one):g}") for one in severities]
