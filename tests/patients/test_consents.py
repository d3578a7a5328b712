"""What somebody agreed to, and what may not be done without."""

from app.access.policy import Role
from tests.infusions.makers import patch, problem
from tests.makers import at, patient

PHONE = {"kind": "phone", "text_version": "2026-03", "given_at": at(hours=1)}


async def demand(http, clinic):
    """The clinic enrols no phone without a consent."""
    sent = {"value": True, "reason": "our lawyer"}
    key = "consents.required_for_enrolment"
    admin = await clinic.staff(Role.ADMIN)
    answer = await http.put(f"/v1/settings/{key}", json=sent, headers=admin)
    assert answer.status_code == 200, answer.text


async def test_a_phone_is_enrolled_without_a_consent_unless_the_clinic_requires_one(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    here = f"/v1/patients/{await patient(http, nurse)}"

    before = await http.post(f"{here}/enrolments", json={}, headers=nurse)
    await demand(http, clinic)
    refused = await http.post(f"{here}/enrolments", json={}, headers=nurse)

    assert before.status_code == 201
    assert problem(refused) == (409, "consent-missing")


async def test_a_consent_lets_a_phone_in_until_it_is_withdrawn(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    here = f"/v1/patients/{await patient(http, nurse)}"
    await demand(http, clinic)

    await http.post(f"{here}/consents", json=PHONE | {"kind": "research"}, headers=nurse)
    other = await http.post(f"{here}/enrolments", json={}, headers=nurse)
    given = (await http.post(f"{here}/consents", json=PHONE, headers=nurse)).json()
    let_in = await http.post(f"{here}/enrolments", json={}, headers=nurse)
    withdrawn = await patch(http, nurse, given, {"withdrawn_at": at()}, "consents")
    refused = await http.post(f"{here}/enrolments", json={}, headers=nurse)

    assert (other.status_code, let_in.status_code, withdrawn.status_code) == (409, 201, 200)
    assert withdrawn.json()["status"] == "amended"
    assert problem(refused) == (409, "consent-missing")


async def test_nothing_is_withdrawn_before_it_was_given(http, make):
    nurse = await (await make.clinic()).staff()
    here = f"/v1/patients/{await patient(http, nurse)}"
    sent = PHONE | {"withdrawn_at": at(days=1)}

    refused = await http.post(f"{here}/consents", json=sent, headers=nurse)

    assert problem(refused) == (422, "invalid")
