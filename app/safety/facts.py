"""Rows, as JSON or as columns, into what the rules look at."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.kit.db import Row
from app.science.safety import (
    Allergy,
    Answer,
    Chart,
    Condition,
    Exposure,
    Medication,
    Person,
    Reading,
    Screening,
    Session,
    Unreviewed,
    Weight,
)

Given = Mapping[str, Any]

MEASURES = {
    "systolic_mmhg": "systolic",
    "diastolic_mmhg": "diastolic",
    "heart_rate_bpm": "pulse",
    "spo2_percent": "saturation",
    "respiratory_rate_per_minute": "breaths",
    "sedation_moaas": "moaas",
}
"""The columns that a rule looks at, and what the rules call them."""

PLAIN = (
    "drug",
    "route",
    "status",
    "setting",
    "planned_dose_mg",
    "planned_mg_per_kg",
    "dose_mg",
    "weight_kg",
    "weight_kind",
)
"""The columns of a session that are taken as they are."""


def instant(value: Any) -> datetime | None:
    """An instant, as a column or as JSON has it."""
    return datetime.fromisoformat(value) if isinstance(value, str) else value


def moment(value: Any) -> datetime:
    """An instant that is there."""
    at = instant(value)
    assert at is not None, "every record has an instant that everything uses"
    return at


def day(value: Any) -> date | None:
    """A date, as a column or as JSON has it."""
    return date.fromisoformat(value) if isinstance(value, str) else value


def reading(row: Given) -> Reading:
    """Vital signs."""
    return Reading(
        id=str(row["id"]),
        at=moment(row["effective_at"]),
        symptomatic=row["symptomatic"],
        timed=row["precision"] == "instant",
        **{ours: row[name] for name, ours in MEASURES.items()},
    )


def session(row: Given, first_device_at: datetime | None = None) -> Session:
    """A session."""
    return Session(
        id=str(row["id"]),
        at=moment(row["effective_at"]),
        started_at=instant(row["started_at"]),
        first_device_at=first_device_at,
        monitoring_ended_at=instant(row["monitoring_ended_at"]),
        discharged_at=instant(row["discharged_at"]),
        weight_measured_on=day(row["weight_measured_on"]),
        **{name: row[name] for name in PLAIN},
    )


def chart(row: Row, own: Session) -> Chart:
    """Everything around a session."""
    last = row["last_weight"]
    return Chart(
        session=own,
        person=Person(row["sex"], row["birth_date"], ZoneInfo(row["time_zone"])),
        readings=tuple(map(reading, row["readings"])),
        exposures=tuple(map(exposure, row["exposures"])),
        exposed=row["exposed"],
        last_weight=last and Weight(last["id"], last["weight_kg"]),
        medications=tuple(map(medication, row["medications"])),
        conditions=tuple(map(condition, row["conditions"])),
        allergies=tuple(Allergy(one["id"], one["substance"]) for one in row["allergies"]),
        screenings=tuple(map(screening, row["screenings"])),
        unreviewed=tuple(map(unreviewed, row["unreviewed"])),
    )


def exposure(row: Given) -> Exposure:
    """Another session that was given."""
    at_home = row["setting"] == "home"
    return Exposure(row["id"], row["drug"], row["route"], moment(row["effective_at"]), at_home)


def medication(row: Given) -> Medication:
    """What somebody takes."""
    return Medication(
        row["id"],
        row["name"],
        row["drug_class"],
        row["diazepam_equivalent_mg"],
        day(row["started_on"]),
        day(row["stopped_on"]),
    )


def condition(row: Given) -> Condition:
    """What somebody has or had."""
    return Condition(row["id"], row["condition"], row["present"], day(row["resolved_on"]))


def screening(row: Given) -> Screening:
    """A checklist or a test."""
    answers = row["answers"] or {}
    return Screening(row["id"], row["kind"], row["result"], answers, day(row["expires_on"]))


def unreviewed(row: Given) -> Unreviewed:
    """An alert that holds the next dose."""
    told = row["sentence"] or ""
    return Unreviewed(
        row["id"], row["rule"], moment(row["raised_at"]), told, str(row["subject_id"])
    )


def answer(row: Given) -> Answer:
    """A questionnaire as it was scored."""
    return Answer(
        row["id"], row["instrument"], moment(row["effective_at"]), row["total"], row["self_harm"]
    )
