"""Every kind of record that goes in and out: its word, its table, its place."""

from dataclasses import dataclass

from app.alerts.queries import ALERT
from app.assessments.actions import ASSESSMENT
from app.background.events import EVENT
from app.background.findings import ALLERGY, CONDITION, LAB, MEDICATION
from app.background.screenings import SCREENING
from app.infusions.dose_events import DOSE_EVENT
from app.infusions.medications_given import MEDICATION_GIVEN
from app.infusions.sessions import INFUSION
from app.infusions.side_effects import SIDE_EFFECT
from app.infusions.vitals import VITALS
from app.patients.baselines import BASELINE
from app.patients.consents import CONSENT
from app.patients.queries import COURSE, PATIENT
from app.records.kinds import Kind
from app.records.queries import Statements
from app.relief.queries import DECISION

CLINICAL: dict[str, Kind] = {
    kind.noun: kind
    for kind in (
        MEDICATION,
        ALLERGY,
        CONDITION,
        SCREENING,
        LAB,
        EVENT,
        INFUSION,
        DOSE_EVENT,
        MEDICATION_GIVEN,
        VITALS,
        SIDE_EFFECT,
        ASSESSMENT,
        BASELINE,
        CONSENT,
    )
}
"""Kinds of clinical record, by noun; what others hang on comes first."""


@dataclass(frozen=True, slots=True)
class Told:
    """A kind of record whose changes are told."""

    noun: str
    path: str
    statements: Statements

    @property
    def table(self) -> str:
        """The name of its table."""
        return str(self.statements.table.name)


EVERY = (
    Told("patient", "/v1/patients", PATIENT),
    Told("course", "/v1/courses", COURSE),
    *(Told(kind.noun, kind.path, kind.statements) for kind in CLINICAL.values()),
    Told("decision", "/v1/decisions", DECISION),
    Told("alert", "/v1/alerts", ALERT),
)

BY_NOUN = {one.noun: one for one in EVERY}
BY_TABLE = {one.table: one for one in EVERY}
