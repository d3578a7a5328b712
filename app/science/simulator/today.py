"""What goes on in the made-up clinic right now: a session that runs, one that is over, two to come.

Each is that patient's last session over again, with a little chance: the body is the same.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from app.science.simulator.figures import INDUCTION_SESSIONS, Plan
from app.science.simulator.shapes import Session, SideEffect, SimulatedPatient, Vitals

LEAST_DAYS = 7
"""Whoever comes today was not here this week: no rule about intervals speaks."""

RUNNING_SINCE, OVER_SINCE = timedelta(minutes=26), timedelta(minutes=76)
EXPECTED_IN = (timedelta(minutes=50), timedelta(minutes=140))
"""Default: a reading is due in minutes, and somebody may soon go home."""

CHAIRS = ("2", "1", "3", "2")

CHARTED_AFTER = timedelta(minutes=1)
"""A reading later than this is not yet in the chart."""


def with_today(
    people: Sequence[SimulatedPatient], now: datetime, seed: int = 7
) -> tuple[SimulatedPatient, ...]:
    """The same clinic in the middle of a day: four of its patients have come, or come later.

    Whoever was planned for one of the next days comes today instead. `now` is in the clinic's zone:
    what is to come is on the same date, as far as there is time.
    """
    now = now.replace(second=0, microsecond=0)
    evening = now.replace(hour=23, minute=55)
    even = now - timedelta(minutes=now.minute % 5)
    coming = [max(now, min(even + ahead, evening)) for ahead in EXPECTED_IN]
    found = list(people)
    for place, k in enumerate(booked(people, now)):
        patient, random = people[k], Random(f"{seed}:today:{k}")  # noqa: S311  a demonstration
        given = [one for one in patient.sessions if one.started_at is not None]
        later = [one for one in patient.sessions if one.started_at is None][1:]
        starts = (now - RUNNING_SINCE, now - OVER_SINCE, *coming)
        session = again(random, given[-1], starts[place], now, CHAIRS[place])
        found[k] = replace(patient, sessions=(*given, session, *later))
    return tuple(found)


def booked(people: Sequence[SimulatedPatient], now: datetime) -> list[int]:
    """Four who are due for an infusion: first those with an appointment, then the longest since."""
    due = []
    for k, patient in enumerate(people):
        given = [one.started_at for one in patient.sessions if one.started_at is not None]
        days = (now - given[-1]).days if given else 0
        if len(given) > INDUCTION_SESSIONS and days >= LEAST_DAYS and patient.plan is not Plan.NONE:
            planned = patient.sessions[-1].started_at is None
            due.append((not planned, days > 60, -days, k))  # noqa: PLR2004  # they gave up long ago
    return [one[-1] for one in sorted(due)[: len(CHAIRS)]]


def again(random: Random, last: Session, start: datetime, now: datetime, chair: str) -> Session:
    """A session like the last one from a start on, as far as it has come by now."""
    planned = replace(
        last,
        status="planned",
        scheduled_at=start,
        started_at=None,
        ended_at=None,
        monitoring_ended_at=None,
        dose_mg=None,
        stop_reason=None,
        vitals=(),
        side_effects=(),
        chair=chair,
    )
    if start >= now:
        return planned
    assert last.started_at is not None, "the last session was given"
    shift = start - last.started_at
    session = replace(
        planned,
        status="in_progress",
        started_at=start,
        vitals=tuple(readings(random, last, shift, now)),
        side_effects=tuple(felt(last, shift, now)),
    )
    end = start + timedelta(minutes=last.planned_minutes)
    if end > now:
        return session
    return replace(session, status="completed", ended_at=end, dose_mg=last.planned_dose_mg)


def readings(random: Random, last: Session, shift: timedelta, now: datetime) -> Iterator[Vitals]:
    """The readings of the last session over again, those that are in the chart by now."""
    for one in last.vitals:
        at = one.measured_at + shift
        if at + CHARTED_AFTER <= now:
            yield replace(
                one,
                measured_at=at,
                systolic_mmhg=one.systolic_mmhg + random.randint(-3, 3),
                diastolic_mmhg=one.diastolic_mmhg + random.randint(-3, 3),
                heart_rate_bpm=one.heart_rate_bpm + random.randint(-3, 3),
                spo2_percent=min(100, one.spo2_percent + random.randint(-1, 1)),
            )


def felt(last: Session, shift: timedelta, now: datetime) -> Iterator[SideEffect]:
    """What is felt by now of what was felt the last time."""
    for one in last.side_effects:
        onset = one.onset_at and one.onset_at + shift
        if onset is not None and onset + CHARTED_AFTER <= now:
            yield replace(one, onset_at=onset, resolved_at=None, action_taken="none")
