"""A cohort of patients as files of commas: read, fitted, forecast, written.

`patients.csv.gz` has patient_id, clinic_id, instrument, as_of_day, forecast and current_infusion;
`infusions.csv.gz` patient_id, infusion_id, day and dose_mg_per_kg; `scores.csv.gz` patient_id, day,
instrument and value. Days are elapsed days on a clock of each patient's own.
"""

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

from app.science.forecast.fitting import fit_freely
from app.science.forecast.history import History, Treatment, history_of
from app.science.forecast.parameters import Parameters, shipped
from app.science.forecast.predict import look
from app.science.relief import SCALES, study

ZERO = datetime(2025, 1, 1, 12, tzinfo=UTC)
"""Day 0 of each patient; any would do."""

LAST_DAY = 240
SCORED_IN_DAYS = (7, 14, 21)
EACH_DAY = np.arange(LAST_DAY + 1, dtype=float)

HEADER = (
    "patient_id",
    *(f"d{day}" for day in range(LAST_DAY + 1)),
    *(f"p_bad_{days}" for days in SCORED_IN_DAYS),
)

LEAST_BASELINE = 1.0
"""A cohort says itself who is to be forecast, so hardly a baseline is too low."""

Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Member:
    """One patient of a cohort."""

    record: dict[str, Any]
    """As the relief method takes it."""
    history: History
    current: Treatment
    """The treatment to be forecast, if it is."""
    since_days: float
    """From that to the day as of which all is told."""
    is_forecast: bool


def forecasts(folder: Path) -> Iterator[tuple[str, ...]]:
    """The rows of a table: the header, and each patient to be forecast in the order of the file.

    The parameters are those of the whole cohort's histories. Raises OSError and KeyError for a
    folder that is none of a cohort.
    """
    cohort = list(members(folder))
    parameters = fit_freely([one.history for one in cohort], shipped()).parameters
    yield HEADER
    for member in cohort:
        if member.is_forecast:
            yield row(member, parameters)


def row(member: Member, parameters: Parameters) -> tuple[str, ...]:
    """What is foretold of one patient, in the order of `HEADER`."""
    outlook = look(member.history.past, member.current, parameters)
    above = outlook.score_above(member.since_days + np.array(SCORED_IN_DAYS, float))
    chances = [*outlook.losses.lost_by(EACH_DAY), *above]
    return member.history.patient, *(f"{chance:.6f}" for chance in chances)


def members(folder: Path) -> Iterator[Member]:
    """The patients of a cohort, in the order of the file. Raises as `forecasts`."""
    infusions = _by_patient(folder / "infusions.csv.gz")
    scores = _by_patient(folder / "scores.csv.gz")
    for patient in _rows(folder / "patients.csv.gz"):
        name = patient["patient_id"]
        given = infusions[name]
        record = _record(patient, given, scores[name])
        findings = study(record)
        history = history_of(findings, patient["clinic_id"])
        days = {one["infusion_id"]: float(one["day"]) for one in given}
        yield Member(
            record=record,
            history=history,
            current=history.current or _unjudged(patient, given),
            since_days=float(patient["as_of_day"]) - days[patient["current_infusion"]],
            is_forecast=patient["forecast"] == "1",
        )


def _record(patient: Row, infusions: list[Row], scores: list[Row]) -> dict[str, Any]:
    """As the relief method takes it."""
    return {
        "patient_id": patient["patient_id"],
        "as_of": _at(patient["as_of_day"]),
        "policy": {
            "instrument_priority": [patient["instrument"]],
            "min_baseline": LEAST_BASELINE,
        },
        "infusions": [
            {"id": one["infusion_id"], "t": _at(one["day"]), "dose_mg_per_kg": _dose(one)}
            for one in infusions
        ],
        "scores": [
            {"id": f"s{number}", "instrument": one["instrument"]}
            | {"t": _at(one["day"]), "value": float(one["value"])}
            for number, one in enumerate(scores)
        ],
    }


def _unjudged(patient: Row, infusions: list[Row]) -> Treatment:
    """The last treatment of a patient without a baseline: nothing is known of what it did."""
    baseline = SCALES[patient["instrument"]].highest / 2
    dose = _dose(infusions[-1])
    return Treatment(
        len(infusions), dose, patient["instrument"], baseline, baseline / 2, days=(), severities=()
    )


def _dose(infusion: Row) -> float | None:
    return float(infusion["dose_mg_per_kg"]) if infusion["dose_mg_per_kg"] else None


def _at(day: str) -> datetime:
    return ZERO + timedelta(days=float(day))


def _by_patient(file: Path) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(file):
        found[row["patient_id"]].append(row)
    return found


def _rows(file: Path) -> Iterator[Row]:
    with gzip.open(file, "rt", newline="") as lines:
        yield from csv.DictReader(lines)
