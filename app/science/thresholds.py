"""A number that a clinic may change: what it is, who says so, and what it may be."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Trust = Literal["found", "found-2nd", "recalled", "derived", "default", "clinic"]
"""How far a source can be trusted: the tags of the clinical method."""


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
    """What a clinic may choose, inclusive."""


def in_force(thresholds: Mapping[str, Threshold], chosen: Mapping[str, Any]) -> dict[str, Any]:
    """Every value by its key: the clinic's where it chose one.

    >>> usual = Threshold("a.b", 1, "An example.", "nobody", "default")
    >>> in_force({"a.b": usual}, {"a.b": 2, "other": 3})
    {'a.b': 2}
    """
    return {key: chosen.get(key, one.value) for key, one in thresholds.items()}
