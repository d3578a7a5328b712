"""A clinic's outcomes in words and rows. Pure: what the API tells in, text out.

No percentage is made here: where the API tells none, the words say why.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.web.words import number

Json = Mapping[str, Any]

WEEK = 7

NO_PERCENT = {
    "fewer_than_five": "fewer than five, so no percentage",
    "never_recorded_absent": "told only where it was there, so no percentage",
}

NO_CURVE = {
    "fewer_than_five": "Relief was seen in fewer than five patients: no curve is drawn.",
    "intended_use_not_accepted": "The joint model is off until an admin accepts what the forecast"
    " is for.",
}

NOT_ASSESSED = {
    "no_baseline": "without a baseline",
    "no_scores": "never scored",
    "no_check_in": "without a check-in in time",
    "baseline_zero": "with a baseline of zero",
    "baseline_too_low": "with a baseline too low to judge by",
}

READINGS = {
    "observed": "Observed",
    "at_detection": "As if lost when first seen",
    "noise_aware": "With the noise of the scores",
}

BY = {
    "dose_band": "Dose",
    "route": "Route",
    "phase": "Phase of the course",
    "drug": "Drug",
    "instrument": "Instrument",
}


def share(one: Json) -> str:
    """A count, what it is of, and the percentage with its interval.

    >>> few = {"count": 2, "of": 4, "percent": None, "reason": "fewer_than_five"}
    >>> share(few)
    '2 of 4 (fewer than five, so no percentage)'
    >>> share(few | {"percent": 50.0, "lower_percent": 15.04, "upper_percent": 85})
    '2 of 4: 50.0% (15.0 to 85.0)'
    """
    told = f"{one['count']} of {one['of']}"
    if one["percent"] is None:
        return f"{told} ({NO_PERCENT.get(one['reason'], one['reason'])})"
    limits = f"{number(one['lower_percent'], 1)} to {number(one['upper_percent'], 1)}"
    return f"{told}: {number(one['percent'], 1)}% ({limits})"


def median(one: Json | None) -> str:
    """When half have lost relief.

    >>> median({"lower_days": 14.0, "upper_days": 21.0, "reason": None})
    'between day 14 and 21'
    >>> median({"lower_days": 23.4, "upper_days": 23.4, "reason": None}), median(None)
    ('day 23', '-')
    """
    if one is None:
        return "-"
    if one["reason"] is not None:
        return "not reached"
    lower, upper = number(one["lower_days"]), number(one["upper_days"])
    return f"day {lower}" if lower == upper else f"between day {lower} and {upper}"


def mean(curve: Json, horizon: int) -> str:
    """The mean days of relief within a horizon."""
    found = next(one for one in curve["restricted_means"] if one["horizon_days"] == horizon)
    days = found["mean_days"]
    return "not followed so long" if days is None else f"{number(days, 1)} days"


def medians(curves: Json) -> list[Json]:
    """Each reading that there is, with its numbers."""
    return [
        {
            "name": name,
            "patients": curves[code]["patients"],
            "episodes": curves[code]["episodes"],
            "median": median(curves[code]["median"]),
            "means": [mean(curves[code], horizon) for horizon in (28, 56, 84)],
        }
        for code, name in READINGS.items()
        if curves[code] is not None
    ]


def weeks(curves: Json) -> Iterator[Json]:
    """The picture as rows, a week each, as far as any reading is known."""
    there = [(code, curves[code]) for code in READINGS if curves[code] is not None]
    for day in range(0, len(curves["observed"]["survival"]), WEEK):
        if any(curve["survival"][day] is not None for _, curve in there):
            yield {"day": day, "cells": [cell(curve, day) for _, curve in there]}


def cell(curve: Json, day: int) -> Json:
    """What one reading says of one day: how many hold, the band, and of how many it is known."""
    value = curve["survival"][day]
    if value is None:
        return {"held": "not known", "band": "", "at_risk": None}
    low = value if curve["least"] is None else curve["least"][day]
    high = value if curve["most"] is None else curve["most"][day]
    return {
        "held": between(low, high),
        "band": ""
        if curve["lower"][day] is None
        else between(curve["lower"][day], curve["upper"][day]),
        "at_risk": None if curve["at_risk"] is None else curve["at_risk"][day],
    }


def between(low: float, high: float) -> str:
    """A share in percent, or two.

    >>> between(0.5, 0.5), between(0.246, 0.39)
    ('50%', '25 to 39%')
    """
    lower, upper = number(100 * low), number(100 * high)
    return f"{upper}%" if lower == upper else f"{lower} to {upper}%"


def unseen(responses: Json) -> str:
    """Why some were not looked at.

    >>> unseen({"not_assessed": {"no_check_in": 7, "no_scores": 1}})
    '7 without a check-in in time, 1 never scored'
    """
    found = responses["not_assessed"].items()
    return ", ".join(f"{n} {NOT_ASSESSED.get(why, why.replace('_', ' '))}" for why, n in found)


def left_out(curves: Json) -> str:
    """The episodes that no curve is of, and why."""
    found = [f"{n} {why.replace('_', ' ')}" for why, n in curves["left_out"].items() if n]
    return ", ".join(found)


def part(one: Json) -> str:
    """What a part is called.

    >>> part({"by": "route", "value": "iv"}), part({"by": "phase", "value": "post_induction"})
    ('IV', 'After induction')
    """
    value = str(one["value"])
    if one["by"] == "route" and len(value) == len("iv"):
        return value.upper()
    told = {"post_induction": "After induction", "induction": "During induction"}.get(value, value)
    return told[:1].upper() + told[1:] if one["by"] != "instrument" else told


def ours(found: Json, outcome: str) -> list[tuple[str, str]]:
    """What this clinic has to stand beside the published, and of whom."""
    responses, curves = found["all"]["responses"], found["all"]["curves"]
    if outcome != "durability":
        both = responses[outcome]
        return [
            ("inductions that could be judged", share(both["observed"])),
            ("all inductions, as if all others had failed", share(both["worst_case"])),
        ]
    if curves["observed"] is None:
        return [("relief after induction", NO_CURVE["fewer_than_five"])]
    of = f"{curves['episodes']} episodes of relief after induction"
    return [(of, f"half had lost relief: {median(curves['observed']['median'])}")]


def published(found: Json, outcome: str) -> list[Json]:
    """What others published of an outcome."""
    return [one for one in found["published"] if one["outcome"] == outcome]


def effects(band: Json) -> Sequence[Json]:
    """The side effects of a band of dose, the commonest first."""
    return sorted(band["effects"], key=lambda one: (-one["present"]["count"], one["effect"]))
