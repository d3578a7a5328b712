"""The forms of the chart: what each asks, in its order.

How a field is entered, its choices and its bounds are the shape's own: see fields.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from app.access.policy import May
from app.background.events import EVENT
from app.background.findings import ALLERGY, CONDITION, LAB, MEDICATION
from app.background.schemas.screenings import RESULTS
from app.background.screenings import SCREENING
from app.background.tables import ScreeningKind
from app.infusions.side_effects import SIDE_EFFECT
from app.infusions.vitals import VITALS
from app.records.kinds import Kind
from app.science.safety.checklists import ABSOLUTE, CAUTION, RECALLED
from app.web.charting.fields import Field

NOW = "now"

FORM_VERSION = "Afterglow 1"
"""The checklist as it is asked here: another selection of items would be another version."""


@dataclass(frozen=True)
class Form:
    """What is asked about one kind of record, or about one sort of it."""

    kind: Kind
    title: str
    fields: tuple[Field, ...]
    fixed: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What the form itself says."""
    write: May = May.CHART

    def names(self) -> set[str]:
        """The fields that it asks for."""
        return {one.name for one in self.fields}


NOTE = Field("note")

OPEN_TIME = "time optional"

RESULT_ORDER = ("negative", "positive", "clear", "concern", "unknown", "not_applicable")

CHECKLIST = (
    ("Contraindications of the esketamine label", ABSOLUTE),
    ("Reasons for caution", (*CAUTION, *RECALLED)),
)


ASKED = tuple(name for _, names in CHECKLIST for name in names)
"""Every condition but `other`, which has a form of its own."""


def screening(kind: ScreeningKind, title: str) -> Form:
    """The form of a test or a look-up: its own results, and until when they hold."""
    possible = tuple(one for one in RESULT_ORDER if one in RESULTS[kind])
    told = (
        Field("result", among=possible),
        Field("answered_at", "Done", OPEN_TIME, first=NOW),
        Field("answered_by", "By", "who answered, or looked it up"),
        Field("expires_on", "Expires", "empty: as the clinic set it"),
        NOTE,
    )
    return Form(SCREENING, title, told, {"kind": kind.value})


FORMS: Mapping[str, Form] = {
    "vitals": Form(
        VITALS,
        "Vital signs",
        (
            Field("measured_at", "Measured", OPEN_TIME, first=NOW),
            Field("systolic_mmhg"),
            Field("diastolic_mmhg"),
            Field("heart_rate_bpm"),
            Field("spo2_percent"),
            Field("respiratory_rate_per_minute"),
            Field("temperature_celsius"),
            Field("weight_kg"),
            Field("weight_confirmed", "The weight is right", confirms="weight_kg"),
            Field("height_cm"),
            Field("method", hint="palpated where the systolic stands alone"),
            Field("symptomatic", "With symptoms"),
            Field("not_done_reason", "Not done, because", "in place of values"),
            NOTE,
        ),
    ),
    "side-effect": Form(
        SIDE_EFFECT,
        "Side effect",
        (
            Field("effect"),
            Field("other_text", "Which other", "where it is other"),
            Field("present", "There", "no: asked about and absent", first="yes"),
            Field("severity"),
            Field("grade"),
            Field("observed_at", "Observed", OPEN_TIME, first=NOW),
            Field("onset_at", "Began"),
            Field("peak_at", "Was worst"),
            Field("resolved_at", "Was over"),
            Field("serious"),
            Field("relatedness", "Related to the treatment", "in words"),
            Field("action_taken", "Done with the infusion"),
            Field("present_at_discharge", "There when they went home"),
            Field("reported_by", "Said by", first="patient"),
            NOTE,
        ),
    ),
    "medication": Form(
        MEDICATION,
        "Medication",
        (
            Field("name", "Generic name"),
            Field("dose", "One dose"),
            Field("dose_unit", "Its unit"),
            Field("frequency", "How often", "in words: twice a day"),
            Field("daily_dose_mg", "A day", "all doses together"),
            Field("diazepam_equivalent_mg", "As diazepam", "a day, of a benzodiazepine"),
            Field("drug_class", "Class", "empty: worked out"),
            Field("started_on", "Since", "if known"),
            Field("stopped_on", "Last day", "it may be planned"),
            NOTE,
        ),
    ),
    "allergy": Form(
        ALLERGY,
        "Allergy",
        (Field("substance"), Field("reaction"), Field("severity"), Field("noted_on"), NOTE),
    ),
    "condition": Form(
        CONDITION,
        "Condition",
        (
            Field("condition"),
            Field("other_text", "Which other", "where it is other"),
            Field("present", "There", "no: asked about and absent", first="yes"),
            Field("since_on", "Since"),
            Field("resolved_on", "Over since"),
            NOTE,
        ),
    ),
    "contraindications": Form(
        SCREENING,
        "Contraindication checklist",
        (
            Field("answers", groups=CHECKLIST),
            Field("answered_by", "Answered by", "who, or what"),
            Field("answered_at", "Answered", OPEN_TIME, first=NOW),
            Field("form_version", "Form", "which list was asked", first=FORM_VERSION),
            Field("expires_on", "Expires", "empty: as the clinic set it"),
            NOTE,
        ),
        {"kind": ScreeningKind.CONTRAINDICATIONS.value},
    ),
    "pregnancy-test": screening(ScreeningKind.PREGNANCY, "Pregnancy test"),
    "drug-screen": screening(ScreeningKind.DRUG_SCREEN, "Drug screen"),
    "prescription-monitoring": screening(
        ScreeningKind.PRESCRIPTION_MONITORING, "Prescription monitoring"
    ),
    "lab": Form(
        LAB,
        "Laboratory result",
        (
            Field("code", "What was measured"),
            Field("other_text", "Which other", "where it is other"),
            Field("value"),
            Field("unit"),
            Field("text_result", "Result in words", "where there is no number"),
            Field("abnormal"),
            Field("reference", "Usual range", "as the laboratory says it"),
            Field("collected_at", "Collected", OPEN_TIME, first=NOW),
            Field("loinc", "LOINC", "if known, like 1742-6"),
            NOTE,
        ),
    ),
    "event": Form(
        EVENT,
        "Event",
        (
            Field("kind", "What happened"),
            Field("other_text", "Which other", "where it is other"),
            Field("occurred_at", "When", OPEN_TIME, first=NOW),
            Field("ended_on", "Until", "of a stay"),
            Field("worsening", "Because depression got worse"),
            Field("medication_id", "Which medication", "of a change of medication"),
            NOTE,
        ),
    ),
}
"""What can be added from the patient's page, by the word in its address."""
