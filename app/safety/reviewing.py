"""Rules that need relief, several subjects, or the passing of time: they run in the worker.

Whatever is raised is raised once: working it out again changes nothing.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from app.access.policy import BACKGROUND, Caller, Viewer
from app.kit import clock
from app.kit.db import Db, Row
from app.safety import facts, queries
from app.safety.raising import About, raise_all
from app.science.relief import Findings
from app.science.safety import (
    Answer,
    Course,
    Finding,
    Numbers,
    bladder_score,
    exposure,
    no_response,
    of_session,
    rems_form,
    worse,
)

RECENT = timedelta(days=30)
"""What happened longer ago is no news to anyone, whenever it is worked out."""

EXPIRED = ("PREG", "CI-ABS")
"""What may have expired before the next session."""


async def review(db: Db, patient_id: UUID, findings: Findings) -> None:
    """Judge a patient as a whole, and raise what speaks. Safe to repeat.

    WORSE, EXP, NONRESP, BLAD by score, REMS-7D, and what expires before the next planned session.
    """
    now = clock.now()
    row = await queries.review(db, patient_id, now - RECENT, now)
    if row is None:
        return
    numbers = Numbers(row["chosen"])
    recent = {str(one["id"]): one for one in [*row["answers"], *row["sessions"]]}
    found = [*of_treatment(row, findings, numbers), *forms(row, numbers, now)]
    worker = Viewer(BACKGROUND, db.clinic_id, Caller.STAFF, "background")
    for one in found:
        at = news(one, recent, now)
        if at is not None:
            about = About(patient_id, subject_of(one), at)
            await raise_all(db, worker, about, [one])
    expired = await expiring(db, patient_id, row, numbers)
    for one in expired:
        await raise_all(db, worker, About(patient_id, subject_of(one), now), [one])


def subject_of(one: Finding) -> tuple[str, UUID]:
    """What a finding of the worker's is about; each says so."""
    assert one.about is not None, "the worker judges no session that is being stored"
    return one.about[0], UUID(one.about[1])


def news(one: Finding, recent: dict[str, Any], now: datetime) -> datetime | None:
    """When it happened, where that is news: lately, and not brought from elsewhere as history."""
    record = recent.get(str(subject_of(one)[1]))
    if record is None or record["entry_mode"] == "import":
        return None
    at = facts.moment(record["effective_at"])
    return at if now - at <= RECENT else None


def of_treatment(row: Row, findings: Findings, numbers: Numbers) -> Iterator[Finding]:
    """What the answers and the courses say."""
    answers = [facts.answer(one) for one in row["answers"]]
    course = course_of(findings, int(numbers["nonresp.infusions"]))
    yield from worse(of_instrument(answers, "PHQ-9"), course, numbers)
    yield from bladder_score(answers, numbers)
    yield from no_response(course, numbers)
    intervals = chain.from_iterable(one.intervals for one in findings.courses)
    given = (one.infusion.id for one in intervals if one.is_episode)
    yield from exposure(tuple(given), numbers)


def of_instrument(answers: list[Answer], code: str) -> list[Answer]:
    """Answers to one instrument."""
    return [one for one in answers if one.instrument == code]


def course_of(findings: Findings, asked: int) -> Course | None:
    """The last course, as the rules ask of it; None where it can't be judged."""
    if not findings.courses:
        return None
    last = findings.courses[-1]
    if last.limits is None or last.choice.scale is None:
        return None
    own = [one for one in last.intervals if one.is_episode]
    since = [checkin for one in own[asked - 1 :] for checkin in one.checkins]
    best = min(since, key=lambda one: one.severity, default=None)
    return Course(
        last.choice.scale.code,
        last.limits.baseline,
        tuple(one.infusion.id for one in own),
        best.severity if best else None,
        best.score_ids if best else (),
        last.intervals[0].infusion.at,
    )


def forms(row: Row, numbers: Numbers, now: datetime) -> Iterator[Finding]:
    """REMS-7D, of the sessions whose form nobody has said was sent."""
    sent = {one["subject_id"] for one in row["sent"]}
    for one in row["sessions"]:
        if one["id"] not in sent:
            yield from rems_form(facts.session(one), numbers, now)


async def expiring(db: Db, patient_id: UUID, row: Row, numbers: Numbers) -> list[Finding]:
    """What will have expired by the next session that is planned."""
    session = row["next_session"]
    if session is None:
        return []
    own = facts.session(session)
    known = await queries.chart(db, patient_id, UUID(own.id), own.at)
    found = of_session(facts.chart(known, own), numbers)
    return [one for one in found if one.rule in EXPIRED and one.about is not None]
