"""What is asked of the safety rules: which there are, what speaks for a session, and the worker's.

Those that run as a fact is stored are in `storing`.
"""

from dataclasses import replace
from typing import Any
from uuid import UUID

from app.clinics.queries import chosen
from app.kit import clock
from app.kit.db import Db
from app.kit.errors import NotFound
from app.safety import facts, queries
from app.safety.raising import reasons_of
from app.safety.reviewing import review
from app.science.safety import (
    RULES,
    THRESHOLDS,
    Finding,
    Numbers,
    Session,
    of_session,
    stands_in_way,
)

__all__ = ["of_infusion", "review", "rules"]

OVER = ("cancelled", "entered_in_error")


async def rules(db: Db) -> list[dict[str, Any]]:
    """Every rule, with the numbers in force in this clinic and who says so."""
    numbers = Numbers(await chosen(db))
    return [
        {
            "rule": rule.id,
            "title": rule.title,
            "levels": rule.levels,
            "condition": rule.condition,
            "thresholds": [
                numbers.described(key) | {"about": THRESHOLDS[key].about}
                for key in THRESHOLDS
                if key.startswith(rule.prefix)
            ],
            "source": rule.source,
            "trust": rule.trust,
            "version": rule.version,
            "runs": rule.runs,
            "stands_in_way_of": rule.holds,
        }
        for rule in RULES.values()
    ]


async def of_infusion(db: Db, infusion_id: UUID) -> dict[str, Any]:
    """What speaks for a session now, and what it stands in the way of. Raises NotFound."""
    now = clock.now()
    row = (await queries.chair(db, infusion_id))["session"]
    if row is None:
        raise NotFound
    own = facts.session(row)
    if own.status == "planned":
        own = replace(own, at=max(own.at, now))
    known = await queries.chart(db, UUID(row["patient_id"]), infusion_id, own.at)
    own = replace(own, first_device_at=known["first_device_at"])
    asked = now if own.begun and own.discharged_at is None else None
    found = (
        []
        if own.status in OVER
        else of_session(facts.chart(known, own), Numbers(known["chosen"]), asked)
    )
    reasons = reasons_of(row)
    told = [shown(one, own, reasons.get(one.rule)) for one in found]
    return {
        "infusion_id": infusion_id,
        "patient_id": row["patient_id"],
        "as_of": now,
        "stands_in_way_of": sorted(
            {hold for one in told if one["reason"] is None for hold in one["stands_in_way_of"]}
        ),
        "findings": told,
    }


def shown(one: Finding, session: Session, reason: str | None) -> dict[str, Any]:
    """A finding, and what of the session's next steps it stands in the way of."""
    holds = [hold for hold in stands_in_way(one) if hold in ahead(session)]
    evidence = {name: value for name, value in one.evidence.items() if name != "sentence"}
    return {
        "rule": one.rule,
        "title": RULES[one.rule].title,
        "level": one.level,
        "sentence": one.sentence,
        "evidence": evidence,
        "trust": RULES[one.rule].trust,
        "reason": reason,
        "stands_in_way_of": holds,
    }


def ahead(session: Session) -> tuple[str, ...]:
    """What a session has ahead of it, and a rule may hold."""
    if session.status == "planned":
        return ("start",)
    return ("next_dose",) if session.discharged_at is not None else ("discharge", "next_dose")
