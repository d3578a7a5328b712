"""A questionnaire as a form: what is asked, and what was answered. Pure."""

from collections.abc import Mapping
from typing import Any

from app.science.instruments import INSTRUMENTS, describe
from app.science.instruments.model import Instrument

Json = dict[str, Any]

FEW = 12
"""An item with no more answers than this is answered by tapping one."""


def listed() -> list[Json]:
    """What can be asked, and whether patients answer it themselves."""
    return [
        {"code": one.code, "name": one.name, "by": one.administered_by}
        for one in INSTRUMENTS.values()
    ]


def form_of(instrument: Instrument, given: Mapping[str, str]) -> Json:
    """The questions of a form. `given` is what was answered before, by field.

    Wording is there only where the licence lets us show it; else the item's number and short name,
    and the instrument's own form must be at hand.
    """
    told = describe(instrument)
    shared = told["answer_labels"]
    return {
        "code": told["code"],
        "name": told["name"],
        "stem": told["stem"],
        "worded": any(item["wording"] for item in told["items"]),
        "notice": told["licence"].get("notice"),
        "by": told["administered_by"],
        "maximum": told["maximum"],
        "total": given.get("total", ""),
        "items": [question(item, shared, given) for item in told["items"]],
    }


def question(item: Json, shared: list[Json] | None, given: Mapping[str, str]) -> Json:
    """One question with its possible answers."""
    labels = {one["value"]: one["label"] for one in item["answer_labels"] or shared or ()}
    values = range(item["minimum"], item["maximum"] + 1)
    return {
        "field": f"item-{item['number']}",
        "number": item["number"],
        "text": item["wording"] or f"Item {item['number']}: {item['name'].replace('_', ' ')}",
        "choices": [{"value": one, "label": labels.get(one, "")} for one in values],
        "few": len(values) <= FEW,
        "scored": item["scored"],
        "skippable": item["skippable"],
        "given": given.get(f"item-{item['number']}", ""),
    }


def sent(instrument: Instrument, fields: Mapping[str, str]) -> Json:
    """What a form said, as the API takes it: a question left open is null."""
    answers = [answer(fields.get(f"item-{item.number}", "")) for item in instrument.items]
    while answers and answers[-1] is None and not instrument.items[len(answers) - 1].scored:
        answers.pop()
    told: Json = {"instrument": instrument.code}
    if any(one is not None for one in answers):
        told["answers"] = answers
    total = fields.get("total", "").strip().replace(",", ".")
    if total:
        told["total"] = number(total)
    return told


def answer(text: str) -> int | None:
    """One answer; what is no number is left for the record's own judgement.

    >>> answer("2"), answer(""), answer("x")
    (2, None, -1)
    """
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < len("1000") else -1


def number(text: str) -> Any:
    """A number, or the text itself where it is none: the record refuses that with its reason."""
    try:
        return float(text)
    except ValueError:
        return text
