"""What the picture shows. Instants are aware; severities are points above the best score."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from app.science.relief.scales import Scale

RelievedStatus = Literal[
    "lost", "held", "no_response", "indeterminate", "unobserved", "not_evaluable"
]


@dataclass(frozen=True, slots=True)
class Score:
    """One answer on the instrument of the picture."""

    id: str
    at: datetime
    value: float
    recall_days: float
    """How far back the answer looks."""


@dataclass(frozen=True, slots=True)
class Given:
    """One infusion."""

    id: str
    at: datetime
    route: str
    mg_per_kg: float | None
    dose_mg: float | None


@dataclass(frozen=True, slots=True)
class Span:
    """What is known of one infusion's relief. Days of the episode, put on the calendar."""

    infusion_id: str
    given_at: datetime
    ends_at: datetime | None
    """The next infusion; None for the last."""
    status: RelievedStatus
    begins_at: datetime | None
    """The first answer that was a response."""
    well_until: datetime | None
    """The last well answer: relief lasted at least so long."""
    lost_by: datetime | None
    """The first unwell one; None where no loss was seen."""


@dataclass(frozen=True, slots=True)
class Levels:
    """What counts as response and remission in one course, as severity."""

    since: datetime
    until: datetime | None
    response: float | None
    remission: float


@dataclass(frozen=True, slots=True)
class Felt:
    """The worst of one side effect in one session, or that it was asked about and absent."""

    effect: str
    at: datetime
    severity: float | None
    present: bool


@dataclass(frozen=True, slots=True)
class Peak:
    """The highest blood pressure of one session, and the one before the dose."""

    at: datetime
    systolic: int
    diastolic: int | None
    before: int | None


@dataclass(frozen=True, slots=True)
class Flag:
    """A decision or an alert."""

    id: str
    at: datetime
    kind: Literal["decision", "alert"]
    what: str
    """The decision, or the alert's level."""


@dataclass(frozen=True, slots=True)
class Ahead:
    """What is expected: when relief is likely to be lost, and the window to talk about."""

    lower_at: datetime | None
    median_at: datetime | None
    upper_at: datetime | None
    """The interval that holds four of five."""
    opens_at: datetime | None
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class Scene:
    """All that one picture shows."""

    scale: Scale
    since: datetime
    until: datetime
    now: datetime
    scores: Sequence[Score]
    given: Sequence[Given]
    spans: Sequence[Span]
    levels: Sequence[Levels]
    felt: Sequence[Felt]
    peaks: Sequence[Peak]
    flags: Sequence[Flag]
    ahead: Ahead | None
    summary: str
    """The picture in words, for who can't see it."""
    zone: str
    whole: tuple[datetime, datetime] | None = None
    """From the first thing there is to the last that is expected, whatever is shown."""
