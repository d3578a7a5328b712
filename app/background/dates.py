"""Dates that a record can't have: after now, before its own beginning, or none at all."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from app.kit.errors import Invalid
from app.records.kinds import Telling
from app.records.stamps import AHEAD, timed

MOVED = ("effective_at", "precision", "utc_offset_minutes")


def happened(telling: Telling) -> datetime:
    """The instant that everything uses, as the record will have it."""
    at: datetime | None = telling.values.get("effective_at")
    if at is None:
        assert telling.before is not None, "a new record has its time"
        at = telling.before["effective_at"]
    return at


def day_of(telling: Telling) -> date:
    """The day on which it happened, where the patient lives."""
    return happened(telling).astimezone(ZoneInfo(telling.subject.time_zone)).date()


def refuse_ahead(telling: Telling, *names: str) -> None:
    """Raise Invalid for days that can't have come yet."""
    latest = (telling.values["changed_at"] + AHEAD).date()
    told = {name: getattr(telling.sent, name) for name in names}
    ahead = [
        (f"/{name}", "lies more than 24 hours ahead")
        for name, day in told.items()
        if day is not None and day > latest
    ]
    if ahead:
        raise Invalid(*ahead)


def date_undated(telling: Telling) -> None:
    """What lost its day by a correction is dated by when it was recorded, as a new one is."""
    before = telling.before
    if before is None or telling.sent.day is not None or before["precision"] != "day":
        return
    zone = telling.subject.time_zone
    at = before["recorded_at"]
    times = timed(telling.viewer, telling.sent, at, telling.values["changed_at"], zone)
    telling.values.update({name: times[name] for name in MOVED})
