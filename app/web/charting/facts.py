"""A record in words, fact by fact, and what changed in it. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.science.instruments import describe, find
from app.web.charting.corrected import form_of
from app.web.charting.fields import called, entry_of, unit_of
from app.web.charting.forms import ASKED
from app.web.charting.lines import Json, amount
from app.web.evidence import together
from app.web.telling import expected
from app.web.words import day, moment
from app.web.words import plain as in_words

MACHINERY = frozenset(
    {
        "id",
        "version",
        "recorded_at",
        "recorded_by",
        "patient_id",
        "status",
        "effective_at",
        "precision",
        "entry_mode",
        "time_zone",
        "utc_offset_minutes",
        "source",
        "clock_skew_seconds",
        "late_seconds",
        "clock_suspect",
        "snapshot",
        "course_id",
        "slot_id",
        "scoring_version",
        "expires_by_default",
        "separate_from",
    }
)
"""What of a document is said elsewhere on its page, or to programs alone."""

WORDS = frozenset({"band", "total_source", "self_harm", "phase", "status", "flags"})
"""Fields whose value is a word of ours though nobody enters it."""

LINKS = {
    "infusion_id": "infusion",
    "first_infusion_id": "infusion",
    "next_infusion_id": "infusion",
    "medication_id": "medication",
    "assessment_id": "assessment",
    "supersedes": "assessment",
}
"""Fields that name another record, and of which kind."""


LABELS = {
    "dose_mg_per_kg": "Dose by weight",
    "hours_since_last_infusion": "Since the last infusion",
    "recall_overlaps_infusion": "Asks about days before it",
    "total_source": "The total was",
    "minutes_from_start": "From the start",
    "self_harm": "Self-harm",
}
"""What a field that nobody enters is called, where its name says too little."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a record says."""

    label: str
    text: str
    href: str = ""


def facts(noun: str, one: Json, zone: str) -> Iterator[Fact]:
    """Everything that a record says, in words."""
    form = form_of(noun, one)
    labels = {field.name: field.label for field in form.fields}
    for name, value in one.items():
        if name in MACHINERY or value in (None, [], {}, ""):
            continue
        if name == "answers":
            yield from answers(noun, one)
        elif isinstance(value, Mapping):
            yield from (
                fact(inner, said, said_of(noun, one, inner, said, zone))
                for inner, said in value.items()
                if said is not None
            )
        else:
            text = said_of(noun, one, name, value, zone)
            yield fact(name, value, text, labels.get(name, ""))
    if one.get("snapshot"):
        yield from shown_then(one["snapshot"], zone)


def shown_then(snapshot: Json, zone: str) -> Iterator[Fact]:
    """What a clinician was shown when they decided."""
    current = snapshot["current"]
    yield Fact("Relief then", in_words(current["state"]))
    if current["last_reading_at"] is not None:
        at = day(current["last_reading_at"], zone)
        yield Fact("Last answer then", f"{current['score']:g} on {at}")
    for label, text in expected(snapshot):
        yield Fact(f"{label}, then", text)
    yield Fact("Alerts open then", str(len(snapshot["open_alerts"])))


def fact(name: str, value: Any, text: str, label: str = "") -> Fact:
    """One thing said; where it names another record, with the way there."""
    href = f"/records/{LINKS[name]}/{value}" if name in LINKS else ""
    return Fact(
        label or LABELS.get(name) or called(name.removesuffix("_id")),
        "see it" if href else text,
        href,
    )


def said_of(noun: str, one: Json, name: str, value: Any, zone: str) -> str:
    """A value of a record in words.

    >>> said_of("medication", {}, "daily_dose_mg", 1.0, "UTC")
    '1 mg'
    """
    if isinstance(value, list):
        return "; ".join(said_of(noun, one, name, each, zone) for each in value) or "nothing"
    if isinstance(value, Mapping):
        return together(value, zone)
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "yes", False: "no"}[value]
    if isinstance(value, int | float):
        return amount(round(value, 2), unit_of(name))
    if name.endswith(("_at", "_on")) or name == "at":
        return day(value) if name.endswith("_on") else moment(value, zone)
    return in_words(value) if name in WORDS or is_choice(noun, one, name) else str(value)


def is_choice(noun: str, one: Json, name: str) -> bool:
    """Whether a field says one of our words."""
    form = form_of(noun, one) if one else None
    model = form.kind.model if form else None
    return bool(model and name in model.model_fields and entry_of(model, name).by == "choice")


def answers(noun: str, one: Json) -> Iterator[Fact]:
    """What was answered: condition by condition, or item by item."""
    if noun == "screening":
        for said in ("yes", "unknown", "no"):
            names = [in_words(name) for name, told in one["answers"].items() if told == said]
            if names:
                yield Fact({"unknown": "Not known"}.get(said, said.capitalize()), ", ".join(names))
        if open_ones := [in_words(name) for name in ASKED if name not in one["answers"]]:
            yield Fact("Not asked", ", ".join(open_ones))
        return
    instrument = find(one["instrument"])
    items = describe(instrument)["items"] if instrument else ()
    for item, answer in zip(items, one["answers"], strict=False):
        told = "not answered" if answer is None else f"{answer}"
        yield Fact(f"Item {item['number']}: {in_words(item['name'])}", told)


def changed(noun: str, version: Json, zone: str, people: Mapping[str, str]) -> list[str]:
    """What one version changed, in words."""
    told = []
    for one in version["changes"]:
        name, before, after = one["field"], one["before"], one["after"]
        if name == "patient_id":
            told.append(
                f"Moved from {people.get(before, 'another')} to {people.get(after, 'another')}"
            )
        elif name == "status" and after == "entered_in_error":
            told.append("Marked as entered in error")
        elif name not in MACHINERY or name == "status":
            record = version["record"]
            was, now = (said_of(noun, record, name, value, zone) for value in (before, after))
            told.append(f"{called(name)}: {was}, now {now}")
    return told
