"""A made-up clinic, recorded through the same actions that the API uses, as if day by day.

The people come from science.simulator; the clock of kit is set back for each record, so that the
chart tells who knew what when. Ids are made of what they name: the same day makes the same clinic.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5
from zoneinfo import ZoneInfo

from app.access.policy import Caller, Role, Viewer
from app.alerts import queries as alerts
from app.alerts.actions import acknowledge, close
from app.alerts.schemas import Handling
from app.assessments.actions import ASSESSMENT
from app.assessments.schemas import SelfReportIn
from app.infusions.dose_events import DOSE_EVENT
from app.infusions.schemas.sessions import InfusionIn
from app.infusions.sessions import INFUSION
from app.infusions.side_effects import SIDE_EFFECT
from app.infusions.vitals import VITALS
from app.kit import clock
from app.kit.bodies import Unread, parse, written
from app.kit.db import Db, Pool
from app.patients import actions as patients
from app.patients import queries
from app.patients.schemas import PatientIn
from app.records.actions import create, take_in
from app.records.kinds import Arrival, Kind
from app.records.schemas import ClinicalIn
from app.science.simulator import (
    Checkin,
    Session,
    SideEffect,
    SimulatedPatient,
    Vitals,
    simulate,
    with_today,
)

SLUG = "demo"
NAME = "Demo clinic (made-up patients)"
ZONE = "America/Denver"

CHARTED_AFTER = timedelta(minutes=1)
"""A nurse charts a reading a minute after it is taken."""

SESSION_NOTED_AFTER = timedelta(minutes=5)
"""A session is closed five minutes after it ends."""

LAST_CHECKS = timedelta(hours=2)
"""How long a patient stays when the simulator does not say."""

BOOKED_AHEAD = timedelta(days=3)
"""Sessions to come were planned three days ago."""


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


@dataclass(frozen=True, slots=True)
class Fact:
    """Something to record, by whom, and when it was recorded."""

    at: datetime
    kind: Kind
    sent: ClinicalIn
    id: UUID
    by: Viewer
    under: UUID | None = None
    """The session that a dose event is of."""


def named(*names: object) -> UUID:
    """The id of a made-up thing."""
    return uuid5(NAMESPACE_URL, "afterglow:demo:" + ":".join(str(name) for name in names))


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
        facts = sorted(facts_of(number, person, nurse, clinic_id), key=lambda fact: fact.at)
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
    number: int, person: SimulatedPatient, nurse: Viewer, clinic_id: UUID
) -> Iterator[Fact]:
    """Everything that was recorded of one person, in no order."""
    phone = Viewer(
        named("phone", number),
        clinic_id,
        Caller.DEVICE,
        "patient",
        patient_id=named("patient", number),
    )
    for place, one in enumerate(person.sessions):
        yield from session_facts(number, place, one, nurse)
    for place, answer in enumerate(person.checkins):
        yield checkin_fact(number, place, answer, phone)


def checkin_fact(number: int, place: int, answer: Checkin, phone: Viewer) -> Fact:
    """What a phone sent."""
    told = {
        "instrument": answer.instrument,
        "taken_at": answer.taken_at.isoformat(),
        "answers": list(answer.answers),
        "answered_by": "patient",
    }
    sent = parse(SelfReportIn, told)
    return Fact(answer.taken_at, ASSESSMENT, sent, named("checkin", number, place), phone)


def session_facts(number: int, place: int, one: Session, nurse: Viewer) -> Iterator[Fact]:
    """A session, what was measured and what was asked in it."""
    infusion_id = named("infusion", number, place)
    yield Fact(noted_at(one), INFUSION, parse(InfusionIn, session_told(one)), infusion_id, nurse)
    if running(one):
        yield rate_fact(one, infusion_id, nurse)
    for n, reading in enumerate(one.vitals):
        told = vitals_told(reading) | {"infusion_id": str(infusion_id)}
        at = max(reading.measured_at + CHARTED_AFTER, noted_at(one))
        yield Fact(at, VITALS, parse(VITALS.model, told), named("vitals", infusion_id, n), nurse)
    for n, effect in enumerate(one.side_effects):
        told = effect_told(effect, one) | {"infusion_id": str(infusion_id)}
        sent = parse(SIDE_EFFECT.model, told)
        at = max(effect.onset_at or noted_at(one), noted_at(one)) + CHARTED_AFTER
        yield Fact(at, SIDE_EFFECT, sent, named("effect", infusion_id, n), nurse)


def running(one: Session) -> bool:
    """Whether a session runs while the clinic is shown."""
    return one.status == "in_progress"


def rate_fact(one: Session, infusion_id: UUID, nurse: Viewer) -> Fact:
    """The rate at which a running session began."""
    at = noted_at(one)
    rate = round(one.planned_dose_mg / one.planned_minutes, 2)
    told = {"at": at.isoformat(), "kind": "rate", "rate_mg_per_minute": rate}
    sent = parse(DOSE_EVENT.model, told)
    return Fact(at, DOSE_EVENT, sent, named("rate", infusion_id), nurse, infusion_id)


def noted_at(one: Session) -> datetime:
    """When a session came into the chart."""
    if running(one) and one.started_at is not None:
        return one.started_at
    if one.ended_at is None:
        return one.scheduled_at - BOOKED_AHEAD
    return one.ended_at + SESSION_NOTED_AFTER


def session_told(one: Session) -> dict[str, Any]:
    """A session as a client would send it."""
    told: dict[str, Any] = {
        "status": one.status,
        "drug": "ketamine",
        "route": "iv",
        "planned_mg_per_kg": one.planned_mg_per_kg,
        "planned_minutes": one.planned_minutes,
        "planned_dose_mg": one.planned_dose_mg,
        "weight_kg": one.weight_kg,
        "scheduled_at": one.scheduled_at.isoformat(),
        "chair": one.chair,
    }
    if one.started_at is None:
        return told
    return told | {
        "dose_mg": one.dose_mg,
        "weight_kind": "actual",
        "started_at": one.started_at.isoformat(),
        "ended_at": one.ended_at and one.ended_at.isoformat(),
        "stop_reason": one.stop_reason,
    }


def vitals_told(reading: Vitals) -> dict[str, Any]:
    """A reading as a client would send it."""
    return {
        "measured_at": reading.measured_at.isoformat(),
        "planned_minute": reading.planned_minute,
        "systolic_mmhg": reading.systolic_mmhg,
        "diastolic_mmhg": reading.diastolic_mmhg,
        "heart_rate_bpm": reading.heart_rate_bpm,
        "spo2_percent": reading.spo2_percent,
        "sedation_moaas": reading.sedation_moaas,
        "method": "monitor",
    }


def effect_told(effect: SideEffect, one: Session) -> dict[str, Any]:
    """A side effect as a client would send it."""
    told: dict[str, Any] = {"effect": effect.effect, "present": effect.present}
    observed = effect.onset_at or one.ended_at or one.scheduled_at + LAST_CHECKS
    told["observed_at"] = observed.isoformat()
    if not effect.present:
        return told
    return told | {
        "severity": effect.severity,
        "onset_at": effect.onset_at and effect.onset_at.isoformat(),
        "resolved_at": effect.resolved_at and effect.resolved_at.isoformat(),
        "action_taken": effect.action_taken,
    }
