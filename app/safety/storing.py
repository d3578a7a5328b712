"""Rules that need a fact and its session alone: they run in the transaction that stores it.

`judge_*` runs before the record is written, gathers and judges, and refuses a start; `after_*`
raises. What one found the other takes from the telling's facts.
"""

from typing import Any
from uuid import UUID

from app.alerts.actions import evidence_changed, resting_on_changed
from app.alerts.tables import EvidenceStatus
from app.kit.errors import RuleInTheWay
from app.records.kinds import Telling
from app.safety import facts, queries
from app.safety.raising import (
    About,
    Subject,
    effective_at,
    flag,
    id_of,
    is_history,
    is_voided,
    raise_all,
    reasons_of,
)
from app.science.safety import (
    BLADDER,
    RULES,
    Chart,
    Finding,
    Numbers,
    bladder_score,
    of_home,
    of_readings,
    of_session,
    stands_in_way,
    symptom,
)

JUDGED = (
    "status",
    "drug",
    "route",
    "setting",
    "started_at",
    "started_on",
    "dose_mg",
    "planned_dose_mg",
    "planned_mg_per_kg",
    "weight_kg",
    "weight_measured_on",
    "weight_kind",
    "monitoring_ended_at",
    "discharged_at",
    "reasons",
)
"""A session is judged anew when one of these changes."""

TOLD_LATER = frozenset({"status", "monitoring_ended_at", "discharged_at", "reasons"})
"""What is added to a session as it goes on corrects nothing that was judged."""

NOWHERE = ("cancelled", "entered_in_error")
"""A session that is here took no place: a reading that names it is one without."""


def whole(telling: Telling) -> dict[str, Any]:
    """A record as it will be."""
    return {**(telling.before or {}), **telling.values}


async def judge_reading(telling: Telling) -> None:
    """What a reading of vital signs says, with those of its session."""
    telling.facts["found"] = found = await of_reading(telling)
    flag(telling, found)


async def of_reading(telling: Telling) -> list[Finding]:
    """What speaks because of this reading; where it is changed or voided, whatever speaks now."""
    row = whole(telling)
    telling.facts["subject"] = ("vitals", id_of(telling))
    if all(row[name] is None for name in facts.MEASURES):
        return []
    own, known = facts.reading(row), await queries.chair(telling.db, row["infusion_id"])
    numbers, session = Numbers(known["chosen"]), known["session"]
    if session is None or session["status"] in NOWHERE:
        return [] if is_voided(telling) else of_home(own, numbers)
    telling.facts["subject"] = ("infusion", UUID(session["id"]))
    telling.facts["reasons"] = reasons_of(session)
    others = [one for one in map(facts.reading, known["readings"]) if one.id != own.id]
    readings = others if is_voided(telling) else [*others, own]
    chart = Chart(facts.session(session), readings=tuple(readings))
    found = of_readings(chart, numbers)
    if chart.session.monitoring_ended_at is None and chart.session.discharged_at is None:
        found = [one for one in found if one.rule != "BP-REST"]
    return found if telling.before is not None else [one for one in found if own.id in one.records]


async def after_reading(telling: Telling) -> None:
    """Mark what rested on a reading that changed, and raise what speaks now."""
    await mark(telling)
    if is_voided(telling):
        telling.facts["found"] = await of_reading(telling)
    await tell(telling)


async def mark(telling: Telling) -> None:
    """Say of the alerts that rest on a record that it was corrected or voided."""
    if telling.before is not None:
        status = EvidenceStatus.VOIDED if is_voided(telling) else EvidenceStatus.CORRECTED
        patient_id = telling.subject.id
        await resting_on_changed(telling.db, telling.viewer, patient_id, id_of(telling), status)


async def tell(telling: Telling) -> None:
    """Raise what was found, unless it is history."""
    found: list[Finding] = telling.facts.get("found", [])
    if not found or is_history(telling):
        return
    subject: Subject = telling.facts["subject"]
    about = About(telling.subject.id, subject, effective_at(telling))
    await raise_all(telling.db, telling.viewer, about, found, telling.facts.get("reasons"))


