"""What somebody in danger is shown, when their clinic has not written its own.

It names no number but the emergency one: lines differ by country, and a wrong number is worse than
none. A clinic sets its own text, contacts and hours.
"""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.kit.values import Note, Text

DEFAULT: dict[str, Any] = {
    "text": (
        "If you are in danger, or might act on thoughts of ending your life, call your local "
        "emergency number now, or go to the nearest emergency department. This app is not "
        "watched around the clock; please also call your clinic."
    ),
    "contacts": [
        {"name": "Emergency (Europe)", "phone": "112"},
        {"name": "Emergency (United States, Canada)", "phone": "911"},
    ],
    "monitored": False,
    "monitored_hours": None,
    "language": "en",
    "version": "afterglow-1",
}


def text_of(own: dict[str, Any] | None) -> dict[str, Any]:
    """The clinic's own crisis text, with the default for what it leaves out."""
    return DEFAULT | (own or {})


class Contact(BaseModel):
    """Whom to call."""

    model_config = ConfigDict(extra="forbid")

    name: Text
    phone: Annotated[Text, Field(max_length=50)]


class OwnCrisis(BaseModel):
    """A clinic's own crisis text. What it leaves out is the default's."""

    model_config = ConfigDict(extra="forbid")

    text: Annotated[Note, Field(min_length=1, max_length=5000)]
    contacts: Annotated[list[Contact], Field(max_length=50)] | None = None
    monitored: bool | None = None
    monitored_hours: Text | None = None
    language: Annotated[Text, Field(max_length=35)] | None = None
    version: Annotated[Text, Field(max_length=50)]
    """The clinic's own: a phone that kept an older text can tell."""


def parse_crisis(told: str) -> dict[str, Any]:
    """A clinic's own crisis text out of JSON. Raises ValueError that says what is wrong where."""
    try:
        own = OwnCrisis.model_validate_json(told)
    except ValidationError as error:
        wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
        raise ValueError("; ".join(wrong)) from None
    return own.model_dump(exclude_none=True)
