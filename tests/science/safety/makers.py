"""Charts for the rules: a session on 5 January 2026 at 10:00, and what is known of it."""

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from app.science.safety import Chart, Exposure, Finding, Numbers, Reading, Session, of_session

START = datetime(2026, 1, 5, 10, tzinfo=UTC)

serial = count(1)


def minute(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def reading(minutes: float = 20, **values: Any) -> Reading:
    return Reading(f"reading-{next(serial)}", minute(minutes), **values)


def pressure(minutes: float, systolic: int, diastolic: int | None = None, **more: Any) -> Reading:
    return reading(minutes, systolic=systolic, diastolic=diastolic, **more)


def session(**fields: Any) -> Session:
    usual = {
        "id": "session",
        "drug": "ketamine",
        "route": "iv",
        "status": "in_progress",
        "at": START,
    }
    whole = usual | fields
    if whole["status"] != "planned":
        whole.setdefault("started_at", whole["at"])
    return Session(**whole)


def chart(*readings: Reading, **fields: Any) -> Chart:
    own = {name: fields.pop(name) for name in list(fields) if name in Chart.__dataclass_fields__}
    return Chart(own.pop("session", None) or session(**fields), readings=readings, **own)


def given(days: float = 0, hours: float = 0, **fields: Any) -> Exposure:
    """A session so long before."""
    at = START - timedelta(days=days, hours=hours)
    usual = {"id": f"given-{next(serial)}", "drug": "ketamine", "route": "iv", "at": at}
    return Exposure(**(usual | fields))


def found(one: Chart, chosen: dict[str, Any] | None = None, **more: Any) -> dict[str, Finding]:
    """What speaks, by rule, beside what was only not asked."""
    told = of_session(one, Numbers(chosen), **more)
    assert len({finding.rule for finding in told}) == len(told)
    return {finding.rule: finding for finding in told if not finding.shown_only}


def levels(one: Chart, chosen: dict[str, Any] | None = None, **more: Any) -> dict[str, str]:
    return {rule: finding.level for rule, finding in found(one, chosen, **more).items()}
