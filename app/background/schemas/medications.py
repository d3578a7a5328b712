"""What a patient takes, on the wire."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Self

from pydantic import Field, model_validator

from app.background.tables import DrugClass
from app.kit.values import Day, Note, Number, Text
from app.records.schemas import ClinicalIn, ClinicalOut, Outward, Strict

Milligrams = Annotated[Number, Field(ge=0, le=100_000)]
"""A day's worth: nobody takes a hundred grams."""


class DrugCodeIn(Strict):
    """What a drug is called in a system of codes."""

    system: Text
    value: Text


class MedicationIn(ClinicalIn):
    """A medication, from when until when."""

    clock = "started"
    needs_time = False
    columns_apart = frozenset({"code"})

    name: Text = Field(description="Generic")
    code: DrugCodeIn | None = None
    dose: Annotated[Number, Field(ge=0)] | None = Field(None, description="Of one intake")
    dose_unit: Text | None = None
    frequency: Text | None = Field(None, description="In words: twice a day")
    daily_dose_mg: Milligrams | None = None
    diazepam_equivalent_mg: Milligrams | None = Field(None, description="A day, of all intakes")
    started_on: Day | None = Field(None, description="Null: nobody knows")
    stopped_on: Day | None = Field(None, description="The last day; it may be planned")
    drug_class: DrugClass | None = Field(None, description="Null: worked out from the name")
    note: Note | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "name": "lorazepam",
        "dose": 1,
        "dose_unit": "mg",
        "frequency": "at night",
        "daily_dose_mg": 1,
        "diazepam_equivalent_mg": 10,
        "started_on": "2026-09-01",
        "drug_class": "benzodiazepine",
    }

    @property
    def instant(self) -> datetime | None:
        """Nobody knows the instant of a first tablet."""
        return None

    @model_validator(mode="after")
    def agrees_with_itself(self) -> Self:
        """A dose has a unit, and nothing ends before it begins."""
        if self.dose is not None and self.dose_unit is None:
            raise ValueError("a dose needs dose_unit")
        both = self.started_on is not None and self.stopped_on is not None
        if both and self.stopped_on < self.started_on:  # type: ignore[operator]  # both are there
            raise ValueError("stopped_on must not lie before started_on")
        return self


class DrugCodeOut(Outward):
    """What a drug is called in a system of codes."""

    system: str
    value: str


class MedicationOut(ClinicalOut):
    """A medication as we keep it."""

    name: str
    code: DrugCodeOut | None
    dose: float | None
    dose_unit: str | None
    frequency: str | None
    daily_dose_mg: float | None
    diazepam_equivalent_mg: float | None
    started_on: date | None
    stopped_on: date | None
    drug_class: DrugClass | None
    note: str | None
