"""What a session shows while it runs: what is due, how it goes. Pure: rows in, a document out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.chair.queries import MEASURED
from app.infusions import doses
from app.infusions.tables import SessionStatus
from app.kit.db import Row
from app.science.chair import THRESHOLDS, Due, Reading, plan, upcoming

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Seen:
    """A session and what hangs on it, in the order of time, with the numbers in force."""

    session: Row
    readings: Sequence[Row]
    effects: Sequence[Row]
    events: Sequence[Row]
    numbers: Mapping[str, Any]
    now: datetime

    @property
    def start(self) -> datetime | None:
        """When it began."""
        start: datetime | None = self.session["started_at"]
        return start

    @property
    def before(self) -> Json | None:
        """The last values before the dose; of each measure the last that was taken."""
        start = self.start
        taken = [one for one in self.readings if start is None or one["effective_at"] <= start]
        return last_of(taken) if taken else None

    @property
    def since(self) -> list[Row]:
        """The readings since it began."""
        start = self.start
        return [one for one in self.readings if start and one["effective_at"] > start]

    @property
    def last_effects(self) -> dict[str, Row]:
        """Each effect as it was last told; what has a text of its own stands apart."""
        return {f"{one['effect']} {one['other_text'] or ''}".strip(): one for one in self.effects}


def last_of(readings: Sequence[Row]) -> Json:
    """The last value of each measure with its reading: {measure: (value, id, at)}."""
    found: Json = {}
    for one in readings:
        for name in MEASURED:
            if one[name] is not None:
                found[name] = (one[name], one["id"], one["effective_at"])
    return found


def monitoring(seen: Seen) -> Json:
    """The document of `GET /v1/infusions/{id}/monitoring`."""
    session, due = seen.session, planned(seen)
    waits = upcoming(due) if session["status"] != SessionStatus.CANCELLED else None
    return {
        "infusion_id": session["id"],
        "patient_id": session["patient_id"],
        "status": session["status"],
        "as_of": seen.now,
        "started_at": seen.start,
        "minutes_from_start": minutes(seen.start, seen.now),
        "readings": [shown_due(one) for one in due],
        "next": waits and shown_next(waits, seen.now),
        "latest": latest(seen),
        "side_effects": running(seen),
        "asked_and_absent": [
            one["effect"] for one in seen.last_effects.values() if not one["present"]
        ],
        "dose": so_far(seen),
        "rests_on": shown_numbers(seen.numbers, "chair.schedule_minutes", "chair.grace_minutes"),
    }


def planned(seen: Seen) -> list[Due]:
    """The readings that the clinic's schedule asks for; none where nobody knows the start."""
    session = seen.session
    start = seen.start or session["scheduled_at"]
    if start is None:
        return []
    left_at = session["discharged_at"] or session["monitoring_ended_at"]
    if session["status"] == SessionStatus.CANCELLED:
        left_at = start
    readings = [
        Reading(str(one["id"]), one["effective_at"], one["planned_minute"], one["not_done_reason"])
        for one in seen.readings
    ]
    return plan(
        seen.numbers["chair.schedule_minutes"],
        start,
        readings,
        seen.now,
        grace_minutes=seen.numbers["chair.grace_minutes"],
        begun=seen.start is not None,
        left_at=left_at,
    )


def shown_due(due: Due) -> Json:
    """One reading of the plan."""
    return {
        "planned_minute": due.planned_minute,
        "due_at": due.due_at,
        "state": due.state,
        "vitals_id": due.reading_id,
        "not_done_reason": due.not_done_reason,
        "late_minutes": due.late_minutes,
    }


def shown_next(due: Due, now: datetime) -> Json:
    """What to measure next, and in how many minutes."""
    left = round((due.due_at - now).total_seconds() / 60, 1)
    return {"planned_minute": due.planned_minute, "due_at": due.due_at, "minutes": left}


def latest(seen: Seen) -> list[Json]:
    """The last value of each measure beside the one before the dose."""
    usual = seen.before or {}
    found = []
    for name, (value, vitals_id, at) in last_of(seen.readings).items():
        before, before_id, _ = usual.get(name, (None, None, None))
        after = before_id is not None and vitals_id != before_id
        found.append(
            {
                "measure": name,
                "value": value,
                "at": at,
                "vitals_id": vitals_id,
                "before": before,
                "before_vitals_id": before_id,
                "change": round(value - before, 3) if after else None,
            }
        )
    return found


def running(seen: Seen) -> list[Json]:
    """The side effects that are there, as last told, and since when."""
    found = []
    for one in seen.last_effects.values():
        if one["present"] and one["resolved_at"] is None:
            since = one["onset_at"] or one["effective_at"]
            told = {name: one[name] for name in ("effect", "other_text", "severity", "grade")}
            told |= {"side_effect_id": one["id"], "since": since}
            found.append(told | {"minutes": max(0.0, minutes(since, seen.now) or 0.0)})
    return found


def so_far(seen: Seen) -> Json:
    """What was given by now, as the dose events add up; of a session that is over its dose."""
    session, events = seen.session, list(seen.events)
    total = doses.total_mg(events, session["ended_at"] or seen.now)
    over = session["dose_mg"] is not None and not events
    return {
        "given_mg": session["dose_mg"] if over else round(total, 3),
        "planned_mg": session["planned_dose_mg"],
        "running": session["status"] == SessionStatus.IN_PROGRESS and doses.runs_on(events),
    }


def minutes(since: datetime | None, until: datetime) -> float | None:
    """Minutes from one instant to another."""
    return None if since is None else round((until - since).total_seconds() / 60, 1)


def shown_numbers(numbers: Mapping[str, Any], *keys: str) -> list[Json]:
    """Some thresholds of the chair as they are in force, and who says so."""
    found = []
    for key in keys:
        usual = THRESHOLDS[key]
        own = numbers[key] != usual.value
        found.append(
            {
                "key": key,
                "value": numbers[key],
                "unit": usual.unit,
                "source": "chosen by the clinic" if own else usual.source,
                "trust": "clinic" if own else usual.trust,
            }
        )
    return found
