"""What was given within a session, on the wire."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Self
from uuid import UUID

from pydantic import Field, model_validator

from app.infusions.schemas.bounds import Dose
from app.infusions.tables import DoseKind
from app.kit.values import Instant, Note, Number, Text
from app.records.schemas import ClinicalIn, ClinicalOut

GIVES = frozenset({DoseKind.BOLUS, DoseKind.DEVICE})
"""Kinds that give a dose of their own."""

RUNS = frozenset({DoseKind.RATE, DoseKind.RESUME})
"""Kinds that let the infusion run."""


class DoseEventIn(ClinicalIn):
    """A bolus, a rate, a pause, a stop."""

    clock = "given"

    at: Instant
    kind: DoseKind
    rate_mg_per_minute: Annotated[Number, Field(ge=0, le=2000)] | None = None
    dose_mg: Dose | None = None
    reason: Text | None = None
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "at": "2026-11-23T09:30:00-07:00",
        "kind": "rate",
        "rate_mg_per_minute": 0.9,
    }

    @property
    def instant(self) -> datetime | None:
        """An event within a session has an instant, and no day alone."""
        return self.at

    @model_validator(mode="after")
    def says_how_much(self) -> Self:
        """A bolus and a device give a dose, a rate has a rate, and nothing else has either."""
        if (self.kind in GIVES) != (self.dose_mg is not None):
            raise ValueError("dose_mg belongs to a bolus and to a device, and they need it")
        if self.kind == DoseKind.RATE and self.rate_mg_per_minute is None:
            raise ValueError("a rate needs rate_mg_per_minute")
        if self.kind not in RUNS and self.rate_mg_per_minute is not None:
            raise ValueError("rate_mg_per_minute belongs to a rate or a resume")
        return self


class DoseEventOut(ClinicalOut):
    """What was given, as we keep it."""

    infusion_id: UUID
    at: datetime
    kind: DoseKind
    rate_mg_per_minute: float | None
    dose_mg: float | None
    reason: str | None
    note: str | None
