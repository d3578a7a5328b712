"""Safety rules on the wire."""

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from app.alerts.tables import Level
from app.records.schemas import Outward

Trust = Literal["found", "found-2nd", "recalled", "derived", "default", "clinic"]
Step = Literal["start", "discharge", "next_dose"]


class NumberOut(Outward):
    """A number that a rule compares with, as it is in force."""

    key: str = Field(description="Its name among the clinic's settings")
    value: Any
    default: Any
    unit: str | None
    about: str
    source: str
    trust: Trust = Field(description="`clinic` where the clinic chose it")


class RuleOut(Outward):
    """One safety rule: what it looks for, how loud it may be, who says so."""

    rule: str
    title: str
    levels: list[Level] = Field(description="Those it can speak at, the quietest first")
    condition: str
    thresholds: list[NumberOut]
    source: str
    trust: Trust
    version: int = Field(ge=1)
    runs: Literal["storing", "worker"]
    stands_in_way_of: list[Step]


class RulesOut(Outward):
    """Every safety rule."""

    items: list[RuleOut]
    next_cursor: None


class FindingOut(Outward):
    """That a rule speaks for a session, and what that rests on."""

    rule: str
    title: str
    level: Level
    sentence: str
    evidence: dict[str, Any] = Field(description="Record ids, numbers, thresholds")
    trust: Trust
    reason: str | None = Field(description="Why it was passed")
    stands_in_way_of: list[Step] = Field(description="Of what the session has ahead of it")


class SessionSafetyOut(Outward):
    """What speaks for a session now, the loudest first."""

    infusion_id: UUID
    patient_id: UUID
    as_of: datetime
    stands_in_way_of: list[Step] = Field(description="What still wants a reason, or a review")
    findings: list[FindingOut]
