"""What else was changed while an infusion's relief was followed.

A new antidepressant, a course of ECT or a stay in hospital may account for what the scores do next.
An episode that such a change overlaps is marked, and reckoned like any other: whether the change
explains it is for the reader to judge.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from itertools import pairwise

from app.science.relief.episodes import Findings
from app.science.relief.records import Infusion, Json

EVENTS = ("ect", "tms", "medication_change", "hospitalization", "psychotherapy_start")
"""The events that count as a change of co-treatment."""

ONE_DAY = timedelta(days=1)

NOON = timedelta(hours=12)

DATE_LENGTH = len("2026-11-23")


@dataclass(frozen=True, slots=True)
class Change:
    """A change of co-treatment, by the day alone where no more is known."""

    kind: str
    record_id: str
    what: str | None
    on: date
    """In the patient's zone."""
    at: datetime | None
    until: date | None = None
    """The last day of what lasts: a stay in hospital."""

    def place(self, zone: tzinfo) -> datetime:
        """Its instant; local noon where only the day is known."""
        if self.at is not None:
            return self.at
        return datetime(self.on.year, self.on.month, self.on.day, tzinfo=zone) + NOON


def co_treatment(
    findings: Findings,
    events: Iterable[Json],
    medications: Iterable[Json],
    now: datetime,
) -> dict[str, list[Json]]:
    """The changes that each infusion's interval overlaps, by the infusion's id, in order of time.

    `events` are `{id, kind, t, ended_on, medication_id}` and `medications` `{id, name, started_on,
    stopped_on}`; `t` and the days are ISO 8601. An interval begins with its infusion and ends
    before the next one, or at `now`. A day that an infusion falls on belongs to that infusion; what
    lasted into the interval overlaps it too, and its `at_days` is then negative.
    """
    zone = findings.patient.policy.zone()
    changes = list(_changes(events, list(medications), zone))
    infusions = findings.patient.infusions
    last = [(one, None) for one in infusions[-1:]]
    return {
        infusion.id: _overlapping(changes, infusion, until, now, zone)
        for infusion, until in [*pairwise(infusions), *last]
    }


def _changes(events: Iterable[Json], medications: list[Json], zone: tzinfo) -> Iterator[Change]:
    names: Mapping[str, str] = {one["id"]: one["name"] for one in medications}
    for one in events:
        if one["kind"] in EVENTS:
            at, day = _moment(one["t"], zone)
            until = one["ended_on"] and date.fromisoformat(one["ended_on"])
            what = names.get(one["medication_id"]) if one["medication_id"] else None
            yield Change(one["kind"], one["id"], what, day, at, until)
    for one in medications:
        for done in ("started", "stopped"):
            if one[f"{done}_on"]:
                day = date.fromisoformat(one[f"{done}_on"])
                yield Change(f"medication_{done}", one["id"], one["name"], day, None)


def _moment(said: str, zone: tzinfo) -> tuple[datetime | None, date]:
    if len(said) == DATE_LENGTH:
        return None, date.fromisoformat(said)
    at = datetime.fromisoformat(said)
    return at, at.astimezone(zone).date()


def _overlapping(
    changes: list[Change], infusion: Infusion, until: Infusion | None, now: datetime, zone: tzinfo
) -> list[Json]:
    inside = [one for one in changes if _overlaps(one, infusion, until, now, zone)]
    inside.sort(key=lambda one: (one.place(zone), one.kind, one.record_id))
    first = infusion.at.astimezone(zone).date()
    return [
        {
            "kind": one.kind,
            "record_id": one.record_id,
            "at_days": 0.0 if one.at is None and one.on == first else _days(one, infusion, zone),
            "what": one.what,
        }
        for one in inside
    ]


def _days(change: Change, infusion: Infusion, zone: tzinfo) -> float:
    return round((change.place(zone) - infusion.at) / ONE_DAY, 4)


def _overlaps(
    change: Change, infusion: Infusion, until: Infusion | None, now: datetime, zone: tzinfo
) -> bool:
    start = infusion.at.astimezone(zone).date()
    if change.at is not None:
        begun = change.at >= infusion.at
        over = change.at >= until.at if until else change.at > now
    else:
        begun = change.on >= start
        ends = until.at if until else now + ONE_DAY
        over = change.on >= ends.astimezone(zone).date()
    lasts = change.until is not None and change.until > start
    return (begun or lasts) and not over
