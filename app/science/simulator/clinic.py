"""Forty made-up patients over eighteen months, for showing the product to people."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from random import Random

from app.science.simulator.figures import (
    ABSENT_PATIENTS,
    HYPERTENSIVE,
    MOOD_PATIENTS,
    NO_MAINTENANCE,
    PATIENTS,
    Archetype,
    Plan,
)
from app.science.simulator.history import Character, History, induction_day_before
from app.science.simulator.mood import SELF_HARM_ITEM
from app.science.simulator.people import PEOPLE, Person, birth_date
from app.science.simulator.sessions import draw_body, stop_early
from app.science.simulator.shapes import Checkin, SimulatedPatient

DAYS = 546
"""Eighteen months."""

RECENT_STARTS = (3, 5, 8, 11)
"""Days before today on which the last patients began, so that some are in their induction."""

FIRST_HOUR, LAST_HOUR = 9, 15

EVENING = time(20, 10)


def simulate(today: date, seed: int = 7, zone: tzinfo = UTC) -> tuple[SimulatedPatient, ...]:
    """The clinic's patients by the day they began; what is recorded ends on the eve of `today`.

    Nothing is dated on `today` itself; sessions of the week after it are planned. Times are the
    clinic's (`zone`). The same arguments always give the same clinic: each patient draws from a
    generator of their own. One infusion was stopped, and one check-in, on the evening before
    `today`, has an answer other than "not at all" to the question about self-harm.
    """
    random = Random(f"{seed}")  # noqa: S311  a demonstration, not a secret
    kinds = [kind for kind, count in PATIENTS.items() for _ in range(count)]
    random.shuffle(kinds)
    people = random.sample(PEOPLE, len(PEOPLE))
    begins = _beginnings(random, len(kinds), today)
    patients = [
        _patient(Random(f"{seed}:{k}"), person, kind, begin, today, zone)  # noqa: S311  as above
        for k, (person, kind, begin) in enumerate(zip(people, kinds, begins, strict=True))
    ]
    return tuple(_with_events(patients, today, zone))


def _beginnings(random: Random, patients: int, today: date) -> list[date]:
    """First days, the earliest first, evenly spread with some chance; on induction days."""
    spread = patients - len(RECENT_STARTS)
    step = (DAYS - RECENT_STARTS[-1]) / spread
    ago = [DAYS - step * (k + 0.8 * random.random()) for k in range(spread)]
    days = [today - timedelta(days=round(n)) for n in (*ago, *reversed(RECENT_STARTS))]
    return [induction_day_before(day) for day in days]


def _patient(
    random: Random, person: Person, kind: Archetype, begin: date, today: date, zone: tzinfo
) -> SimulatedPatient:
    hypertensive = random.random() < HYPERTENSIVE
    character = Character(
        archetype=kind,
        plan=_plan(random, kind),
        baseline=random.randint(15, 23),
        body=draw_body(random, hypertensive=hypertensive),
        absent=random.random() < ABSENT_PATIENTS,
        rates_mood=random.random() < MOOD_PATIENTS,
        hour=random.randint(FIRST_HOUR, LAST_HOUR),
    )
    history = History(random, character, today, zone)
    history.live(begin)
    return SimulatedPatient(
        given_name=person.given_name,
        family_name=person.family_name,
        birth_date=birth_date(random, today),
        sex=person.sex,
        archetype=kind,
        plan=character.plan,
        hypertensive=hypertensive,
        baseline=sum(history.checkins[0].answers),
        sessions=tuple(history.sessions),
        checkins=tuple(sorted(history.checkins, key=lambda one: one.taken_at)),
    )


def _plan(random: Random, kind: Archetype) -> Plan:
    if kind is Archetype.NON_RESPONDER or random.random() < NO_MAINTENANCE:
        return Plan.NONE
    return random.choice((Plan.PHONE, Plan.PHONE, Plan.SCHEDULE))


def _with_events(
    patients: list[SimulatedPatient], today: date, zone: tzinfo
) -> Iterator[SimulatedPatient]:
    """One stopped infusion half-way through, and one answer about self-harm in an induction."""
    stopped = len(patients) // 2
    at_risk = len(patients) - 2
    for k, patient in enumerate(patients):
        if k == stopped:
            first, second, *rest = patient.sessions
            yield replace(patient, sessions=(first, stop_early(second), *rest))
        elif k == at_risk:
            yield _at_risk(patient, today, zone)
        else:
            yield patient


def _at_risk(patient: SimulatedPatient, today: date, zone: tzinfo) -> SimulatedPatient:
    eve = datetime.combine(today - timedelta(days=1), EVENING, zone)
    answers = (3, 2, 3, 2, 2, 3, 2, 1, 2)
    assert answers[SELF_HARM_ITEM] > 0
    earlier = tuple(one for one in patient.checkins if one.taken_at < eve - timedelta(hours=20))
    return replace(patient, checkins=(*earlier, Checkin("PHQ-9", eve, answers)))
