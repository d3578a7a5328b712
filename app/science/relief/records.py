"""A patient's records as they come in, made into facts that can be reckoned with.

What was known, and what was corrected or withdrawn, is settled here; so is the clinic's clock.
Relief method, sections 1 and 2 (`resolve`). No answer, score or name is in a message.
"""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, TypeGuard

from app.science.relief.policy import Policy, policy_from
from app.science.relief.scales import SCALES

Json = Mapping[str, Any]

EPSILON = 1e-9
"""Slack for comparing days, hours and points held as floats."""

DATE_LENGTH = len("2026-01-05")
LOCAL_NOON = timedelta(hours=12)
HOUR = timedelta(hours=1)
EARLIEST = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Infusion:
    """A treatment: one infusion, with those merged into it."""

    id: str
    at: datetime
    dose_mg_per_kg: float | None
    starts_course: bool | None
    at_home: bool
    ids: frozenset[str]
    """Its own and those merged into it."""


@dataclass(frozen=True, slots=True)
class Score:
    """One total of one instrument, as severity."""

    id: str
    at: datetime
    severity: float


@dataclass(frozen=True, slots=True)
class Stated:
    """A baseline that somebody stated, rather than one read off the scores.

    It is of a course by number, or of the course that holds an infusion; of the first if neither.
    """

    id: str | None
    instrument: str
    severity: float
    course: int | None
    first_infusion_id: str | None


@dataclass(frozen=True, slots=True)
class Patient:
    """Everything known about one patient, oldest first."""

    id: Any
    policy: Policy
    infusions: tuple[Infusion, ...]
    scores: Mapping[str, tuple[Score, ...]]
    """By instrument."""
    stated: tuple[Stated, ...]
    """The last recorded comes last."""
    notes: tuple[str, ...]
    """What was left out and why, in alphabetical order."""


class Reader:
    """Reads one patient's records. Raises ValueError for a record that cannot be read."""

    def __init__(self, patient: Json) -> None:
        self.patient = patient
        self.policy = policy_from(patient.get("policy") or {})
        self.zone: tzinfo = self.policy.zone()
        self.known_at = self._moment(patient, "known_at")
        self.as_of = self._moment(patient, "as_of")
        self.notes: list[str] = []

    def read(self) -> Patient:
        """The patient as known at `known_at` and as it was on `as_of`."""
        infusions = self._merge(self._infusions())
        scores = self._scores(infusions)
        stated = tuple(self._stated())
        notes = tuple(sorted(self.notes))
        return Patient(
            self.patient.get("patient_id"), self.policy, infusions, scores, stated, notes
        )

    def _infusions(self) -> Iterable[Infusion]:
        for record in self._standing("infusions"):
            name = _id(record)
            at, is_date = self._time(record, "t")
            at = at + LOCAL_NOON if is_date else at
            if record.get("status", "given") != "given":
                self.notes.append(f"infusion {name}: not given, ignored")
            elif self._is_later(at):
                self.notes.append(f"infusion {name}: after as_of, ignored")
            else:
                at_home = record.get("setting") == "home"
                dose, opens = record.get("dose_mg_per_kg"), record.get("starts_course")
                yield Infusion(name, at, dose, opens, at_home, frozenset({name}))

    def _merge(self, infusions: Iterable[Infusion]) -> tuple[Infusion, ...]:
        kept: list[Infusion] = []
        for infusion in sorted(infusions, key=lambda one: (one.at, one.id)):
            if kept and self._is_same_treatment(kept[-1], infusion):
                kept[-1] = _merged(kept[-1], infusion)
                self.notes.append(f"infusion {infusion.id}: merged into {kept[-1].id}")
            else:
                kept.append(infusion)
        return tuple(kept)

    def _is_same_treatment(self, first: Infusion, second: Infusion) -> bool:
        if first.at_home or second.at_home:
            return False
        return (second.at - first.at) / HOUR <= self.policy.merge_hours + EPSILON

    def _scores(self, infusions: Iterable[Infusion]) -> dict[str, tuple[Score, ...]]:
        starts: dict[date, datetime] = {}
        for infusion in infusions:
            starts.setdefault(infusion.at.astimezone(self.zone).date(), infusion.at)
        found: dict[str, list[Score]] = defaultdict(list)
        for record in self._standing("scores"):
            name, code, value = _id(record), record.get("instrument"), record.get("value")
            scale = SCALES.get(code) if isinstance(code, str) else None
            at = self._placed(record, starts)
            if scale is None:
                self.notes.append(f"score {name}: unknown instrument, ignored")
            elif not _is_number(value) or not scale.lowest <= value <= scale.highest:
                self.notes.append(f"score {name}: invalid value, ignored")
            elif self._is_later(at):
                self.notes.append(f"score {name}: after as_of, ignored")
            else:
                severity = float(scale.severity(value))
                found[scale.code].append(Score(name, at, severity))
        order = {code: sorted(each, key=lambda s: (s.at, s.id)) for code, each in found.items()}
        return {code: tuple(each) for code, each in order.items()}

    def _placed(self, record: Json, starts: Mapping[date, datetime]) -> datetime:
        """A score's instant; one with a date only stands before an infusion of that day."""
        at, is_date = self._time(record, "t")
        if not is_date:
            return at
        return starts.get(at.astimezone(self.zone).date(), at + LOCAL_NOON)

    def _stated(self) -> Iterable[Stated]:
        records = self._standing("baselines")
        for record in sorted(records, key=lambda r: self._moment(r, "recorded_at") or EARLIEST):
            scale = SCALES.get(record.get("instrument", ""))
            value = record.get("value")
            if scale is None or not _is_number(value):
                raise ValueError("a baseline needs an instrument and a value")
            yield Stated(
                record.get("id"),
                scale.code,
                float(scale.severity(value)),
                record.get("course"),
                record.get("first_infusion_id"),
            )

    def _standing(self, kind: str) -> list[Json]:
        """Records that were known and still stand, once each."""
        records = self.patient.get(kind) or []
        if not isinstance(records, list | tuple) or not all(
            isinstance(record, Mapping) for record in records
        ):
            raise ValueError(f"{kind} is a list of objects")
        known = [(record, self._moment(record, "recorded_at")) for record in _once(records)]
        if self.known_at is not None:
            limit = self.known_at
            known = [(record, at) for record, at in known if at is None or at <= limit]
        return _resolve(known)

    def _moment(self, record: Json, key: str) -> datetime | None:
        return self._time(record, key)[0] if record.get(key) else None

    def _time(self, record: Json, key: str) -> tuple[datetime, bool]:
        """In UTC, and whether only the date was given (then at the local midnight)."""
        try:
            at, is_date = _parsed(record.get(key))
        except ValueError:
            name = record.get("id", "the patient")
            raise ValueError(f"{name}: {key} is not an ISO 8601 time") from None
        local = at if at.tzinfo else at.replace(tzinfo=self.zone)
        return local.astimezone(UTC), is_date

    def _is_later(self, at: datetime) -> bool:
        return self.as_of is not None and at > self.as_of


