"""A person as a form: what was typed as the API takes it, and what is on record as typed. Pure.

A field is named by its place in the body, so that a refusal finds the field it speaks of.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from app.patients.schemas import PRIORITY
from app.patients.tables import ConsentKind

Json = dict[str, Any]
Typed = Mapping[str, str]

TEXTS = (
    "given_name",
    "family_name",
    "birth_date",
    "sex",
    "time_zone",
    "preferred_language",
    "responsible_clinician_id",
    "deceased_on",
)

IDENTIFIER, CONTACT = ("system", "value"), ("name", "phone", "relationship")

MOST_ROWS = 50
"""Of identifiers, as the API takes them."""

KINDS = {
    ConsentKind.TREATMENT: "Treatment",
    ConsentKind.DATA_SHARING: "Data shared with others",
    ConsentKind.PHONE: "Answering by phone",
    ConsentKind.RESEARCH: "Research",
    ConsentKind.MESSAGES: "Messages",
}
"""What is asked at enrolment, in words."""


@cache
def zones() -> list[str]:
    """The time zones of places, by name."""
    return sorted(one for one in available_timezones() if "/" in one and not one.startswith("Etc/"))


def rows(typed: Typed, name: str, parts: Sequence[str]) -> list[dict[str, str]]:
    """The rows of a list that say anything, each without what was left empty.

    >>> rows({"a/0/x": " ", "a/1/x": "1 ", "a/1/y": ""}, "a", ("x", "y"))
    [{'x': '1'}]
    """
    found = []
    for place in range(MOST_ROWS):
        told = {part: typed.get(f"{name}/{place}/{part}", "").strip() for part in parts}
        if any(told.values()):
            found.append({part: text for part, text in told.items() if text})
    return found


def content(typed: Typed) -> Json:
    """What a form says of a person; what it doesn't ask is left out.

    >>> content({"given_name": "Ada", "birth_date": "", "phones/0": "555 0100", "active": "no"})
    {'given_name': 'Ada', 'birth_date': None, 'phones': ['555 0100'], 'active': False}
    """
    told: Json = {name: typed[name].strip() or None for name in TEXTS if name in typed}
    if any(name.startswith("identifiers/") for name in typed):
        told["identifiers"] = rows(typed, "identifiers", IDENTIFIER)
    if any(name.startswith("phones/") for name in typed):
        every = (typed.get(f"phones/{place}", "").strip() for place in range(MOST_ROWS))
        told["phones"] = [one for one in every if one]
    if any(name.startswith("emergency_contacts/") for name in typed):
        told["emergency_contacts"] = rows(typed, "emergency_contacts", CONTACT)
    if typed.get("active") in ("yes", "no"):
        told["active"] = typed["active"] == "yes"
    if typed.get("first_instrument"):
        told["instrument_priority"] = put_first(typed["first_instrument"], PRIORITY)
    return told


def put_first(code: str, codes: Sequence[str]) -> list[str]:
    """An instrument before the others.

    >>> put_first("MADRS", ["PHQ-9", "MADRS"])
    ['MADRS', 'PHQ-9']
    """
    return [code, *(one for one in codes if one != code)]


def on_record(person: Mapping[str, Any], zone: str) -> Json:
    """A person on record as a form would say it. `zone` is the clinic's: it need not be said."""
    told: Json = {name: person[name] for name in TEXTS}
    if told["time_zone"] == zone:
        told["time_zone"] = None
    contacts = [{k: v for k, v in one.items() if v} for one in person["emergency_contacts"]]
    lists = {name: person[name] for name in ("identifiers", "phones", "instrument_priority")}
    return told | lists | {"emergency_contacts": contacts, "active": person["active"]}


def told_of(typed: Typed, there: Json) -> Json:
    """What a form says of somebody on record."""
    told = content(typed)
    if "instrument_priority" in told:
        first = told["instrument_priority"][0]
        told["instrument_priority"] = put_first(first, there["instrument_priority"])
    return told


def changed(typed: Typed, there: Json) -> Json:
    """What a form says otherwise than the record: a merge patch.

    >>> changed({"given_name": "Ada", "sex": "female"}, {"given_name": "Ada", "sex": "unknown"})
    {'sex': 'female'}
    """
    told = told_of(typed, there)
    return {name: value for name, value in told.items() if value != there[name]}


def stands(typed: Typed, there: Json) -> dict[str, str]:
    """What the record says by now, beside each field that says otherwise.

    >>> stands({"given_name": "Ada"}, {"given_name": "Eva"})
    {'given_name': 'The record says by now: Eva'}
    """
    return {
        name: f"The record says by now: {spoken(there[name])}" for name in changed(typed, there)
    }


def spoken(value: Any) -> str:
    """A value of the record in words.

    >>> spoken([{"name": "Eva", "phone": "555 0100", "relationship": None}]), spoken([])
    ('Eva 555 0100', 'none')
    """
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict):
        return " ".join(filter(None, value.values()))
    if isinstance(value, list):
        return ", ".join(map(spoken, value)) or "none"
    return str(value).replace("_", " ") if value else "nothing"


def consents(typed: Typed, when: Json) -> dict[str, Json]:
    """What was agreed to, by kind, each as the API takes it.

    >>> consents({"consents/phone/given": "yes", "consents/phone/text_version": "2"}, {})
    {'phone': {'kind': 'phone', 'given_by': 'patient', 'text_version': '2'}}
    """
    given_by = typed.get("given_by") or "patient"
    return {
        kind.value: {"kind": kind.value, "given_by": given_by}
        | version_of(typed.get(f"consents/{kind.value}/text_version", ""))
        | when
        for kind in KINDS
        if typed.get(f"consents/{kind.value}/given") == "yes"
    }


def version_of(text: str) -> Json:
    """The version of a text, where one was typed."""
    return {"text_version": text.strip()} if text.strip() else {}


def given_when(typed: Typed, now: str, today: date) -> Json:
    """When something was agreed to: today is now, so that it holds at once."""
    day = typed.get("given_on", "").strip()
    return {"given_on": day} if day and day != today.isoformat() else {"given_at": now}
