"""What a safety rule is, and what it finds. Software never blocks care silently: it says why."""

from dataclasses import dataclass, field
from typing import Any, Literal

from app.science.thresholds import Trust

Level = Literal["info", "warn", "stop", "emergency"]
"""How loud. `stop` wants a recorded reason to go on."""

LEVELS: tuple[Level, ...] = ("info", "warn", "stop", "emergency")
"""The quietest first."""

Hold = Literal["start", "discharge", "next_dose"]
"""What a finding stands in the way of, until somebody gives a reason or has reviewed it."""

Runs = Literal["storing", "worker"]
"""In the transaction that stores the fact, or in the worker within seconds."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the clinical reference, section 5."""

    id: str
    title: str
    levels: tuple[Level, ...]
    """Those that it can speak at, the quietest first."""
    condition: str
    """In words; the numbers in force are in the thresholds."""
    source: str
    trust: Trust
    runs: Runs = "storing"
    holds: tuple[Hold, ...] = ()
    """What it stands in the way of: of level stop or above, or whatever the level a next dose."""
    version: int = 1
    """Goes up with any change to what it finds."""

    @property
    def prefix(self) -> str:
        """Where its thresholds are.

        >>> Rule("BP-PRE", "", (), "", "", "found").prefix
        'safety.bp_pre.'
        """
        return f"safety.{self.id.lower().replace('-', '_')}."


@dataclass(frozen=True, slots=True)
class Finding:
    """That a rule speaks: one sentence with the numbers in it, and what it rests on."""

    rule: str
    level: Level
    sentence: str
    evidence: dict[str, Any] = field(default_factory=dict)
    """`records` (ids), the numbers, and `thresholds` with their trust."""
    about: tuple[str, str] | None = None
    """The kind and id of the record it is about where that is not the session."""
    shown_only: bool = False
    """Shown at the chair, and no alert: nothing was found, something was not asked."""

    @property
    def records(self) -> tuple[str, ...]:
        """The ids of the records that it rests on."""
        return tuple(self.evidence.get("records", ()))


def loudness(level: str) -> int:
    """The place of a level among the levels, from 0.

    >>> loudness("stop") > loudness("warn")
    True
    """
    return [str(one) for one in LEVELS].index(level)