async def judge_effect(telling: Telling) -> None:
    """What a side effect says: of the bladder, with others of its session."""
    telling.facts["found"] = found = await of_effect(telling)
    flag(telling, found)


async def of_effect(telling: Telling) -> list[Finding]:
    """BLAD, of all such effects of the session, or of this one where it has none."""
    row, own_id = whole(telling), str(id_of(telling))
    session = row["infusion_id"]
    kind = "infusion" if session else "side_effect"
    telling.facts["subject"] = (kind, session or id_of(telling))
    speaks = row["present"] and row["effect"] in BLADDER and not is_voided(telling)
    told = [(str(row["effect"]), own_id, row["effective_at"])] if speaks else []
    if session and (speaks or telling.before is not None):
        others = await queries.effects_of(telling.db, session, sorted(BLADDER))
        seen = [(one["effect"], str(one["id"]), one["effective_at"]) for one in others]
        told += [one for one in seen if one[1] != own_id]
    if not told:
        return []
    return [symptom(told, (kind, str(session or own_id)))]


async def after_effect(telling: Telling) -> None:
    """Mark what rested on a side effect that changed, and raise what speaks now."""
    await mark(telling)
    if is_voided(telling):
        telling.facts["found"] = await of_effect(telling)
    await tell(telling)


async def judge_session(telling: Telling) -> None:
    """Judge a session that has begun. Raises RuleInTheWay where its start lacks a reason."""
    row, before = whole(telling), telling.before
    telling.facts["found"] = []
    moved = before is None or any(row[name] != before[name] for name in JUDGED)
    if not moved or row["status"] not in ("in_progress", "completed", "stopped"):
        return
    telling.facts["found"] = found = await of_the_session(telling, row)
    telling.facts["subject"] = ("infusion", row["id"])
    telling.facts["reasons"] = given = reasons_of(row)
    starts = before is None or before["status"] != row["status"]
    if starts and row["status"] == "in_progress":
        refuse_unexplained(found, given)


async def of_the_session(telling: Telling, row: dict[str, Any]) -> list[Finding]:
    """What speaks for a session as it will be."""
    known = await queries.chart(telling.db, telling.subject.id, row["id"], row["effective_at"])
    chart = facts.chart(known, facts.session(row, known["first_device_at"]))
    return of_session(chart, Numbers(known["chosen"]))


def refuse_unexplained(found: list[Finding], given: dict[str, str]) -> None:
    """Raise RuleInTheWay, naming the rules and no number of the patient."""
    missing = sorted({one.rule for one in found if "start" in stands_in_way(one)} - given.keys())
    if missing:
        named = ", ".join(f"{rule} ({RULES[rule].title})" for rule in missing)
        told = f"Give a reason for each of these rules: {named}. The session's safety says why."
        raise RuleInTheWay(told, rules=missing)


def flag_session(telling: Telling) -> None:
    """Flag a session that is history."""
    flag(telling, telling.facts["found"])


async def after_session(telling: Telling) -> None:
    """Raise what was found of a session; mark what rested on what was corrected or voided."""
    row, before = whole(telling), telling.before
    if before is not None and is_voided(telling):
        told = {"subject_kind": "infusion", "subject_id": before["id"]}
        voided = EvidenceStatus.VOIDED
        await evidence_changed(telling.db, telling.viewer, **told, evidence_status=voided)
        return
    if before is not None and any(
        before[name] is not None and row[name] != before[name] for name in set(JUDGED) - TOLD_LATER
    ):
        await mark(telling)
    await tell(telling)


async def after_score(telling: Telling) -> None:
    """BLAD, of a bladder score among the patient's others; the row is written by now."""
    await mark(telling)
    known = await queries.icsi_of(telling.db, telling.subject.id)
    answers = map(facts.answer, known["answers"])
    found = list(bladder_score(answers, Numbers(known["chosen"])))
    telling.facts.update(found=found, subject=("assessment", id_of(telling)))
    await tell(telling)
