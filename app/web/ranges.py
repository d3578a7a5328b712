"""Which days the picture of a patient shows, and where its buttons lead. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from app.picture.actions import LONGEST, Range

DAY = timedelta(days=1)

FARTHEST = LONGEST
"""How far before and after today a day may be asked for."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The days that somebody asked for, both shown; None for an end that they left open."""

    first: date | None = None
    last: date | None = None

    @classmethod
    def read(cls, first: str | None, last: str | None, today: date) -> Self | None:
        """From what an address says; None where that is no range.

        >>> today = date(2026, 11, 23)
        >>> Asked.read("2026-11-01", "", today)
        Asked(first=datetime.date(2026, 11, 1), last=None)
        >>> Asked.read("2026-11-09", "2026-11-08", today), Asked.read("9 Nov", None, today)
        (None, None)
        """
        try:
            since, until = (date.fromisoformat(one) if one else None for one in (first, last))
        except ValueError:
            return None
        ends = [since or until or today, until or max(today, since or today)]
        if any(abs(one - today) > FARTHEST for one in ends):
            return None
        whole = ends[1] - ends[0]
        open_ended = since is not None and until is None and since > today
        return None if open_ended or not timedelta() <= whole < LONGEST else cls(since, until)

    def range(self, zone: str, reach: timedelta | None) -> Range:
        """The same as instants, on a patient's clock."""
        return Range(
            since=None if self.first is None else midnight(self.first, zone),
            until=None if self.last is None else midnight(self.last + DAY, zone),
            reach=reach,
        )


def midnight(day: date, zone: str) -> datetime:
    """When a day begins."""
    return datetime.combine(day, time(), ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, from the first to the last of them."""

    first: date
    last: date

    @classmethod
    def of(cls, since: datetime, until: datetime, zone: str) -> Self:
        """The days that a span of time touches."""
        last = (until - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()
        return cls(since.astimezone(ZoneInfo(zone)).date(), last)

    @property
    def count(self) -> int:
        """How many."""
        return (self.last - self.first).days + 1

    def moved(self, days: int) -> "Days":
        """As many, later by so many."""
        return Days(self.first + days * DAY, self.last + days * DAY)

    def sized(self, count: int, around: date) -> "Days":
        """So many, with a day where it was between the ends.

        >>> november = Days(date(2026, 11, 1), date(2026, 11, 30))
        >>> november.sized(10, date(2026, 11, 30))
        Days(first=datetime.date(2026, 11, 21), last=datetime.date(2026, 11, 30))
        """
        before = (around - self.first).days / max(1, self.count - 1)
        first = around - round(before * (count - 1)) * DAY
        return Days(first, first + (count - 1) * DAY)

    def within(self, other: "Days") -> "Days":
        """What lies in the other, too."""
        return Days(max(self.first, other.first), min(self.last, other.last))


def steps(shown: Days, whole: Days, today: date) -> dict[str, Days | None]:
    """Where each button leads; None where there is nothing more.

    Closer and wider go around today where it is shown, else around the middle.
    """
    all_of_it = Days(min(shown.first, whole.first), max(shown.last, whole.last))
    half = max(1, shown.count // 2)
    around = today if shown.first <= today <= shown.last else shown.first + half * DAY
    more = shown.first > whole.first or shown.last < whole.last
    return {
        "Earlier": shown.moved(-half) if shown.first > whole.first else None,
        "Later": shown.moved(half) if shown.last < whole.last else None,
        "Closer": shown.sized(half, around) if shown.count > 1 else None,
        "Wider": shown.sized(2 * shown.count, around).within(all_of_it) if more else None,
    }
