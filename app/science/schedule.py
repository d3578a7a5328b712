"""When to ask how it feels: daily ratings while relief is young, a questionnaire each week.

[default], after the suggested schedule in the clinical reference, section 6: MOOD-10 daily for
fourteen days after an infusion and three times a week after that; PHQ-9 weekly. No source sets
these; a clinician may set a patient's own.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

HORIZON = timedelta(days=28)
"""How far ahead slots are shown; the contract promises fourteen days."""

MEMORY = timedelta(days=120)
"""How far back an infusion still anchors the plan."""

DAILY_DAYS = 14
"""Days after an infusion on which mood is asked daily."""

LATER_WEEKDAYS = frozenset({0, 2, 4})
"""Then on Monday, Wednesday and Friday."""

WEEK_DAYS = 7
"""A PHQ-9 every so many days after the last infusion."""

OPENS, DUE = time(6), time(18)
"""A slot opens at six in the morning and is due at six in the evening, where the patient lives."""

LASTS_DAYS = {"MOOD-10": 1, "PHQ-9": 2}
"""Days until midnight closes a slot: a mood belongs to its day, a questionnaire may wait one."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing to answer, and when. All instants are aware."""

    slot_id: str
    instrument: str
    opens_at: datetime
    due_at: datetime
    closes_at: datetime

    def as_dict(self) -> dict[str, Any]:
        """As JSON has it, instants in UTC."""
        told = {"slot_id": self.slot_id, "instrument": self.instrument}
        times = {"opens_at": self.opens_at, "due_at": self.due_at, "closes_at": self.closes_at}
        return told | {name: utc(at) for name, at in times.items()}


def utc(at: datetime) -> str:
    """An instant as the API sends it.

    >>> utc(datetime(2026, 11, 23, 9, tzinfo=UTC))
    '2026-11-23T09:00:00Z'
    """
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


def named(
    slot_id: str | None, instrument: str, opens_at: datetime, due_at: datetime, closes_at: datetime
) -> Slot:
    """A slot under its own name, or under one made of what it asks and when."""
    made = f"{instrument}@{utc(opens_at)}"
    return Slot(slot_id or made, instrument, opens_at, due_at, closes_at)


def slots(infusions: Sequence[datetime], now: datetime, zone: str) -> list[Slot]:
    """The default plan from today to the horizon, in the patient's zone, by day.

    Without an infusion the questionnaire is anchored on today. Slots keep their names from one
    day to the next unless a new infusion moves the anchor.

    >>> start = datetime(2026, 11, 2, 15, tzinfo=UTC)
    >>> plan = slots([start], start, "America/Denver")
    >>> [(slot.instrument, slot.slot_id) for slot in plan][:2]
    [('MOOD-10', 'MOOD-10@2026-11-02'), ('MOOD-10', 'MOOD-10@2026-11-03')]
    """
    home = ZoneInfo(zone)
    today = now.astimezone(home).date()
    before = [at.astimezone(home).date() for at in infusions if at <= now]
    anchor = max(before, default=None)
    days = (today + timedelta(days=ahead) for ahead in range(HORIZON.days + 1))
    return [_slot(code, day, home) for day in days for code in _asked(day, anchor or today)]


def _asked(day: date, anchor: date) -> Iterator[str]:
    since = (day - anchor).days
    if since <= DAILY_DAYS or day.weekday() in LATER_WEEKDAYS:
        yield "MOOD-10"
    if since and since % WEEK_DAYS == 0:
        yield "PHQ-9"


def _slot(code: str, day: date, home: ZoneInfo) -> Slot:
    closes = datetime.combine(day + timedelta(days=LASTS_DAYS[code]), time(0), home)
    opens, due = datetime.combine(day, OPENS, home), datetime.combine(day, DUE, home)
    return Slot(f"{code}@{day.isoformat()}", code, opens, due, closes)
