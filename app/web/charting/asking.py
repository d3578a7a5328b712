"""A form as its page shows it: what is asked, what is typed, and what is wrong with it. Pure."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from app.kit.errors import Refusal, WeightDoubtful
from app.science.instruments import find
from app.web.answering import form_of as questions_of
from app.web.charting.fields import (
    CLOCK,
    DAY,
    SAID,
    Entry,
    Field,
    entry_of,
    inputs,
    label_of,
    unit_of,
)
from app.web.charting.forms import NOW, Form
from app.web.charting.lines import LAB_NAMES
from app.web.entries import Typed
from app.web.words import plain

Choices = Sequence[tuple[str, str]]

FEW = 10
"""A number within so few steps is asked for with its bounds."""


def asked(
    form: Form,
    typed: Typed,
    wrong: Mapping[str, str],
    others: Choices = (),
    instrument: str = "",
) -> list[dict[str, Any]]:
    """Every field of a form. `others` are the records that an id may name."""
    return [
        {
            "name": field.name,
            "label": label_of(field),
            "hint": ", ".join(one for one in hints(form, field) if one),
            "typed": typed,
            "wrong": wrong.get(field.name, ""),
            **control(form, field, others),
            **(questions(instrument, typed) if field.name == "answers" and instrument else {}),
        }
        for field in form.fields
        if not field.confirms or field.name in wrong or typed.get(field.name)
    ]


def control(form: Form, field: Field, others: Choices) -> dict[str, Any]:
    """How a field is entered."""
    entry = entry_of(form.kind.model, field.name)
    return {
        "by": "tick" if field.confirms else entry.by,
        "required": entry.required,
        "longest": entry.longest,
        "choices": others if entry.by == "id" else choices(field, entry),
        "groups": [
            (title, [(f"{SAID}{one}", plain(one).capitalize()) for one in names])
            for title, names in field.groups
        ],
    }


def choices(field: Field, entry: Entry) -> Choices:
    """What may be chosen, and how it is called."""
    return [(one, choice(one)) for one in field.among or entry.choices]


def choice(word: str) -> str:
    """A word of ours as it is chosen.

    >>> choice("blurred_vision"), choice("iv"), choice("egfr")
    ('Blurred vision', 'IV', 'eGFR')
    """
    if word in LAB_NAMES:
        return LAB_NAMES[word]
    return word.upper() if word in ABBREVIATED else plain(word).capitalize()


ABBREVIATED = frozenset({"iv", "im", "sc", "alt", "ast", "alp", "ect", "tms", "maoi"})


def hints(form: Form, field: Field) -> tuple[str, ...]:
    """What stands beside a label: the unit, the bounds of a scale, a hint."""
    entry = entry_of(form.kind.model, field.name)
    bounds = ""
    if entry.least is not None and entry.most is not None and entry.most - entry.least <= FEW:
        bounds = f"{entry.least:g} to {entry.most:g}"
    return (unit_of(field.name) if entry.by == "number" else "", bounds, field.hint)


def questions(code: str, typed: Typed) -> dict[str, Any]:
    """The questions of an instrument, each with its answers."""
    instrument = find(code)
    return {"items": questions_of(instrument, typed)["items"] if instrument else []}


def started(form: Form, now: datetime, zone: str) -> dict[str, str]:
    """What a new form says before anything is typed."""
    local = now.astimezone(ZoneInfo(zone))
    filled: dict[str, str] = {}
    for field in form.fields:
        if field.first == NOW:
            filled |= {
                field.name + DAY: local.date().isoformat(),
                field.name + CLOCK: f"{local:%H:%M}",
            }
        elif field.first:
            filled[field.name] = field.first
    return filled


def differing(form: Form, typed: Typed, now: Typed) -> list[tuple[str, str]]:
    """What was typed otherwise than a record says by now: the field, and what was typed."""
    told = []
    for field in form.fields:
        mine, theirs = (inputs(form.kind.model, field, one) for one in (typed, now))
        if mine != theirs and not field.confirms:
            told.append((label_of(field), ", ".join(mine.values()) or "nothing"))
    return told


_NAME = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")


def beside(form: Form, refusal: Refusal | None) -> tuple[list[str], dict[str, str]]:
    """What was wrong: of the whole form, and beside each field; in the form's own words.

    What contradicts another field stands beside the first field of the form that it names.
    """
    whole: list[str] = []
    wrong: dict[str, str] = {}
    doubtful = isinstance(refusal, WeightDoubtful)
    errors: Any = refusal.facts.get("errors", []) if refusal else []
    for one in errors:
        detail, where = one["detail"], one["pointer"].strip("/").partition("/")[0]
        name = own_name(form, where) or next(
            (found for word in re.findall(r"\w+", detail) if (found := own_name(form, word))), ""
        )
        told = detail.partition(";")[0] if doubtful else in_its_words(form, detail)
        if name:
            wrong.setdefault(name, told)
        else:
            whole.append(told)
    if doubtful:
        wrong |= {field.name: "" for field in form.fields if field.confirms in wrong}
    if refusal and not errors:
        whole.append(refusal.detail or refusal.title)
    return whole, wrong


def own_name(form: Form, name: str) -> str:
    """The field of the form that a name is: the day of a moment stands with the moment."""
    names = form.names()
    moment = f"{name.removesuffix('_on')}_at"
    return name if name in names else moment if name.endswith("_on") and moment in names else ""


def in_its_words(form: Form, detail: str) -> str:
    """A finding, its fields called as the form calls them."""
    if detail.startswith("send exactly one of") and f"{form.kind.model.clock}_on" in detail:
        return "say when"
    for theirs, ours in PLAINER.items():
        detail = detail.replace(theirs, ours)
    labels = {field.name: label_of(field) for field in form.fields}
    return _NAME.sub(lambda found: labels.get(found[0], plain(found[0])), detail)


PLAINER = {
    "Input should be less than or equal to": "must be at most",
    "Input should be greater than or equal to": "must be at least",
    "Input should be": "must be",
    "must be a JSON number": "must be a number",
    "must be a valid integer, got a number with a fractional part": "must be a whole number",
    "Field required": "is needed",
}
"""How a shape words what it finds, and how it is said to a person."""
