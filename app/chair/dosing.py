"""What a session is meant to give, worked out where everybody can check it. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.infusions import doses
from app.infusions.tables import DoseKind, Drug, Route
from app.kit.db import Row

STEPS = 32
"""Halvings of a session: to the microsecond."""

DEVICE_MG = 28
"""Esketamine comes in sprays of so much; product information."""

ENOUGH = 1e-6
"""Slack for comparing milligrams held as floats."""


def planned_mg(session: Mapping[str, Any]) -> float | None:
    """The dose that is planned: as said, else by weight, to a tenth of a milligram.

    >>> planned_mg({"planned_dose_mg": None, "planned_mg_per_kg": 0.5, "weight_kg": 82.4})
    41.2
    """
    if session["planned_dose_mg"] is not None:
        return float(session["planned_dose_mg"])
    if session["planned_mg_per_kg"] is None or session["weight_kg"] is None:
        return None
    return float(round(session["planned_mg_per_kg"] * session["weight_kg"] + 1e-9, 1))


def rate(session: Mapping[str, Any]) -> float | None:
    """The rate at which it is given in its minutes, in mg/min, to a hundredth."""
    mg, minutes = planned_mg(session), session["planned_minutes"]
    return None if mg is None or not minutes else round(mg / minutes, 2)


def arithmetic(session: Mapping[str, Any]) -> list[str]:
    """How the dose comes about, a line each.

    >>> told = {"drug": "ketamine", "route": "iv", "planned_dose_mg": None, "planned_minutes": 40.0,
    ...         "planned_mg_per_kg": 0.5, "weight_kg": 82.4}
    >>> arithmetic(told)
    ['0.5 mg/kg x 82.4 kg = 41.2 mg', 'over 40 min: 1.03 mg/min']
    """
    mg = planned_mg(session)
    if mg is None:
        return []
    if session["drug"] == Drug.ESKETAMINE:
        whole = mg / DEVICE_MG
        return [f"{mg:g} mg" + (f" = {whole:g} x {DEVICE_MG} mg" if whole.is_integer() else "")]
    per_minute = rate(session) if session["route"] == Route.IV else None
    told = f"over {session['planned_minutes']:g} min: {per_minute:g} mg/min" if per_minute else ""
    return [by_weight(session, mg), *([told] if told else [])]


def by_weight(session: Mapping[str, Any], mg: float) -> str:
    """A dose and the weight that it comes from, or is the share of."""
    kg, per_kg = session["weight_kg"], session["planned_mg_per_kg"]
    if kg is None:
        return f"{mg:g} mg"
    if per_kg is not None and round(per_kg * kg + 1e-9, 1) == round(mg, 1):
        return f"{per_kg:g} mg/kg x {kg:g} kg = {mg:g} mg"
    told = f"{mg:g} mg / {kg:g} kg = {mg / kg:.2f} mg/kg"
    return told if per_kg is None else f"{told}; {per_kg:g} mg/kg was planned"


def reached_at(events: Sequence[Row], mg: float | None, now: datetime) -> datetime | None:
    """When the dose events added up to a dose; None where they don't by now."""
    if mg is None or not events or given_by(events, now) < mg - ENOUGH:
        return None
    low, high = events[0]["at"], now
    if given_by(events, low) >= mg - ENOUGH:
        return low  # type: ignore[no-any-return]  # a column of instants
    for _ in range(STEPS):
        middle = low + (high - low) / 2
        low, high = (low, middle) if given_by(events, middle) >= mg - ENOUGH else (middle, high)
    return high


def given_by(events: Sequence[Row], at: datetime) -> float:
    """What was given by an instant, in mg."""
    return doses.total_mg([one for one in events if one["at"] <= at], at)


def running_rate(events: Sequence[Row]) -> float | None:
    """The rate that runs, or would go on after a pause, in mg/min."""
    known = None
    for one in events:
        if one["kind"] == DoseKind.STOP:
            known = None
        elif one["rate_mg_per_minute"] is not None:
            known = one["rate_mg_per_minute"]
    return known


def is_paused(events: Sequence[Row]) -> bool:
    """Whether the last that was said of the rate is that it waits."""
    said = [one for one in events if one["kind"] not in (DoseKind.BOLUS, DoseKind.DEVICE)]
    return bool(said) and said[-1]["kind"] == DoseKind.PAUSE
