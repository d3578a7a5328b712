"""Working out what a patient needs, from everything that is known of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from app.alerts import queries as alerts
from app.alerts.tables import EvidenceStatus, Level, State
from app.assessments import queries as assessments
from app.clinics.queries import chosen, forecast_accepted
from app.kit.db import Db, Row
from app.relief import actions as relief
from app.relief import forecasts
from app.relief.decisions import follow_up
from app.safety.actions import review
from app.science import attention, schedule
from app.science.attention import Asked, Spell
from app.science.forecast.window import Policy
from app.science.relief import Current, Findings, current
from app.science.safety import RULES
from app.worklist import queries
from app.worklist.reasons import COLUMNS, SEEN, Reason

LEVELS = tuple(Level)[::-1]
"""The loudest first."""

CALLED = {
    "info": "For information",
    "warn": "Warning",
    "stop": "Stop and ask",
    "emergency": "Emergency",
}
"""How a level is said."""

Json = dict[str, Any]
Spells = dict[Reason, Spell]


async def recompute(db: Db, patient_id: UUID, now: datetime) -> None:
    """Judge a patient as a whole, and write what they need."""
    findings = await relief.study(db, patient_id, now)
    await review(db, patient_id, findings)
    await follow_up(db, patient_id, findings)
    state = current(findings, now)
    unclosed = await alerts.unclosed(db, patient_id)
    zone = findings.patient.policy.zone()
    spells: Spells = dict(attention.of_relief(findings, state, zone).items())
    values = of_state(state, now, patient_id)
    values |= of_alerts(unclosed, spells)
    values |= await of_forecast(db, findings, now, state, unclosed, spells)
    await of_answers(db, patient_id, findings, now, spells)
    await of_reviews(db, patient_id, findings, now, unclosed, spells)
    await queries.write(db, patient_id, values | columns(spells))


def columns(spells: Spells) -> Json:
    """The instants and the words of each reason."""
    values: Json = {"told": {}}
    for reason, spell in spells.items():
        since, until = COLUMNS[reason]
        values[since] = spell.since
        if until is not None:
            values[until] = spell.until
        values["told"][reason] = {"sentence": spell.sentence, "record_ids": list(spell.record_ids)}
    return values


def of_state(state: Current, now: datetime, patient_id: UUID) -> Json:
    """How relief is doing, and when to look again."""
    return {
        "computed_at": now,
        "due_at": attention.next_look(now, patient_id.int),
        "state": state.state,
        "unknown_from": state.unknown_from,
        "score": state.score,
        "last_reading_at": state.last_reading_at,
    }


def of_alerts(unclosed: Sequence[Row], spells: Spells) -> Json:
    """How many alerts are open at each level, and which of them all is the loudest.

    An alert that was acknowledged and not closed is somebody's, and comes last.
    """
    waiting = [one for one in unclosed if one["status"] == State.OPEN]
    counts = {level.value: sum(one["level"] == level for one in waiting) for level in LEVELS}
    counts = {level: count for level, count in counts.items() if count}
    if not unclosed:
        return {"alerts": counts}
    loudest = next(iter(counts), SEEN)
    told = [one for one in waiting if one["level"] == loudest] or unclosed
    words = "; ".join(dict.fromkeys(one["sentence"] or one["rule"] for one in told))
    said = f"{CALLED[loudest]}, open" if waiting else "Seen and not closed"
    ids = tuple(str(one["id"]) for one in told)
    spells["alert"] = Spell(told[0]["raised_at"], None, f"{said}: {words}", ids)
    return {"alerts": counts, "alert_level": loudest}


async def of_forecast(
    db: Db,
    findings: Findings,
    now: datetime,
    state: Current,
    unclosed: Sequence[Row],
    spells: Spells,
) -> Json:
    """When relief will probably be lost, and the window; nothing where the clinic has none."""
    if await forecast_accepted(db) is None:
        return {}
    found = await forecasts.foretold(db, findings, now)
    if hasattr(found, "reason"):
        return {}
    choices = await chosen(db)
    told = forecasts.window(found, findings, choices, list(unclosed))
    zone = findings.patient.policy.zone()
    policy, lost_by = Policy.chosen(choices), found.probability_lost_by_day
    exceeded_at = attention.passed(lost_by, found.infused_at, policy.threshold)
    spells |= dict(attention.of_window(told, zone, exceeded_at).items())
    if "relief_lost" not in spells:
        limit = policy.probably_lost
        chances = attention.of_chances(lost_by, state, found.infused_at, limit, zone)
        spells |= dict(chances.items())
    closes_at = attention.end_of(told["closes_on"], zone)
    return {"window_closes_at": closes_at, "forecast": in_short(found)}


def in_short(found: Any) -> Json:
    """What the worklist shows of a forecast."""
    return {
        "median_days": found.median_days,
        "probability_already_lost": found.probability_already_lost,
        "intervals": {str(one.percent): days_of(one) for one in found.intervals},
        "infused_at": found.infused_at.isoformat(),
        "parameters_version": found.parameters_version,
    }


def days_of(interval: Any) -> Json:
    """An interval of the forecast, in days since the infusion."""
    return {"lower_days": interval.lower_days, "upper_days": interval.upper_days}


def last_infusion(findings: Findings, now: datetime) -> datetime | None:
    """The last infusion of somebody who is in treatment; None once it is long ago."""
    given = [one.infusion.at for course in findings.courses for one in course.intervals]
    return given[-1] if given and now - given[-1] <= schedule.MEMORY else None


async def of_answers(
    db: Db, patient_id: UUID, findings: Findings, now: datetime, spells: Spells
) -> None:
    """Since when a questionnaire is overdue, or will be if none comes."""
    given = last_infusion(findings, now)
    if given is None:
        return
    answered = attention.last_answer(findings)
    since = max(given, answered) if answered else given
    own = await assessments.slots_of(db, patient_id)
    policy = findings.patient.policy
    plan = own or [one.as_dict() for one in schedule.slots([given], since, str(policy.timezone))]
    overdue = attention.answers_overdue(map(asked, plan), since, policy.zone())
    if overdue is not None:
        spells["answers_overdue"] = overdue


def asked(slot: Mapping[str, Any]) -> Asked:
    """A slot of a schedule."""
    opens, closes = (datetime.fromisoformat(slot[name]) for name in ("opens_at", "closes_at"))
    return Asked(slot["instrument"], opens, closes)


async def of_reviews(
    db: Db,
    patient_id: UUID,
    findings: Findings,
    now: datetime,
    unclosed: Sequence[Row],
    spells: Spells,
) -> None:
    """What somebody should look through: what holds the next dose, or was given in all.

    And screenings that expire while the patient is in treatment.
    """
    due = [
        Spell(one["raised_at"], None, one["sentence"] or one["rule"], (str(one["id"]),))
        for one in unclosed
        if one["evidence_status"] != EvidenceStatus.VOIDED and is_review(one["rule"])
    ]
    if last_infusion(findings, now) is not None:
        zone = findings.patient.policy.zone()
        rows = await queries.newest_screenings(db, patient_id)
        due += [attention.expiring(one["kind"], one["expires_on"], one["id"], zone) for one in rows]
    if due:
        spells["review_due"] = min(due, key=lambda one: one.since)


def is_review(rule: str) -> bool:
    """Whether an alert of this rule asks for a review."""
    return rule == "EXP" or (rule in RULES and "next_dose" in RULES[rule].holds)
