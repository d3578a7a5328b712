"""What the forms of a session say, as the bodies that the API takes. Pure: text in, content out."""

import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.kit.errors import Invalid
from app.kit.ids import new_id

Typed = Mapping[str, str]
"""A form's fields as they were typed."""

Content = dict[str, Any]

MEASURED = (
    "systolic_mmhg",
    "diastolic_mmhg",
    "heart_rate_bpm",
    "spo2_percent",
    "sedation_moaas",
    "respiratory_rate_per_minute",
    "temperature_celsius",
    "oxygen_l_per_minute",
)

NAMES = {
    "systolic_mmhg": "Systolic",
    "diastolic_mmhg": "Diastolic",
    "heart_rate_bpm": "Pulse",
    "spo2_percent": "SpO₂",
    "sedation_moaas": "Sedation",
    "respiratory_rate_per_minute": "Breaths",
    "temperature_celsius": "Temperature",
    "oxygen_l_per_minute": "Oxygen",
    "weight_kg": "Weight",
    "planned_dose_mg": "Dose",
    "planned_mg_per_kg": "Dose by weight",
    "planned_minutes": "Minutes",
    "dose_mg": "Dose",
    "rate_mg_per_minute": "Rate",
    "clock": "Time",
    "drawn_mg": "Drawn",
    "wasted_mg": "Wasted",
    "why": "What for",
    "measured_at": "Time",
    "observed_at": "Time",
}
"""What the pages call a field, where it is more than the field's name in words."""

CHECKS = ("gait_steady", "escort_present", "instructions_given", "told_not_to_drive")
"""What only the person at the chair can say, as ticked."""

REASON = "reason-"
"""A field that gives the reason for passing a rule, or an unmet criterion, begins so."""

_FIELD = re.compile(r"\b[a-z]+_[a-z0-9_]+\b")
_WHOLE, _DECIMAL = re.compile(r"-?\d{1,9}"), re.compile(r"-?\d{0,9}[.,]\d{1,9}")


def name_of(field: str) -> str:
    """What the pages call a field.

    >>> name_of("spo2_percent"), name_of("checks/aldrete"), name_of("")
    ('SpO₂', 'Aldrete', '')
    """
    last = field.rpartition("/")[2]
    return NAMES.get(last) or last.replace("_", " ").capitalize()


def in_words(detail: str) -> str:
    """What is wrong, with the fields that it names called as the pages call them.

    >>> in_words("must not be more than drawn_mg")
    'must not be more than drawn'
    """
    return _FIELD.sub(lambda found: name_of(found[0]).lower(), detail)


def number(text: str) -> Any:
    """A number as it is typed, or the text, which a schema then refuses.

    >>> number("142"), number("36,8"), number("14o")
    (142, 36.8, '14o')
    """
    if _WHOLE.fullmatch(text):
        return int(text)
    return float(text.replace(",", ".")) if _DECIMAL.fullmatch(text) else text


def numbers(typed: Typed, *names: str) -> Content:
    """The numbers that were typed."""
    return {name: number(typed[name]) for name in names if typed.get(name)}


def texts(typed: Typed, *names: str) -> Content:
    """The texts that were typed."""
    return {name: typed[name] for name in names if typed.get(name)}


def flags(typed: Typed, *names: str) -> Content:
    """What was answered with yes or no; what was not answered is left out."""
    return {name: typed[name] == "yes" for name in names if typed.get(name) in ("yes", "no")}


def id_of(typed: Typed) -> UUID:
    """The id that a form carries: sent twice it is one record. Without one, a new one."""
    try:
        return UUID(typed["id"])
    except (KeyError, ValueError):
        return new_id()


def reading(typed: Typed) -> Content:
    """Vital signs, or why there are none."""
    told = numbers(typed, *MEASURED) | flags(typed, "symptomatic") | texts(typed, "note")
    if typed.get("palpated") == "yes":
        told["method"] = "palpated"
    if typed.get("not_done"):
        told["not_done_reason"] = typed.get("not_done_other") or typed["not_done"]
        told |= numbers(typed, "planned_minute")
    return told


