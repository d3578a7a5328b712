"""Medications, allergies, conditions, screenings, labs and events on the wire."""

from app.background.schemas.events import EventIn, EventOut
from app.background.schemas.findings import (
    AllergyIn,
    AllergyOut,
    ConditionIn,
    ConditionOut,
    LabIn,
    LabOut,
)
from app.background.schemas.medications import MedicationIn, MedicationOut
from app.background.schemas.screenings import ScreeningIn, ScreeningOut

__all__ = [
    "AllergyIn",
    "AllergyOut",
    "ConditionIn",
    "ConditionOut",
    "EventIn",
    "EventOut",
    "LabIn",
    "LabOut",
    "MedicationIn",
    "MedicationOut",
    "ScreeningIn",
    "ScreeningOut",
]
