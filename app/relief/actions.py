"""How long relief lasted, from the records as they are or as they were known at a moment."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from app.kit import clock
from app.kit.db import Db, Row
from app.kit.errors import Invalid, NotFound
from app.patients.queries import subject
from app.relief import queries
from app.relief.forecasts import outlook
from app.relief.wire import shown
from app.science import relief
from app.science.relief import SCALES
from app.science.relief.choices import policy_choices


async def read(
    db: Db,
    patient_id: UUID,
    instrument: str | None = None,
    as_of: datetime | None = None,
    known_at: datetime | None = None,
) -> dict[str, Any]:
    """Courses, episodes and the current state of a patient, on one instrument or the preferred.

    What happened after `as_of`, or was not known at `known_at`, doesn't count; the state is that
    of the first of these, else the present one. The window is of the present alone. Raises
    NotFound, Merged or Invalid.
    """
    wanted = list(SCALES) if instrument is None else [instrument]
    row = await records(db, patient_id, wanted, known_at)
    if not row["infusions"] and not row["scores"]:
        await subject(db, patient_id)
    now = clock.now()
    refuse(instrument, {"as_of": as_of, "known_at": known_at}, now)
    at = as_of or known_at or now
    findings = relief.study(case(row, wanted) | {"patient_id": str(patient_id), "as_of": as_of})
    course_of = {one["id"]: one["course_id"] for one in row["infusions"]}
    marks = relief.co_treatment(findings, row["events"], row["medications"], at)
    told = {"as_of": at, "known_at": known_at} | shown(findings, course_of, marks, at)
    present = as_of is None and known_at is None
    return told | await outlook(db, findings, at, patient_id if present else None)


async def study(db: Db, patient_id: UUID, now: datetime) -> relief.Findings:
    """What the records say at present, on the preferred instruments. Raises NotFound."""
    wanted = list(SCALES)
    row = await records(db, patient_id, wanted)
    return relief.study(case(row, wanted) | {"patient_id": str(patient_id), "as_of": now})


async def records(
    db: Db, patient_id: UUID, wanted: list[str], known_at: datetime | None = None
) -> Row:
    """All that relief is read from, as it is or as it was known. Raises NotFound."""
    told = {"patient_id": patient_id, "instruments": wanted, "known_at": known_at}
    row = await db.row(queries.records(as_known=known_at is not None), **told)
    if row is None:
        raise NotFound
    return row


def case(row: Row, wanted: list[str]) -> dict[str, Any]:
    """What science asks of a patient."""
    return {
        "infusions": row["infusions"],
        "scores": row["scores"],
        "baselines": list(stated(row)),
        "policy": {
            **policy_choices(row["chosen"]),
            "timezone": row["time_zone"],
            "instrument_priority": preferred(wanted, row["instrument_priority"]),
        },
    }


def refuse(instrument: str | None, moments: dict[str, datetime | None], now: datetime) -> None:
    """Raise Invalid for an instrument that relief isn't measured by, or a moment to come."""
    wrong = [
        (f"/{name}", "lies ahead")
        for name, moment in moments.items()
        if moment is not None and moment > now
    ]
    if instrument is not None and instrument not in SCALES:
        wrong.append(("/instrument", f"must be one of {', '.join(SCALES)}"))
    if wrong:
        raise Invalid(*wrong)


def preferred(wanted: list[str], priority: list[str]) -> list[str]:
    """The instruments that may judge a course, the patient's own order first.

    >>> preferred(["PHQ-9", "MADRS"], ["GAD-7", "MADRS"])
    ['MADRS']
    >>> preferred(["PHQ-8"], ["MADRS"])
    ['PHQ-8']
    """
    return [code for code in priority if code in wanted] or wanted


def stated(row: Row) -> Iterator[dict[str, Any]]:
    """The baselines that clinicians set; one by an assessment has that assessment's total.

    One whose assessment was voided says nothing any more.
    """
    totals = {score["id"]: score["value"] for score in row["scores"]}
    for baseline in row["baselines"]:
        value = baseline["value"]
        if value is None:
            value = totals.get(baseline["assessment_id"])
        if value is not None and baseline["instrument"] in SCALES:
            yield {**baseline, "value": value}
