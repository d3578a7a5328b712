"""Decisions: what a clinician was shown when they decided, and how it turned out."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from app.alerts import queries as alerts
from app.kit import clock
from app.kit.bodies import written
from app.kit.db import Db, Row
from app.records.kinds import Kind, Telling
from app.relief import actions, queries
from app.relief.schemas import DecisionIn
from app.relief.tables import Choice
from app.science.relief import Course, Findings, Interval
from app.science.safety import RULES

NEAR = timedelta(days=2)
"""An infusion this near to the planned day is as planned; [default], no source sets it."""

ONE_DAY = timedelta(days=1)

READINGS = 5
"""How many of the last readings a snapshot keeps."""


async def remember(telling: Telling) -> None:
    """Keep what was shown with a new decision. An amendment leaves it alone."""
    if telling.before is None:
        telling.values["snapshot"] = await snapshot(telling.db, telling.subject.id)
        telling.values["outcome"] = None


async def snapshot(db: Db, patient_id: UUID) -> dict[str, Any]:
    """What a clinician is shown of a patient now, and the versions that it was made by."""
    report = await actions.read(db, patient_id)
    course = report["courses"][-1] if report["courses"] else None
    readings = await queries.last_readings(db, patient_id, READINGS)
    unclosed = await alerts.unclosed(db, patient_id)
    forecast = report["forecast"]
    told = {
        "taken_at": clock.now(),
        "current": report["current"],
        "course": course,
        "episodes": [
            {name: one[name] for name in SUMMARY}
            for one in report["episodes"]
            if course and one["course_id"] == course["course_id"]
        ],
        **{name: report[name] for name in ("forecast", "forecast_reason", "window", "policy")},
        "open_alerts": [dict(one) for one in unclosed],
        "readings": [dict(one) for one in readings],
        "versions": {
            "method": report["method_version"],
            "parameters": forecast and forecast["parameters_version"],
            "rules": {rule.id: rule.version for rule in RULES.values()},
        },
    }
    plain: dict[str, Any] = orjson.loads(written(told))
    return plain


SUMMARY = (
    "infusion_id",
    "number_in_course",
    "status",
    "lower_days",
    "upper_days",
    "censoring",
    "best_improvement",
)
"""What a snapshot keeps of an episode."""

DECISION = Kind(
    noun="decision",
    path="/v1/decisions",
    model=DecisionIn,
    statements=queries.DECISION,
    derive=remember,
)


async def follow_up(db: Db, patient_id: UUID, findings: Findings) -> None:
    """Say of each decision how it turned out, as far as is known by now."""
    for decision in await queries.decisions_of(db, patient_id):
        told = orjson.loads(written(outcome(decision, findings)))
        if told != decision["outcome"]:
            await queries.set_outcome(db, decision["id"], told)


def outcome(decision: Row | Mapping[str, Any], findings: Findings) -> dict[str, Any]:
    """How a decision turned out: the infusion after it, and relief until then.

    `as_planned` is null where nothing was planned; `relief_lost_before` where nobody knows.
    """
    decided_at = decision["decided_at"]
    spans = [(course, one) for course in findings.courses for one in course.intervals]
    then = next((one for one in reversed(spans) if one[1].infusion.at <= decided_at), None)
    following = next((one.infusion for _, one in spans if one.infusion.at > decided_at), None)
    next_at = following.at if following else None
    return {
        "next_infusion_id": following.id if following else None,
        "next_infusion_at": next_at,
        "days_after": round((next_at - decided_at) / ONE_DAY, 4) if next_at else None,
        "as_planned": as_planned(decision, next_at),
        **_relief(then),
    }


def as_planned(decision: Mapping[str, Any], next_at: datetime | None) -> bool | None:
    """Whether what came is what was decided."""
    if next_at is None:
        return None
    if decision["decision"] in {Choice.STOP, Choice.REFER}:
        return False
    if decision["planned_on"] is None:
        return None
    came_on = next_at.astimezone(ZoneInfo(decision["time_zone"])).date()
    return bool(abs(came_on - decision["planned_on"]) <= NEAR)


def _relief(then: tuple[Course, Interval] | None) -> dict[str, Any]:
    """Whether relief was lost before the next infusion, and the last score until then."""
    lost = {"lost": True, "held": False}
    told: dict[str, Any] = {"relief_lost_before": None, "last_score": None, "last_score_at": None}
    if then is None:
        return told
    course, interval = then
    if interval.status == "lost" or interval.ended_by == "next_infusion":
        told["relief_lost_before"] = lost.get(interval.status)
    if interval.checkins and course.choice.scale:
        last = interval.checkins[-1]
        told["last_score"] = round(course.choice.scale.score(last.severity), 4)
        told["last_score_at"] = last.at
    return told
