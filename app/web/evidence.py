"""What an alert rests on, in words a clinician would use. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.web.words import clock, moment

INNER = frozenset(
    {"sentence", "rule", "level", "title", "trust", "records", "rule_version", "thresholds"}
)
"""What of an alert's evidence is said elsewhere on its page, or to programs alone."""

UNITS = {
    "_mmhg": " mmHg",
    "_bpm": "/min",
    "_percent": "%",
    "_mg_per_kg": " mg/kg",
    "_mg": " mg",
    "_kg": " kg",
    "_minutes": " minutes",
    "_hours": " hours",
    "_days": " days",
}
"""By the end of a name: the unit that its number is in."""


def told(evidence: Mapping[str, Any], zone: str) -> Iterator[tuple[str, str]]:
    """Each thing that an alert rests on: what it is, and how it stands.

    >>> reading = {"at": "2026-11-23T16:05:00Z", "systolic_mmhg": 186, "diastolic_mmhg": 118}
    >>> list(told({"worst": reading, "records": ["id"], "after_days": 3}, "UTC"))
    [('Worst', '186/118 mmHg at 16:05'), ('After', '3 days')]
    """
    for name, value in evidence.items():
        if name not in INNER and not name.endswith(("_id", "_ids")) and value is not None:
            label, _ = parted(name)
            yield label.capitalize(), spoken(name, value, zone)


def parted(name: str) -> tuple[str, str]:
    """A name in words and the unit of what it names.

    >>> parted("rise_systolic_mmhg"), parted("band")
    (('rise systolic', ' mmHg'), ('band', ''))
    """
    for end, unit in UNITS.items():
        if name.endswith(end):
            return name.removesuffix(end).replace("_", " "), unit
    return name.replace("_", " "), ""


def spoken(name: str, value: Any, zone: str) -> str:
    """A value with its unit.

    >>> spoken("items", [{"item": 9, "answer": 2}], "UTC")
    'item 9, answer 2'
    """
    if isinstance(value, Mapping):
        return together(value, zone)
    if isinstance(value, list):
        return "; ".join(spoken(name, one, zone) for one in value)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name == "at" or name.endswith("_at"):
        return moment(value, zone)
    return f"{value}{parted(name)[1]}"


def together(values: Mapping[str, Any], zone: str) -> str:
    """Several values at once: a pressure as it is written, and when."""
    rest = {name: one for name, one in values.items() if one is not None}
    words = []
    if "systolic_mmhg" in rest:
        pressure = [rest.pop("systolic_mmhg"), rest.pop("diastolic_mmhg", None)]
        words.append("/".join(str(one) for one in pressure if one is not None) + " mmHg")
    at = rest.pop("at", None)
    words += [
        f"{parted(name)[0]} {spoken(name, one, zone)}"
        for name, one in rest.items()
        if not name.endswith(("_id", "_ids")) and name != "id"
    ]
    return ", ".join(words) + (f" at {clock(at, zone)}" if at else "")


def thresholds(evidence: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """The numbers that a rule compared with: which, how large, and who says so.

    >>> one = {"key": "safety.bp_pre.systolic_mmhg", "value": 140, "unit": "mmHg", "source": "SmPC"}
    >>> list(thresholds({"thresholds": [one]}))
    [('safety.bp_pre.systolic_mmhg', '140 mmHg', 'SmPC')]
    """
    for one in evidence.get("thresholds", ()):
        values = one["value"] if isinstance(one["value"], list) else [one["value"]]
        yield (
            one["key"],
            f"{', '.join(map(str, values))} {one['unit'] or ''}".strip(),
            one["source"],
        )
