"""Vital signs: one reading, in a session or at home."""

from typing import Any

from app.infusions import weights
from app.infusions.children import session_of
from app.infusions.queries import VITALS as STATEMENTS
from app.infusions.schemas import VitalsIn
from app.records.kinds import Kind, Telling


async def derive(telling: Telling) -> None:
    """Its session is the patient's, and its weight can be right."""
    await session_of(telling)
    await weights.judge(telling)


def content(document: dict[str, Any]) -> dict[str, Any]:
    """What a client may change; a new weight has to be confirmed anew."""
    return {name: value for name, value in document.items() if name != "weight_confirmed"}


VITALS = Kind(
    noun="vitals",
    path="/v1/vitals",
    model=VitalsIn,
    statements=STATEMENTS,
    derive=derive,
    content=content,
)
