"""Keeping the list of what needs attention, and reading a page of it."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from app.alerts import queries as alerts
from app.alerts.tables import Level, State
from app.assessments import queries as assessments
from app.kit import clock
from app.kit.bodies import written
from app.kit.db import Db, Row
from app.kit.errors import Invalid
from app.kit.paging import cursor_of, key_of
from app.relief import actions as relief
from app.relief.decisions import follow_up
from app.safety import actions as safety
from app.science import attention, schedule
from app.science.attention import Asked, Spell
from app.science.relief import Findings, current
from app.worklist import queries
from app.worklist.reasons import COLUMNS, SEEN, Reason, item

LEVELS = tuple(Level)[::-1]
"""The loudest first."""


async def recompute(db: Db, patient_id: UUID, now: datetime) -> None:
    """Work out what a patient needs, from everything that is known of them."""
    findings = await relief.study(db, patient_id, now)
    state = current(findings, now)
    spells: dict[Reason, Spell] = dict(attention.of_relief(findings, state).items())
    await follow_up(db, patient_id, findings)
    await safety.review(db, patient_id, findings)
    overdue = await answers_overdue(db, patient_id, findings, now)
    if overdue is not None:
        spells["answers_overdue"] = overdue
    values = {
        "computed_at": now,
        "due_at": attention.next_look(now, patient_id.int),
        "state": state.state,
        "unknown_from": state.unknown_from,
        "score": state.score,
        "last_reading_at": state.last_reading_at,
    }
    values |= of_alerts(await alerts.unclosed(db, patient_id), spells)
    await queries.write(db, patient_id, values | columns(spells))


def columns(spells: Mapping[Reason, Spell]) -> dict[str, Any]:
    """The instants and the words of each reason."""
    values: dict[str, Any] = {"told": {}}
    for reason, spell in spells.items():
        since, until = COLUMNS[reason]
        values[since] = spell.since
        if until is not None:
            values[until] = spell.until
        values["told"][reason] = {"sentence": spell.sentence, "record_ids": list(spell.record_ids)}
    return values


def of_alerts(unclosed: Sequence[Row], spells: dict[Reason, Spell]) -> dict[str, Any]:
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
    said = f"Open, {loudest}" if waiting else "Seen and not closed"
    ids = tuple(str(one["id"]) for one in told)
    spells["alert"] = Spell(told[0]["raised_at"], None, f"{said}: {words}", ids)
    return {"alerts": counts, "alert_level": loudest}


async def answers_overdue(
    db: Db, patient_id: UUID, findings: Findings, now: datetime
) -> Spell | None:
    """Since when a questionnaire is overdue, or will be if none comes; None out of treatment."""
    given = [one.at for course in findings.courses for one in map(infusion_of, course.intervals)]
    if not given or now - given[-1] > schedule.MEMORY:
        return None
    since = max(filter(None, (given[-1], attention.last_answer(findings))))
    own = await assessments.slots_of(db, patient_id)
    zone = str(findings.patient.policy.timezone or "UTC")
    plan = own or [one.as_dict() for one in schedule.slots(given, since, zone)]
    return attention.answers_overdue(map(asked, plan), since)


def infusion_of(interval: Any) -> Any:
    """The infusion that an interval begins with."""
    return interval.infusion


def asked(slot: Mapping[str, Any]) -> Asked:
    """A slot of a schedule."""
    opens, closes = (datetime.fromisoformat(slot[name]) for name in ("opens_at", "closes_at"))
    return Asked(slot["instrument"], opens, closes)


async def page(
    db: Db, reason: str | None, clinician_id: UUID | None, limit: int, cursor: str | None
) -> tuple[bytes, str | None]:
    """A page of the list, all of it as of the moment at which its first page was read."""
    now, given = clock.now(), dict[str, Any]()
    if cursor is not None:
        now, given = last_shown(cursor)
    filters = {reason, "after" if cursor else None, "clinician" if clinician_id else None}
    sql = queries.listing(frozenset(filter(None, filters)))
    asked_for = {"now": now, "limit": limit + 1, "clinician_id": clinician_id}
    rows = await db.rows(sql, **asked_for, **given)
    more = None
    if len(rows) > limit:
        last = rows[limit - 1]
        more = cursor_of(now, str(last["rank"]), last["since"], last["patient_id"])
    items = [item(row, now) for row in rows[:limit]]
    return written({"items": items, "next_cursor": more}), more


def last_shown(cursor: str) -> tuple[datetime, dict[str, Any]]:
    """As of when the list is read, and the key of the last that was shown. Raises Invalid."""
    key = key_of(cursor)
    try:
        now, rank, since, patient_id = key
        at, since_at = (datetime.fromisoformat(one).astimezone(UTC) for one in (now, since))
        last = {"key_rank": int(rank) % 100, "key_since": since_at, "key_id": UUID(patient_id)}
    except (ValueError, OverflowError):
        raise Invalid(("/cursor", "is not a cursor that this list gave")) from None
    return at, last
