"""A number that a clinic may change: what it is, who says so, and what it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import isfinite
from typing import Any, Literal

Trust = Literal["found", "found-2nd", "recalled", "derived", "default", "clinic"]
"""How far a source can be trusted: the tags of the clinical method."""

Kind = Literal["number", "whole", "flag", "word", "day"]
"""What a value is made of."""

LONGEST_LIST = 400
"""Days on which a clinic is closed; no other list comes near."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One number, or list of numbers, that something a clinician sees depends on."""

    key: str
    """Where it belongs and what it is: safety.bp_pre.systolic_mmhg."""
    value: Any
    """What it is unless a clinic chooses another."""
    about: str
    """One sentence for whoever might change it."""
    source: str
    trust: Trust
    unit: str | None = None
    least: float | None = None
    most: float | None = None
    """What a clinic may choose, inclusive; of a list, each of its values."""
    kind: Kind | None = None
    """Told where the value doesn't tell it: none, or an empty list. 24 is whole, 24.0 is not."""
    words: tuple[str, ...] = ()
    """What a word may be."""

    @property
    def listed(self) -> bool:
        """Whether the value is a list."""
        return isinstance(self.value, list | tuple)

    @property
    def made_of(self) -> Kind:
        """What the value, or each of a list, is. Raises KeyError where nobody says."""
        usual = self.value
        if self.listed:
            usual = self.value[0] if self.value else None
        return self.kind or KINDS[type(usual)]


KINDS: dict[type, Kind] = {bool: "flag", int: "whole", float: "number", str: "word"}


def in_force(thresholds: Mapping[str, Threshold], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Every value by its key: the clinic's where it chose one.

    >>> usual = Threshold("a.b", 1, "An example.", "nobody", "default")
    >>> in_force({"a.b": usual}, {"a.b": 2, "other": 3})
    {'a.b': 2}
    """
    return {key: chosen.get(key, one.value) for key, one in thresholds.items()}


def fault(threshold: Threshold, value: Any) -> str | None:
    """What a clinic's choice breaks, or None. It names the bound and never the value.

    >>> hours = Threshold("a.hours", 2.0, "An example.", "nobody", "default", least=0, most=24)
    >>> fault(hours, 3), fault(hours, 30), fault(hours, "3")
    (None, 'must be between 0 and 24', 'must be a number')
    >>> fault(Threshold("a.days", [1, 5], "An example.", "nobody", "default"), [2, 2.5])
    'each must be a whole number'
    """
    if not threshold.listed:
        return _fault_of_one(threshold, value)
    if not isinstance(value, list):
        return "must be a list"
    if threshold.value and not value:
        return "must not be empty"
    if len(value) > LONGEST_LIST:
        return f"must hold at most {LONGEST_LIST} values"
    found = next(filter(None, (_fault_of_one(threshold, one) for one in value)), None)
    return found and f"each {found}"


def _fault_of_one(threshold: Threshold, value: Any) -> str | None:
    kind = threshold.made_of
    if kind == "flag":
        return None if isinstance(value, bool) else "must be true or false"
    if kind == "day":
        return None if _is_day(value) else "must be a date, like 2026-11-23"
    if kind == "word":
        return None if value in threshold.words else f"must be one of {', '.join(threshold.words)}"
    if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
        return "must be a number"
    if kind == "whole" and value != int(value):
        return "must be a whole number"
    return _out_of_bounds(threshold, value)


def _out_of_bounds(threshold: Threshold, value: float) -> str | None:
    least, most = threshold.least, threshold.most
    if (least is None or value >= least) and (most is None or value <= most):
        return None
    if most is None:
        return f"must be at least {least:g}"
    return (
        f"must be at most {most:g}" if least is None else f"must be between {least:g} and {most:g}"
    )


def _is_day(value: Any) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False
