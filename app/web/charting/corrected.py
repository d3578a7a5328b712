"""The forms that correct what is made elsewhere, and which form belongs to a record."""

from collections.abc import Mapping
from typing import Any

from app.access.policy import May
from app.assessments.actions import ASSESSMENT
from app.background.screenings import SCREENING
from app.infusions.dose_events import DOSE_EVENT
from app.infusions.medications_given import MEDICATION_GIVEN
from app.infusions.sessions import INFUSION
from app.patients.baselines import BASELINE
from app.patients.consents import CONSENT
from app.relief.decisions import DECISION
from app.web.charting.fields import Field
from app.web.charting.forms import FORMS, NOTE, OPEN_TIME, Form

CORRECTED: Mapping[str, Form] = {
    "infusion": Form(
        INFUSION,
        "Session",
        (
            Field("drug"),
            Field("route"),
            Field("scheduled_at", "Planned for"),
            Field("planned_mg_per_kg", "Planned by weight"),
            Field("planned_dose_mg", "Planned dose"),
            Field("planned_minutes", "Planned over"),
            Field("dose_mg", "Dose given"),
            Field("weight_kg"),
            Field("weight_confirmed", "The weight is right", confirms="weight_kg"),
            Field("weight_measured_on", "Weighed on"),
            Field("weight_kind", "Which weight"),
            Field("arrived_at", "Arrived"),
            Field("started_at", "Started", OPEN_TIME),
            Field("ended_at", "Ended"),
            Field("monitoring_ended_at", "Watched until"),
            Field("discharged_at", "Went home"),
            Field("stop_reason", "Stopped because"),
            Field("cancel_reason", "Cancelled because"),
            Field("setting", "Where"),
            Field("site"),
            Field("chair"),
            Field("starts_course", "Begins a course", "empty: told by the gap"),
            NOTE,
        ),
    ),
    "dose_event": Form(
        DOSE_EVENT,
        "Dose event",
        (
            Field("at", "When"),
            Field("kind"),
            Field("rate_mg_per_minute", "Rate"),
            Field("dose_mg", "Dose"),
            Field("reason"),
            NOTE,
        ),
    ),
    "medication_given": Form(
        MEDICATION_GIVEN,
        "Medication given",
        (
            Field("name", "Generic name"),
            Field("dose"),
            Field("unit"),
            Field("route"),
            Field("given_at", "Given"),
            Field("why", "For"),
            Field("response", "What came of it"),
            NOTE,
        ),
    ),
    "assessment": Form(
        ASSESSMENT,
        "Answers",
        (
            Field("answers"),
            Field("total", hint="where the answers are not known"),
            Field("taken_at", "Answered", OPEN_TIME),
            Field("answered_by", "Answered by"),
            Field("language"),
            NOTE,
        ),
    ),
    "baseline": Form(
        BASELINE, "Baseline", (Field("value"), Field("reason")), write=May.SET_BASELINE
    ),
    "decision": Form(
        DECISION,
        "Decision",
        (
            Field("decision"),
            Field("decided_at", "Decided"),
            Field("planned_on", "Planned for"),
            Field("planned_dose_mg_per_kg", "Planned dose"),
            Field("reason"),
        ),
        write=May.DECIDE,
    ),
    "consent": Form(
        CONSENT,
        "Consent",
        (
            Field("kind", "To what"),
            Field("text_version", "Text", "which version was agreed to"),
            Field("given_at", "Given", OPEN_TIME),
            Field("given_by", "Given by"),
            Field("withdrawn_at", "Withdrawn"),
            NOTE,
        ),
    ),
}
"""What is made elsewhere and corrected here, by the noun of its kind."""

BY_NOUN: Mapping[str, Form] = {form.kind.noun: form for form in FORMS.values()} | dict(CORRECTED)
"""One form of each kind; of a screening any, as its sort has its own."""

OF_SCREENING = {
    form.fixed["kind"]: (what, form) for what, form in FORMS.items() if form.kind is SCREENING
}


def form_of(noun: str, document: Mapping[str, Any]) -> Form:
    """The form that corrects a record."""
    if noun == SCREENING.noun:
        return OF_SCREENING[document["kind"]][1]
    return BY_NOUN[noun]


def word_of(noun: str, document: Mapping[str, Any]) -> str | None:
    """The word in the address of the form that adds another like it; None where there is none."""
    if noun == SCREENING.noun:
        return OF_SCREENING[document["kind"]][0]
    return next((what for what, form in FORMS.items() if form.kind.noun == noun), None)