def _resolve(known: list[tuple[Json, datetime | None]]) -> list[Json]:
    """What stands: not superseded, not beaten by a later correction, not withdrawn."""
    claims: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for record, at in known:
        if record.get("supersedes"):
            claims[record["supersedes"]].append((at or EARLIEST, _id(record)))
    dead = set(claims)
    for rivals in claims.values():
        winner = max(rivals)
        dead |= {name for at, name in rivals if (at, name) != winner}
    return [
        record for record, _ in known if record.get("id") not in dead and not record.get("deleted")
    ]


def _once(records: Sequence[Json]) -> Sequence[Json]:
    """Each record with an id once, however often it was sent."""
    if len({record.get("id") for record in records}) == len(records):
        return records
    kept: list[Json] = []
    for record in records:
        if "id" not in record or record not in kept:
            kept.append(record)
    return kept


def _merged(first: Infusion, second: Infusion) -> Infusion:
    doses = [first.dose_mg_per_kg, second.dose_mg_per_kg]
    known = [dose for dose in doses if dose is not None]
    opens = first.starts_course if first.starts_course is not None else second.starts_course
    return replace(
        first,
        dose_mg_per_kg=round(sum(known), 6) if len(known) == len(doses) else first.dose_mg_per_kg,
        starts_course=opens,
        ids=first.ids | second.ids,
    )


def _parsed(said: object) -> tuple[datetime, bool]:
    if isinstance(said, datetime):
        return said, False
    if isinstance(said, str):
        return datetime.fromisoformat(said.strip()), len(said.strip()) == DATE_LENGTH
    raise ValueError("neither a time nor text")


def _id(record: Json) -> str:
    name = record.get("id")
    if not isinstance(name, str):
        raise ValueError("every infusion and score needs an id, a string")  # noqa: TRY004  JSON's
    return name


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
