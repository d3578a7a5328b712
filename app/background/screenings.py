"""Screenings: what was asked or looked up before treatment, and until when it holds."""

from typing import Any

from app.background import queries
from app.background.dates import day_of
from app.background.evidence import mark
from app.background.schemas import ScreeningIn
from app.clinics import queries as clinics
from app.kit.errors import Invalid
from app.records.kinds import Kind, Telling
from app.science.screenings import expires_on

RESTS_ON = ("kind", "answered_at", "answered_on")
"""The columns by which an expiry is worked out."""


async def derive(telling: Telling) -> None:
    """The answers as one column, and the day on which they hold no longer."""
    sent: ScreeningIn = telling.sent
    values = telling.values
    answers = sent.answers
    values["answers"] = answers and {name.value: said.value for name, said in answers.items()}
    values["expires_by_default"] = sent.expires_on is None
    if sent.expires_on is None:
        values["expires_on"] = await default_expiry(telling)
    elif sent.expires_on < day_of(telling):
        raise Invalid(("/expires_on", "must not lie before it was answered"))


async def default_expiry(telling: Telling) -> Any:
    """By the clinic's number for the kind; as it was where nothing that it rests on changes."""
    values, before = telling.values, telling.before
    same = before is not None and all(values[name] == before[name] for name in RESTS_ON)
    if before is not None and same and before["expires_by_default"]:
        return before["expires_on"]
    return expires_on(telling.sent.kind, day_of(telling), await clinics.chosen(telling.db))


def content(document: dict[str, Any]) -> dict[str, Any]:
    """What a client may change; an expiry that was worked out is worked out again."""
    hidden = "expires_on" if document["expires_by_default"] else None
    return {name: value for name, value in document.items() if name != hidden}


SCREENING = Kind(
    noun="screening",
    path="/v1/screenings",
    model=ScreeningIn,
    statements=queries.SCREENING,
    derive=derive,
    after=mark,
    content=content,
)
