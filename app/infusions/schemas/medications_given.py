"""What was given beside the drug within a session, on the wire."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.infusions.tables import GivenFor
from app.kit.values import Instant, Note, Number, Text
from app.records.schemas import ClinicalIn, ClinicalOut


class MedicationRoute(StrEnum):
    """How a medication goes in; more ways than the drug itself has."""

    IV = "iv"
    IM = "im"
    SC = "sc"
    ORAL = "oral"
    SUBLINGUAL = "sublingual"
    INTRANASAL = "intranasal"
    INHALED = "inhaled"
    RECTAL = "rectal"
    TRANSDERMAL = "transdermal"
    OTHER = "other"


class MedicationGivenIn(ClinicalIn):
    """An antiemetic, something for the pressure, something against anxiety."""

    clock = "given"

    name: Text = Field(description="Generic")
    dose: Annotated[Number, Field(ge=0)] | None = None
    unit: Text | None = None
    route: MedicationRoute | None = None
    given_at: Instant
    why: GivenFor | None = None
    response: Text | None = Field(None, description="What came of it, in words")
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "ondansetron",
        "dose": 4,
        "unit": "mg",
        "route": "iv",
        "given_at": "2026-11-23T09:50:00-07:00",
        "why": "nausea",
        "response": "settled within ten minutes",
    }

    @model_validator(mode="after")
    def has_a_unit(self) -> Self:
        """A number without a unit is no dose."""
        if self.dose is not None and self.unit is None:
            raise ValueError("a dose needs its unit")
        return self


class MedicationGivenOut(ClinicalOut):
    """What was given beside the drug, as we keep it."""

    infusion_id: UUID
    name: str
    dose: float | None
    unit: str | None
    route: MedicationRoute | None
    given_at: datetime
    why: GivenFor | None
    response: str | None
    note: str | None
