"""The fields of a form: how each is entered is what the shape of the record says. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from app.kit.errors import Invalid
from app.web.entries import NAMES, Content, Typed, number
from app.web.evidence import parted

DAY, CLOCK = "-day", "-clock"
"""A moment is typed as a day and a time: its name, and one of these."""

SAID = "said-"
"""The answer about one of a list is typed under this and its name."""

LONG = 1000
"""Text that may be longer than this is typed on several lines."""


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that a form asks: a field of the record's shape, and what people call it."""

    name: str
    label: str = ""
    hint: str = ""
    among: tuple[str, ...] = ()
    """Which of the shape's choices are offered; all where nothing is said."""
    first: str = ""
    """What a new form says there: a text, or `now`."""
    confirms: str = ""
    """The field that this one says is meant, however odd: asked only after a refusal."""
    groups: tuple[tuple[str, tuple[str, ...]], ...] = ()
    """Of a checklist: what it asks about, by title."""


@dataclass(frozen=True, slots=True)
class Entry:
    """How a field is entered: by what, within which bounds."""

    by: str
    """number, choice, flag, date, moment, text, note, checklist, answers or id."""
    required: bool = False
    choices: tuple[str, ...] = ()
    least: float | None = None
    most: float | None = None
    longest: int | None = None


@cache
def schema_of(model: type[BaseModel]) -> dict[str, Any]:
    """The shape of a record, as its JSON schema says it."""
    return model.model_json_schema()


@cache
def entry_of(model: type[BaseModel], name: str) -> Entry:
    """How one field of a shape is entered."""
    whole = schema_of(model)
    told = plain(whole, whole["properties"][name])
    answers = told.get("additionalProperties")
    chosen = plain(whole, answers) if answers else told
    return Entry(
        by=by_of(told),
        required=name in whole.get("required", ()),
        choices=tuple(chosen.get("enum", ())),
        least=told.get("minimum", told.get("ge")),
        most=told.get("maximum", told.get("le")),
        longest=told.get("maxLength"),
    )


def plain(whole: Mapping[str, Any], one: Mapping[str, Any]) -> dict[str, Any]:
    """The schema of a field itself, where it may be null or stands elsewhere."""
    found = next((this for this in one.get("anyOf", ()) if this.get("type") != "null"), one)
    reference = found.get("$ref")
    return dict(whole["$defs"][reference.rpartition("/")[2]] if reference else found)


def by_of(told: Mapping[str, Any]) -> str:
    """By what a field of such a schema is entered.

    >>> by_of({"type": "string", "maxLength": 200}), by_of({"type": "boolean"})
    ('text', 'flag')
    """
    if "enum" in told:
        return "choice"
    by_format = {"date": "date", "date-time": "moment", "uuid": "id"}
    if told.get("format") in by_format:
        return by_format[told["format"]]
    if told.get("type") == "string":
        return "note" if told.get("maxLength", 0) > LONG else "text"
    by_type = {"integer": "number", "number": "number", "boolean": "flag", "array": "answers"}
    return by_type.get(str(told.get("type")), "checklist")


def label_of(field: Field) -> str:
    """What a form calls a field."""
    return field.label or called(field.name)


def called(name: str) -> str:
    """What pages call a field of a record, without its unit.

    >>> called("systolic_mmhg"), called("daily_dose_mg"), called("started_on")
    ('Systolic', 'Daily dose', 'Started on')
    """
    if name in NAMES:
        return NAMES[name]
    bare = next((name.removesuffix(end) for end in MORE_UNITS if name.endswith(end)), name)
    return parted(bare)[0].capitalize()


def unit_of(name: str) -> str:
    """The unit of a field, by its name.

    >>> unit_of("systolic_mmhg"), unit_of("height_cm"), unit_of("note")
    ('mmHg', 'cm', '')
    """
    for end, unit in MORE_UNITS.items():
        if name.endswith(end):
            return unit
    first = name.partition("_")[0]
    return first if first in {"hours", "minutes"} else parted(name)[1].strip()


MORE_UNITS = {
    "_mg_per_minute": "mg/min",
    "_per_minute": "/min",
    "_celsius": "°C",
    "_cm": "cm",
    "_moaas": "MOAA/S",
}
"""Of what no rule speaks; the rest stands with the evidence of rules."""


def written(model: type[BaseModel], field: Field, value: Any, zone: str) -> dict[str, str]:
    """What stands in a form for a value that is kept: each input by its name."""
    name, by = field.name, entry_of(model, field.name).by
    if value is None:
        return {}
    if by == "moment":
        local = datetime.fromisoformat(value).astimezone(ZoneInfo(zone))
        return {name + DAY: local.date().isoformat(), name + CLOCK: f"{local:%H:%M}"}
    if by == "checklist":
        return {f"{SAID}{one}": said for one, said in value.items()}
    if by == "answers":
        return {f"item-{n}": str(one) for n, one in enumerate(value, 1) if one is not None}
    if by == "flag":
        return {name: "yes" if value else "no"}
    return {name: f"{value:g}" if isinstance(value, float) else str(value)}


def inputs(model: type[BaseModel], field: Field, typed: Typed) -> dict[str, str]:
    """What was typed of one field: each input that says something, by its name."""
    by = entry_of(model, field.name).by
    if by == "moment":
        names = [field.name + DAY, field.name + CLOCK]
    elif by in {"checklist", "answers"}:
        begin = SAID if by == "checklist" else "item-"
        names = [name for name in typed if name.startswith(begin)]
    else:
        names = [field.name]
    return {name: typed[name].strip() for name in names if typed.get(name, "").strip()}


def read(model: type[BaseModel], field: Field, typed: Typed, zone: str) -> Content:
    """What a field says, as the API takes it; nothing where nothing was typed. Raises Invalid."""
    name, said = field.name, inputs(model, field, typed)
    if not said:
        return {}
    by = entry_of(model, name).by
    if by == "moment":
        return moment(model, name, said, zone)
    if by == "checklist":
        return {name: {one.removeprefix(SAID): answer for one, answer in said.items()}}
    text = said.get(name, "")
    if by == "number":
        return {name: number(text)}
    if by == "flag":
        return {name: {"yes": True, "no": False}.get(text, text)}
    return {name: text}


def moment(model: type[BaseModel], name: str, said: Typed, zone: str) -> Content:
    """An instant where the clinic is; or the day alone, where the record may say no more."""
    day, clock = said.get(name + DAY, ""), said.get(name + CLOCK, "")
    on = alone(model, name)
    if on and day and not clock:
        return {on: day}
    try:
        local = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock))
    except ValueError:
        text = "needs a day and a time" if not day or not clock else "must be a day and a time"
        raise Invalid((f"/{name}", text)) from None
    return {name: local.replace(tzinfo=ZoneInfo(zone)).isoformat()}


def alone(model: type[BaseModel], name: str) -> str:
    """The field that says the day alone in place of an instant; none where there is none."""
    clock = getattr(model, "clock", "")
    on = f"{clock}_on"
    return on if name == f"{clock}_at" and on in model.model_fields else ""
