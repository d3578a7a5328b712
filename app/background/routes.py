"""Medications, allergies, conditions, screenings, labs and events, under their patient."""

from app.background.events import EVENT
from app.background.findings import ALLERGY, CONDITION, LAB, MEDICATION
from app.background.schemas import (
    AllergyOut,
    ConditionOut,
    EventOut,
    LabOut,
    MedicationOut,
    ScreeningOut,
)
from app.background.screenings import SCREENING
from app.patients.routing import Doors, clinical_routes

medications = clinical_routes(Doors(MEDICATION, MedicationOut))
allergies = clinical_routes(Doors(ALLERGY, AllergyOut))
conditions = clinical_routes(Doors(CONDITION, ConditionOut))
screenings = clinical_routes(Doors(SCREENING, ScreeningOut))
labs = clinical_routes(Doors(LAB, LabOut))
events = clinical_routes(Doors(EVENT, EventOut))
