"""What is recorded of made-up patients beside their sessions: at a first visit, and since."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

from app.access.policy import Viewer
from app.background.findings import ALLERGY, CONDITION, LAB, MEDICATION
from app.background.screenings import SCREENING
from app.background.tables import ConditionName
from app.demo import charts
from app.demo.facts import Fact, named
from app.kit.bodies import parse
from app.records.kinds import Kind
from app.science.simulator import SimulatedPatient

AT_HOUR = 16
"""When a first visit is noted, and what is asked again since."""

FRIDAY = 4

CHECKLIST_EVERY, TEST_EVERY = timedelta(weeks=11), timedelta(weeks=3)
"""Early enough that they hold until a session that is booked a week ahead."""

LABS_EVERY = timedelta(weeks=26)

FOLLOWED = timedelta(days=120)
"""How long after a session somebody is still in treatment."""

LAPSES = timedelta(weeks=5)
"""Since when a test that lapsed has not been repeated."""

COLLECTED_BEFORE = timedelta(weeks=1)
"""A laboratory's result is at hand a week after the sample."""

FERTILE_YEARS = range(12, 56)

USUAL_ALT = 56
"""U/L, and so the usual range of these results: 7 to 56."""


def background_facts(
    number: int, person: SimulatedPatient, nurse: Viewer, today: datetime
) -> Iterator[Fact]:
    """What one person takes and has, what was asked of them, and what a laboratory found.

    `today` is in the clinic's zone. What was asked is asked again while they are in treatment.
    """
    first = first_visit(person)
    told = [
        *((first, MEDICATION, one) for one in taken(number, first.date(), person)),
        *((first, CONDITION, one) for one in conditions(number, first.date(), person)),
        *((first, ALLERGY, one) for one in allergies(number, first.date())),
        *added(number, first),
        *asked(number, person, first, today),
        *results(number, person, first, today),
    ]
    for place, (at, kind, said) in enumerate(told):
        one = named(kind.noun, number, place)
        yield Fact(at, kind, parse(kind.model, said), one, nurse)


Told = tuple[datetime, Kind, dict[str, Any]]
"""What was recorded when, as a client would send it."""


def first_visit(person: SimulatedPatient) -> datetime:
    """Before the first questionnaire, on a day on which the clinic is open."""
    at = person.checkins[0].taken_at.replace(hour=AT_HOUR, minute=0)
    return at - timedelta(days=max(0, at.weekday() - FRIDAY))


def repeated(
    person: SimulatedPatient, first: datetime, every: timedelta, today: datetime
) -> Iterator[datetime]:
    """At the first visit, and again as long as the person is in treatment."""
    last = max(one.started_at or one.scheduled_at for one in person.sessions)
    at = first
    while at <= min(today, last + FOLLOWED):
        yield at
        at += every


def taken(number: int, first: date, person: SimulatedPatient) -> Iterator[dict[str, Any]]:
    """The medications that somebody came with."""
    ended = dict([charts.TAPERED[number]]) if number in charts.TAPERED else {}
    for place, name in enumerate(charts.TAKES.get(number, ())):
        since = first - timedelta(days=90 + (number * 37 + place * 151) % 400)
        last = ended.get(name)
        stops = last and (first + timedelta(days=last)).isoformat()
        yield medication(name, since) | {"stopped_on": stops}
    if person.hypertensive:
        names = charts.AGAINST_PRESSURE
        yield medication(names[number % len(names)], long_ago(number, first))


def medication(name: str, since: date) -> dict[str, Any]:
    """A drug as a client would send it."""
    drug = charts.DRUGS[name]
    return {
        "name": name,
        "drug_class": drug.drug_class,
        "dose": drug.dose_mg,
        "dose_unit": "mg",
        "frequency": drug.frequency,
        "daily_dose_mg": drug.daily_mg,
        "diazepam_equivalent_mg": drug.diazepam_mg,
        "started_on": since.isoformat(),
    }


def long_ago(number: int, first: date) -> date:
    """Some years before the first visit."""
    return first - timedelta(days=700 + number * 211 % 2500)


def conditions(number: int, first: date, person: SimulatedPatient) -> Iterator[dict[str, Any]]:
    """What somebody has that the checklist doesn't ask about."""
    names = [charts.HYPERTENSION] if person.hypertensive else []
    if number in charts.CONDITIONS:
        names.append(charts.CONDITIONS[number])
    for place, name in enumerate(names):
        since = long_ago(number + 5 * place, first).isoformat()
        yield {"condition": "other", "other_text": name, "since_on": since}


def allergies(number: int, first: date) -> Iterator[dict[str, Any]]:
    """What somebody told at the first visit that they don't bear."""
    if number in charts.ALLERGIES:
        yield {**charts.ALLERGIES[number]._asdict(), "noted_on": first.isoformat()}


def added(number: int, first: datetime) -> Iterator[Told]:
    """A medication that began in the course of treatment."""
    if number in charts.ADDED:
        name, days = charts.ADDED[number]
        at = first + timedelta(days=days)
        yield at, MEDICATION, medication(name, at.date())


def asked(
    number: int, person: SimulatedPatient, first: datetime, today: datetime
) -> Iterator[Told]:
    """The checklist, a look at the prescriptions, and tests of who could be pregnant."""
    for at in repeated(person, first, CHECKLIST_EVERY, today):
        yield at, SCREENING, checklist(at)
        yield at, SCREENING, screening("prescription_monitoring", "clear", at)
    if person.sex == "female":
        until = today - LAPSES if number in charts.LAPSED else today
        for at in repeated(person, first, TEST_EVERY, until):
            if at.year - person.birth_date.year in FERTILE_YEARS:
                yield at, SCREENING, screening("pregnancy", "negative", at)


def checklist(at: datetime) -> dict[str, Any]:
    """Every question of it, and nothing that speaks against treatment."""
    return {
        "kind": "contraindications",
        "form_version": "2025-1",
        "answered_at": at.isoformat(),
        "answered_by": "patient, with a nurse",
        "answers": {one.value: "no" for one in ConditionName if one != ConditionName.OTHER},
    }


def screening(kind: str, result: str, at: datetime) -> dict[str, Any]:
    """A test or a look-up as a client would send it."""
    return {"kind": kind, "answered_at": at.isoformat(), "result": result}


def results(
    number: int, person: SimulatedPatient, first: datetime, today: datetime
) -> Iterator[Told]:
    """A liver enzyme and the urine, at the first visit and twice a year."""
    for place, at in enumerate(repeated(person, first, LABS_EVERY, today)):
        collected = {"collected_on": (at - COLLECTED_BEFORE).date().isoformat()}
        alt = charts.RAISED_ALT.get(number, 14 + (number * 7 + place * 5) % 28)
        yield (
            at,
            LAB,
            {
                "code": "alt",
                "value": alt,
                "unit": "U/L",
                "reference": f"7 to {USUAL_ALT} U/L",
                "abnormal": alt > USUAL_ALT,
            }
            | collected,
        )
        urine = {"code": "urinalysis", "text_result": "no blood, no leucocytes", "abnormal": False}
        yield at, LAB, urine | collected
