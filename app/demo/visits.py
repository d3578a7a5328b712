"""What is recorded of the visits and by the phones of made-up patients."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.access.policy import Viewer
from app.assessments.actions import ASSESSMENT
from app.assessments.schemas import SelfReportIn
from app.demo.facts import Fact, named
from app.infusions.dose_events import DOSE_EVENT
from app.infusions.schemas.sessions import InfusionIn
from app.infusions.sessions import INFUSION
from app.infusions.side_effects import SIDE_EFFECT
from app.infusions.vitals import VITALS
from app.kit.bodies import parse
from app.science.simulator import Checkin, Session, SideEffect, Vitals

CHARTED_AFTER = timedelta(minutes=1)
"""A nurse charts a reading a minute after it is taken."""

SESSION_NOTED_AFTER = timedelta(minutes=5)
"""A session is closed five minutes after it ends."""

LAST_CHECKS = timedelta(hours=2)
"""How long a patient stays when the simulator does not say."""

BOOKED_AHEAD = timedelta(days=3)
"""Sessions to come were planned three days ago."""


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
