"""What the rules look at: small, and only what they ask for. Times are instants with a zone."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, tzinfo
from zoneinfo import ZoneInfo

BEGUN = frozenset({"in_progress", "completed", "stopped"})
"""A session that is here was given, or is being given."""


@dataclass(frozen=True, slots=True)
class Reading:
    """Vital signs at one instant. Pressures in mmHg, rates per minute, saturation in %."""

    id: str
    at: datetime
    systolic: float | None = None
    diastolic: float | None = None
    pulse: float | None = None
    saturation: float | None = None
    breaths: float | None = None
    moaas: int | None = None
    symptomatic: bool | None = None
    timed: bool = True
    """False where only the day is known: it lies neither before nor after anything."""


@dataclass(frozen=True, slots=True)
class Session:
    """The session in question."""

    id: str
    drug: str
    route: str
    status: str
    at: datetime
    """When it started or is meant to."""
    started_at: datetime | None = None
    """None where it has not, or where only the day is known."""
    first_device_at: datetime | None = None
    monitoring_ended_at: datetime | None = None
    discharged_at: datetime | None = None
    setting: str = "clinic"
    planned_dose_mg: float | None = None
    planned_mg_per_kg: float | None = None
    dose_mg: float | None = None
    weight_kg: float | None = None
    weight_measured_on: date | None = None
    weight_kind: str | None = None

    @property
    def begun(self) -> bool:
        """Whether something was given, or is."""
        return self.status in BEGUN

    @property
    def at_home(self) -> bool:
        """Whether nobody of the clinic was there."""
        return self.setting == "home"


@dataclass(frozen=True, slots=True)
class Exposure:
    """Another session, that was given."""

    id: str
    drug: str
    route: str
    at: datetime
    at_home: bool = False


@dataclass(frozen=True, slots=True)
class Person:
    """Whom it is about."""

    sex: str = "unknown"
    birth_date: date | None = None
    zone: tzinfo = field(default_factory=lambda: ZoneInfo("UTC"))
    """The clinic's: its days are the days that count."""

    def day(self, at: datetime) -> date:
        """The clinic's day at an instant."""
        return at.astimezone(self.zone).date()


@dataclass(frozen=True, slots=True)
class Weight:
    """The last weight known before the session's."""

    id: str
    kg: float


@dataclass(frozen=True, slots=True)
class Medication:
    """What somebody takes."""

    id: str
    name: str
    drug_class: str | None = None
    diazepam_equivalent_mg: float | None = None
    started_on: date | None = None
    stopped_on: date | None = None

    def taken_on(self, day: date) -> bool:
        """Whether it is taken on a day; an open start or end is taken as yes."""
        begun = self.started_on is None or self.started_on <= day
        return begun and (self.stopped_on is None or day <= self.stopped_on)


@dataclass(frozen=True, slots=True)
class Condition:
    """What somebody has or had."""

    id: str
    name: str
    present: bool = True
    resolved_on: date | None = None


@dataclass(frozen=True, slots=True)
class Allergy:
    """What somebody must not be given."""

    id: str
    substance: str


@dataclass(frozen=True, slots=True)
class Screening:
    """The newest checklist or test of its kind."""

    id: str
    kind: str
    result: str | None = None
    answers: Mapping[str, str] = field(default_factory=dict)
    """Of a checklist: yes, no or unknown by condition."""
    expires_on: date | None = None
    """The first day on which it holds no longer."""

    def expired(self, day: date) -> bool:
        """Whether it holds no longer on a day."""
        return self.expires_on is not None and self.expires_on <= day


@dataclass(frozen=True, slots=True)
class Unreviewed:
    """An alert that holds the next dose until somebody has dealt with it."""

    alert_id: str
    rule: str
    raised_at: datetime
    sentence: str
    subject_id: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Everything the rules of one session look at."""

    session: Session
    person: Person = field(default_factory=Person)
    readings: tuple[Reading, ...] = ()
    """Of this session, in any order."""
    exposures: tuple[Exposure, ...] = ()
    """Sessions given in the two weeks before, in any order."""
    exposed: bool = False
    """Whether the drug was ever given before, in any form."""
    last_weight: Weight | None = None
    medications: tuple[Medication, ...] = ()
    conditions: tuple[Condition, ...] = ()
    allergies: tuple[Allergy, ...] = ()
    screenings: tuple[Screening, ...] = ()
    unreviewed: tuple[Unreviewed, ...] = ()

    @property
    def day(self) -> date:
        """The session's day at the clinic."""
        return self.person.day(self.session.at)


@dataclass(frozen=True, slots=True)
class Answer:
    """One questionnaire, as it was scored."""

    id: str
    instrument: str
    at: datetime
    total: float
    self_harm: int | None = None
    """The answer to the item about self-harm; None where it is blank or there is none."""


@dataclass(frozen=True, slots=True)
class Course:
    """How a course stands, as far as the rules ask."""

    instrument: str
    baseline: float
    """Severity before it."""
    infusion_ids: tuple[str, ...]
    """In the order of time."""
    best: float | None = None
    """The least severity seen since the infusion at which the rule asks."""
    rests_on: tuple[str, ...] = ()
    started_at: datetime | None = None
