"""What a body of each kind can't say; no database is asked."""

from datetime import timedelta

import pytest

from app.background.schemas import (
    AllergyIn,
    ConditionIn,
    EventIn,
    LabIn,
    MedicationIn,
    ScreeningIn,
)
from app.kit.bodies import parse
from app.kit.errors import Invalid
from tests.makers import NOW, at

TODAY = NOW.date().isoformat()
BEFORE = (NOW - timedelta(days=3)).date().isoformat()

RESULT = {"code": "alt", "collected_on": TODAY}
PREGNANCY = {"kind": "pregnancy", "answered_on": TODAY}
ANSWERS = {"answers": {"psychosis": "no"}, "form_version": "1", "answered_by": "patient"}
CHECKLIST = {"kind": "contraindications", "answered_on": TODAY} | ANSWERS
ECT = {"kind": "ect", "occurred_on": TODAY}
MANIA = {"condition": "mania"}


@pytest.mark.parametrize(
    ("model", "sent", "wrong"),
    [
        (MedicationIn, {"name": "a", "dose": 1}, "dose_unit"),
        (MedicationIn, {"name": "a", "started_on": TODAY, "stopped_on": BEFORE}, "stopped_on"),
        (MedicationIn, {"name": "a", "started_at": at()}, "is not a field"),
        (MedicationIn, {"name": "a", "drug_class": "sweets"}, "should be"),
        (AllergyIn, {"substance": "latex", "severity": "deadly"}, "should be"),
        (ConditionIn, {"condition": "other"}, "other_text"),
        (ConditionIn, MANIA | {"other_text": "high"}, "other_text"),
        (ConditionIn, MANIA | {"present": False, "since_on": TODAY}, "absent"),
        (ConditionIn, MANIA | {"since_on": TODAY, "resolved_on": BEFORE}, "resolved_on"),
        (LabIn, RESULT, "value or text_result"),
        (LabIn, RESULT | {"value": 31}, "unit"),
        (LabIn, RESULT | {"code": "other", "text_result": "clear"}, "other_text"),
        (LabIn, {"code": "alt", "text_result": "high"}, "exactly one"),
        (LabIn, RESULT | {"text_result": "high", "loinc": "alt"}, "match"),
        (ScreeningIn, CHECKLIST | {"form_version": None}, "form_version"),
        (ScreeningIn, CHECKLIST | {"answers": {"flu": "no"}}, "should be"),
        (ScreeningIn, CHECKLIST | {"answers": {}}, "at least 1"),
        (ScreeningIn, CHECKLIST | {"result": "clear"}, "no result"),
        (ScreeningIn, PREGNANCY, "negative, not_applicable, positive, unknown"),
        (ScreeningIn, PREGNANCY | {"result": "clear"}, "negative, not_applicable"),
        (ScreeningIn, PREGNANCY | {"result": "negative"} | ANSWERS, "belong to contraindications"),
        (ScreeningIn, PREGNANCY | {"kind": "prescription_monitoring", "result": "concern"}, "note"),
        (EventIn, ECT | {"kind": "other"}, "other_text"),
        (EventIn, {"kind": "ect"}, "exactly one"),
        (EventIn, ECT | {"medication_id": "0198c5a0-0000-7000-8000-000000000001"}, "belongs to"),
    ],
)
def test_a_body_that_contradicts_itself_is_refused(model, sent, wrong):
    with pytest.raises(Invalid) as refused:
        parse(model, sent)

    assert wrong in str(refused.value.facts)
