"""Sessions, doses, vital signs and side effects on the wire."""

from app.infusions.schemas.doses import DoseEventIn, DoseEventOut
from app.infusions.schemas.medications_given import MedicationGivenIn, MedicationGivenOut
from app.infusions.schemas.moves import CancelIn, CompleteIn, StartIn, StopIn
from app.infusions.schemas.sessions import InfusionIn, InfusionOut
from app.infusions.schemas.side_effects import SideEffectIn, SideEffectOut
from app.infusions.schemas.vitals import VitalsIn, VitalsOut

__all__ = [
    "CancelIn",
    "CompleteIn",
    "DoseEventIn",
    "DoseEventOut",
    "InfusionIn",
    "InfusionOut",
    "MedicationGivenIn",
    "MedicationGivenOut",
    "SideEffectIn",
    "SideEffectOut",
    "StartIn",
    "StopIn",
    "VitalsIn",
    "VitalsOut",
]
