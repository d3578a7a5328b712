"""From what the rules found to alerts: one a rule and session, added to rather than repeated."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from app.access.policy import Caller, Viewer
from app.alerts.actions import raise_alert
from app.alerts.tables import Level
from app.kit.db import Db
from app.records.kinds import Telling
from app.records.tables import Status
from app.science.safety import Finding

NEWS = timedelta(hours=72)
"""What an integration brings later than this is history: flagged, and no alert."""

IN_HISTORY = "-in-history"
"""How the flag of such a record ends; it begins with the rule that would have spoken."""

DOUBTED = "weight-doubtful"
"""The flag of a weight far from the one before."""

Subject = tuple[str, UUID]
"""What an alert is about: the kind of record and its id."""


@dataclass(frozen=True, slots=True)
class About:
    """Whose alerts they are, and when it happened."""

    patient_id: UUID
    subject: Subject
    effective_at: datetime


def effective_at(telling: Telling) -> datetime:
    """When what is being recorded happened."""
    before = telling.before
    told = telling.values.get("effective_at") or (before and before["effective_at"])
    assert isinstance(told, datetime), "every record has an instant that everything uses"
    return told


def is_history(telling: Telling) -> bool:
    """Whether an integration brought it over 72 hours after it happened."""
    late: timedelta = telling.values["changed_at"] - effective_at(telling)
    return telling.viewer.caller == Caller.CLIENT and late > NEWS


def is_voided(telling: Telling) -> bool:
    """Whether it is being voided."""
    return bool(telling.values["status"] == Status.ENTERED_IN_ERROR)


def id_of(telling: Telling) -> UUID:
    """The record's id."""
    found = telling.values["id"] if telling.before is None else telling.before["id"]
    assert isinstance(found, UUID)
    return found


def flag(telling: Telling, found: Iterable[Finding]) -> None:
    """Flag history with what would have spoken; what was flagged before and doesn't now is not."""
    values, before = telling.values, telling.before
    there = values if "flags" in values or before is None else before
    told = list(there["flags"])
    kept = [one for one in told if not one.endswith(IN_HISTORY)]
    if is_history(telling):
        loud = [one for one in found if not one.shown_only and one.level != "info"]
        # A weight that is doubted is flagged as that.
        rules = {one.rule for one in loud} - ({"WT"} if DOUBTED in kept else set())
        kept += sorted(f"{rule.lower()}{IN_HISTORY}" for rule in rules)
    if kept != told:
        values["flags"] = kept


async def raise_all(
    db: Db,
    viewer: Viewer,
    about: About,
    found: Iterable[Finding],
    reasons: Mapping[str, str] | None = None,
) -> None:
    """Raise what was found, or add to what was raised; with the reason that was given for it."""
    for one in found:
        if one.shown_only:
            continue
        kind, subject = about.subject if one.about is None else (one.about[0], UUID(one.about[1]))
        evidence: dict[str, Any] = {**one.evidence, "reason": (reasons or {}).get(one.rule)}
        await raise_alert(
            db,
            viewer,
            patient_id=about.patient_id,
            rule=one.rule,
            level=Level(one.level),
            subject_kind=kind,
            subject_id=subject,
            effective_at=about.effective_at,
            evidence=evidence,
            adding=True,
        )


def reasons_of(row: Mapping[str, Any] | None) -> dict[str, str]:
    """Why rules were passed, by rule; the last reason counts."""
    return {one["rule"]: one["reason"] for one in (row or {}).get("reasons") or ()}
