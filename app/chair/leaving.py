"""Whether somebody may go home. Pure: rows in, a document out."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from typing import Any

from app.chair.watching import Json, Seen, shown_numbers
from app.science.chair import THRESHOLDS, Criterion, Evidence, criteria


def judged(seen: Seen, checks: Mapping[str, Any]) -> list[Criterion]:
    """Every criterion of discharge at an instant, with what was checked at the chair."""
    usual = seen.before
    pressures = [one for one in seen.since if one["systolic_mmhg"] is not None]
    rated = [one for one in seen.since if one["sedation_moaas"] is not None]
    known = Evidence(
        drug=seen.session["drug"],
        now=seen.now,
        started_at=seen.start,
        ended_at=seen.session["ended_at"],
        before=usual and before(usual),
        pressures=tuple(reading(one) for one in pressures),
        sedation=reading(rated[-1]) if rated else None,
        effects={name: effect(one) for name, one in seen.last_effects.items()},
        checks=checks,
    )
    return criteria(known, seen.numbers)


def before(usual: Json) -> Json:
    """The values before the dose, with the reading of the pressure."""
    values = {name: told[0] for name, told in usual.items()}
    first = usual.get("systolic_mmhg") or next(iter(usual.values()))
    return values | {"id": str(first[1])}


def reading(row: Any) -> Json:
    """A reading, as a criterion asks for it."""
    told = {name: row[name] for name in ("systolic_mmhg", "diastolic_mmhg", "sedation_moaas")}
    return told | {"id": str(row["id"])}


def effect(row: Any) -> Json:
    """A side effect, as a criterion asks for it."""
    told = {"id": str(row["id"]), "present": row["present"], "severity": row["severity"]}
    return told | {"resolved": row["resolved_at"] is not None}


def unmet(found: Iterable[Criterion], reasons: Iterable[Mapping[str, Any]]) -> list[str]:
    """The criteria that are not met, or not known, and for which no reason is given."""
    given = {one["rule"] for one in reasons}
    return [
        one.criterion
        for one in found
        if not one.met and one.criterion not in given and one.rule not in given
    ]


def discharge(seen: Seen, found: Iterable[Criterion]) -> Json:
    """The document of `GET /v1/infusions/{id}/discharge`."""
    why = {one["rule"]: one["reason"] for one in seen.session["reasons"]}
    shown = [
        asdict(one) | {"reason": why.get(one.criterion) or why.get(one.rule or "")} for one in found
    ]
    numbers = [key for key in THRESHOLDS if key.startswith("chair.discharge.")]
    return {
        "infusion_id": seen.session["id"],
        "patient_id": seen.session["patient_id"],
        "as_of": seen.now,
        "discharged_at": seen.session["discharged_at"],
        "all_met": all(one["met"] for one in shown),
        "criteria": shown,
        "thresholds": shown_numbers(seen.numbers, *numbers),
    }
