"""Recording the made-up clinic, patient by patient, each as if day by day."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from app.access.policy import Caller, Role, Viewer
from app.alerts import queries as alerts
from app.alerts.actions import acknowledge, close
from app.alerts.schemas import Handling
from app.demo.background import background_facts
from app.demo.facts import Fact, named
from app.demo.visits import checkin_fact, session_facts
from app.kit import clock
from app.kit.bodies import Unread, written
from app.kit.db import Db, Pool
from app.patients import actions as patients
from app.patients import queries
from app.patients.schemas import PatientIn
from app.records.actions import create, take_in
from app.records.kinds import Arrival
from app.science.simulator import SimulatedPatient, simulate, with_today

ZONE = "America/Denver"

UNHANDLED = timedelta(days=2)
"""Alerts younger than this still wait for somebody."""

HANDLING = (
    (timedelta(minutes=12), acknowledge, "Seen."),
    (timedelta(hours=3), close, "Talked it over with the patient; nothing further to do."),
)
"""What became of the others, and how soon."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What was made."""

    patients: int
    records: int
    shown: UUID
    """A patient worth looking at."""


async def fill(pool: Pool, clinic_id: UUID, staff_id: UUID, today: datetime) -> Filled:
    """Record forty made-up patients over eighteen months, up to this moment of today.

    `staff_id` is who charts. The clinic must exist and be empty.
    """
    nurse = Viewer(staff_id, clinic_id, Caller.STAFF, Role.CLINICIAN)
    local = today.astimezone(ZoneInfo(ZONE))
    people = with_today(simulate(local.date(), zone=ZoneInfo(ZONE)), local)
    records = 0
    for number, person in enumerate(people):
        patient_id = named("patient", number)
        told = facts_of(number, person, nurse, clinic_id, local)
        facts = sorted(told, key=lambda fact: fact.at)
        async with pool.confined(clinic_id, actor=staff_id) as db:
            await register(db, nurse, patient_id, number, person, facts[0].at)
            records += await record(db, patient_id, [one for one in facts if one.at <= today])
            await deal_with_alerts(db, nurse, patient_id, today - UNHANDLED)
    liveliest = max(range(len(people)), key=lambda n: len(people[n].checkins))
    return Filled(len(people), records, named("patient", liveliest))


async def register(
    db: Db, nurse: Viewer, patient_id: UUID, number: int, person: SimulatedPatient, at: datetime
) -> None:
    """Register a made-up patient, the day before anything is known of them."""
    sent = {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_date": person.birth_date,
        "sex": person.sex,
        "identifiers": [{"system": "urn:afterglow:demo", "value": f"D{number + 1:03}"}],
    }
    with clock.at(at - timedelta(days=1)):
        await patients.create(db, nurse, Unread(PatientIn, written(sent)), patient_id)


async def record(db: Db, patient_id: UUID, facts: list[Fact]) -> int:
    """Record facts in the order they became known."""
    subject = await queries.subject(db, patient_id)
    for fact in facts:
        with clock.at(fact.at):
            own = subject if fact.under is None else replace(subject, under=fact.under)
            told = (db, fact.by, fact.kind, own, fact.sent, fact.id)
            arrival = arrival_of(fact)
            await (create(*told) if arrival is None else take_in(*told, arrival))
    return len(facts)


async def deal_with_alerts(db: Db, nurse: Viewer, patient_id: UUID, until: datetime) -> None:
    """See and close what was raised by then, as a clinic does; the newest still wait."""
    for alert in await alerts.unclosed(db, patient_id):
        if alert["raised_at"] < until:
            for wait, deal, note in HANDLING:
                with clock.at(alert["raised_at"] + wait):
                    await deal(db, nurse, alert["id"], Unread(Handling, written({"note": note})))


def arrival_of(fact: Fact) -> Arrival | None:
    """A phone sends what was answered at once."""
    return Arrival(fact.at, fact.at) if fact.by.caller == Caller.DEVICE else None


def facts_of(
    number: int, person: SimulatedPatient, nurse: Viewer, clinic_id: UUID, today: datetime
) -> Iterator[Fact]:
    """Everything that was recorded of one person by today, and what is planned, in no order."""
    phone = Viewer(
        named("phone", number),
        clinic_id,
        Caller.DEVICE,
        "patient",
        patient_id=named("patient", number),
    )
    yield from background_facts(number, person, nurse, today)
    for place, one in enumerate(person.sessions):
        yield from session_facts(number, place, one, nurse)
    for place, answer in enumerate(person.checkins):
        yield checkin_fact(number, place, answer, phone)
