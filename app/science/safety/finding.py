"""How a finding is put together: the sentence, the records, the thresholds."""

from collections.abc import Iterable
from typing import Any

from app.science.safety.facts import Reading
from app.science.safety.model import Finding, Level
from app.science.safety.rules import RULES
from app.science.safety.thresholds import Numbers


def found(
    rule: str,
    level: Level,
    sentence: str,
    numbers: Numbers | None = None,
    *used: str,
    records: Iterable[str] = (),
    about: tuple[str, str] | None = None,
    shown_only: bool = False,
    **evidence: Any,
) -> Finding:
    """A finding of a rule. `used` are the thresholds it compared with."""
    one = RULES[rule]
    assert level in one.levels, f"{rule} does not speak at {level}"
    told = {
        "sentence": sentence,
        "records": sorted(set(records)),
        **evidence,
        "thresholds": numbers.told(*used) if numbers is not None else [],
        "rule_version": one.version,
        "trust": one.trust,
    }
    return Finding(rule, level, sentence, told, about, shown_only)


def pressure(reading: Reading) -> str:
    """A pressure as it is written.

    >>> from datetime import UTC, datetime
    >>> pressure(Reading("a", datetime(2026, 1, 5, tzinfo=UTC), 142, 88))
    '142/88'
    """
    if reading.diastolic is None:
        return f"{reading.systolic:g}"
    return f"{reading.systolic:g}/{reading.diastolic:g}"


def as_evidence(reading: Reading, *names: str) -> dict[str, Any]:
    """A reading as evidence: its id, its time, and what was looked at."""
    values = {WORDS[name]: getattr(reading, name) for name in names}
    return {"vitals_id": reading.id, "at": reading.at.isoformat(), **values}


WORDS = {
    "systolic": "systolic_mmhg",
    "diastolic": "diastolic_mmhg",
    "pulse": "heart_rate_bpm",
    "saturation": "spo2_percent",
    "breaths": "respiratory_rate_per_minute",
    "moaas": "sedation_moaas",
    "symptomatic": "symptomatic",
}
"""What the API calls a value."""


def in_order(readings: Iterable[Reading], name: str) -> list[Reading]:
    """Those that have a value, in the order of time."""
    having = (one for one in readings if getattr(one, name) is not None)
    return sorted(having, key=lambda one: (one.at, one.id))


def listed(words: Iterable[str]) -> str:
    """Words in a row.

    >>> listed(["a", "b", "c"]), listed(["a"])
    ('a, b and c', 'a')
    """
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