def effect(typed: Typed) -> Content:
    """A side effect: there, with how bad it is, or asked about and absent."""
    told = texts(typed, "effect", "other_text", "action_taken", "note")
    told["present"] = typed.get("present") != "no"
    return told | (numbers(typed, "severity") if told["present"] else {})


def dose_event(typed: Typed) -> Content:
    """A pause, a rate, a bolus."""
    return texts(typed, "kind", "reason") | numbers(typed, "rate_mg_per_minute", "dose_mg")


def medication(typed: Typed) -> Content:
    """What was given beside the drug."""
    told = texts(typed, "name", "unit", "route", "why", "response", "performed_by", "note")
    return told | numbers(typed, "dose")


def supply(typed: Typed) -> Content:
    """What was drawn, and what of it was thrown away."""
    told = texts(typed, "product", "lot_number", "expires_on", "vial_id", "witnessed_by")
    return told | numbers(typed, "drawn_mg", "wasted_mg")


def reasons(typed: Typed) -> list[dict[str, str]]:
    """Why rules, or criteria that are not met, were passed."""
    return [
        {"rule": name.removeprefix(REASON), "reason": text}
        for name, text in typed.items()
        if name.startswith(REASON) and text
    ]


def discharge(typed: Typed) -> Content:
    """What was checked before somebody goes home, and why what is not met is passed."""
    checks: Content = {name: True for name in CHECKS if typed.get(name) == "yes"}
    return {"checks": checks | numbers(typed, "aldrete"), "reasons": reasons(typed)}


def plan(typed: Typed, zone: str) -> Content:
    """A session as it is planned. Raises Invalid for a day or a time that is none."""
    told = texts(typed, "drug", "route", "weight_kind", "weight_measured_on", "chair", "note")
    told |= numbers(
        typed, "planned_mg_per_kg", "planned_dose_mg", "planned_minutes", "weight_kg"
    ) | flags(typed, "weight_confirmed")
    if typed.get("day") or typed.get("clock"):
        told["scheduled_at"] = appointed(typed, zone).isoformat()
    if typed.get("separate_from"):
        told["separate_from"] = [typed["separate_from"]]
    return told


def appointed(typed: Typed, zone: str) -> datetime:
    """The instant of a day and a time where the clinic is. Raises Invalid."""
    try:
        day = date.fromisoformat(typed.get("day", ""))
    except ValueError:
        raise Invalid(("/day", "must be a date")) from None
    return datetime.combine(day, clock_time(typed, "clock"), ZoneInfo(zone))


def at_clock(typed: Typed, name: str, near: datetime, zone: str) -> datetime | None:
    """The instant of a time of day, on the day of another instant; None where none was typed.

    >>> from datetime import UTC
    >>> near = datetime(2026, 11, 23, 17, tzinfo=UTC)
    >>> at_clock({"ended": "10:10"}, "ended", near, "America/Denver").isoformat()
    '2026-11-23T10:10:00-07:00'
    """
    if not typed.get(name):
        return None
    local = near.astimezone(ZoneInfo(zone))
    return datetime.combine(local.date(), clock_time(typed, name), ZoneInfo(zone))


def nearest_clock(typed: Typed, name: str, near: datetime, zone: str) -> datetime | None:
    """The instant of a time of day that lies nearest to another instant; None where none was typed.

    >>> from datetime import UTC
    >>> start = datetime(2026, 11, 24, 6, 40, tzinfo=UTC)
    >>> nearest_clock({"given": "00:10"}, "given", start, "America/Denver").isoformat()
    '2026-11-24T00:10:00-07:00'
    """
    days = (near + timedelta(days=n) for n in (-1, 0, 1))
    found = (at_clock(typed, name, one, zone) for one in days)
    return min(
        (one for one in found if one is not None), key=lambda one: abs(one - near), default=None
    )


def clock_time(typed: Typed, name: str) -> time:
    """A time of day as it is typed. Raises Invalid."""
    try:
        return time.fromisoformat(typed.get(name, ""))
    except ValueError:
        raise Invalid((f"/{name}", "must be a time, like 09:30")) from None
