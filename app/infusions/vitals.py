"""Vital signs: one reading, in a session or at home."""

from typing import Any

from app.infusions import weights
from app.infusions.children import session_of
from app.infusions.queries import VITALS as STATEMENTS
from app.infusions.schemas import VitalsIn
from app.patients.queries import hold
from app.records.kinds import Kind, Telling
from app.safety import storing


async def derive(telling: Telling) -> None:
    """Its session is the patient's, its weight can be right; what it says is judged."""
    await session_of(telling)
    await weights.judge(telling)
    await storing.judge_reading(telling)


def content(document: dict[str, Any]) -> dict[str, Any]:
    """What a client may change; a new weight has to be confirmed anew."""
    return {name: value for name, value in document.items() if name != "weight_confirmed"}


VITALS = Kind(
    noun="vitals",
    path="/v1/vitals",
    model=VitalsIn,
    statements=STATEMENTS,
    derive=derive,
    after=storing.after_reading,
    # Two readings at once must see each other: a rule asks for two in a row.
    subject=hold,
    content=content,
)
