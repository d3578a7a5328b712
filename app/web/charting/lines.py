"""A record in one line, as it is spoken of. Pure."""

from collections.abc import Callable, Mapping
from typing import Any

from app.web.charting.fields import called, unit_of
from app.web.telling import dose as dose_in_words
from app.web.telling import pressure
from app.web.words import day, number
from app.web.words import plain as in_words

Json = Mapping[str, Any]


def line(noun: str, one: Json) -> str:
    """A record in one line, without its time.

    >>> line("allergy", {"substance": "ondansetron", "reaction": "rash", "severity": "mild"})
    'ondansetron: rash, mild'
    """
    return LINES[noun](one)


def joined(*words: Any, between: str = ", ") -> str:
    """What there is, with commas between."""
    return between.join(str(one) for one in words if one not in (None, ""))


def amount(value: float | None, unit: str | None) -> str:
    """A number with its unit; nothing where there is none."""
    return "" if value is None else f"{value:g} {unit or ''}".strip()


def named(one: Json, name: str) -> str:
    """A word of ours, or the words that stand in place of `other`."""
    return str(one.get("other_text") or in_words(one[name]))


def vitals(one: Json) -> str:
    """A reading as it is spoken of."""
    told = []
    if one["systolic_mmhg"] is not None:
        told.append(f"{pressure(one['systolic_mmhg'], one['diastolic_mmhg'])} mmHg")
    for name in ("heart_rate_bpm", "spo2_percent", "temperature_celsius", "weight_kg"):
        if one[name] is not None:
            label = "" if name == "weight_kg" else f"{called(name)} "
            told.append(label + amount(one[name], unit_of(name)))
    if one["not_done_reason"]:
        told.append(f"not done: {one['not_done_reason']}")
    return joined(*told) or "Vital signs"


def side_effect(one: Json) -> str:
    """An effect and how bad it was."""
    if not one["present"]:
        return f"{named(one, 'effect')}: asked and absent"
    bad = f"{one['severity']:g} of 10" if one["severity"] is not None else ""
    return joined(named(one, "effect"), bad or in_words(one["grade"] or ""))


def condition(one: Json) -> str:
    """A condition, and whether it is there."""
    what = named(one, "condition")
    if not one["present"]:
        return f"{what}: asked and absent"
    since = f"since {day(one['since_on'])}" if one["since_on"] else ""
    over = f"over since {day(one['resolved_on'])}" if one["resolved_on"] else ""
    return joined(what, since, over)


def screening(one: Json) -> str:
    """A screening and what it found."""
    kind = in_words(one["kind"])
    if one["answers"] is None:
        return f"{kind}: {in_words(one['result'])}"
    by_answer = {
        said: [in_words(name) for name, told in one["answers"].items() if told == said]
        for said in ("yes", "unknown")
    }
    there = ", ".join(by_answer["yes"]) or "none of those asked"
    unknown = ", ".join(by_answer["unknown"])
    return f"{kind}: {there}" + (f"; not known: {unknown}" if unknown else "")


def lab(one: Json) -> str:
    """A laboratory result."""
    code = one["other_text"] or LAB_NAMES.get(one["code"]) or one["code"].upper()
    found = joined(amount(one["value"], one["unit"]), one["text_result"])
    return joined(f"{code} {found}", "abnormal" if one["abnormal"] else "")


LAB_NAMES = {
    "bilirubin": "Bilirubin",
    "creatinine": "Creatinine",
    "egfr": "eGFR",
    "urinalysis": "Urinalysis",
    "urine_culture": "Urine culture",
    "urine_hcg": "Urine hCG",
    "urine_drug_screen": "Urine drug screen",
}


def medication(one: Json) -> str:
    """A medication and how it is taken."""
    taken = joined(amount(one["dose"], one["dose_unit"]), one["frequency"], between=" ")
    until = f"until {day(one['stopped_on'])}" if one["stopped_on"] else ""
    return joined(one["name"], taken or amount(one["daily_dose_mg"], "mg a day"), until)


def assessment(one: Json) -> str:
    """A questionnaire and its score."""
    total = "not scored" if one["total"] is None else number(one["total"])
    return joined(f"{one['instrument']} {total}", in_words(one["band"] or ""))


def infusion(one: Json) -> str:
    """A session as it stands."""
    known = one["dose_mg"] is not None
    by_weight = one["dose_mg_per_kg"]
    told = dose_in_words(one["dose_mg"], by_weight and round(by_weight, 2)) if known else ""
    return joined(joined(one["drug"], told, between=" "), one["route"], in_words(one["status"]))


def dose_event(one: Json) -> str:
    """A bolus, a rate, a pause."""
    rate = amount(one["rate_mg_per_minute"], "mg/min")
    return joined(
        joined(one["kind"], amount(one["dose_mg"], "mg"), rate, between=" "), one["reason"]
    )


def medication_given(one: Json) -> str:
    """What was given beside the drug."""
    told = joined(one["name"], amount(one["dose"], one["unit"]), one["route"], between=" ")
    return told + (f", for {in_words(one['why'])}" if one["why"] else "")


def baseline(one: Json) -> str:
    """A baseline that was set."""
    value = "by an assessment" if one["value"] is None else f"{one['value']:g}"
    return f"{one['instrument']} baseline {value}"


LINES: Mapping[str, Callable[[Json], str]] = {
    "vitals": vitals,
    "side_effect": side_effect,
    "medication": medication,
    "allergy": lambda one: joined(
        f"{one['substance']}: {one['reaction']}" if one["reaction"] else one["substance"],
        one["severity"],
    ),
    "condition": condition,
    "screening": screening,
    "lab": lab,
    "event": lambda one: named(one, "kind"),
    "assessment": assessment,
    "infusion": infusion,
    "dose_event": dose_event,
    "medication_given": medication_given,
    "baseline": baseline,
    "decision": lambda one: f"decided: {in_words(one['decision'])}",
    "consent": lambda one: f"consent: {in_words(one['kind'])}",
}
"""How each kind is said in one line."""
