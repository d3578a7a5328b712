import re

from app.access.policy import Role
from tests.makers import patient
from tests.web.conftest import hired, sign_in

ADA = {"given_name": "Ada", "family_name": "Moreau", "birth_date": "1984-05-02", "sex": "female"}


def field(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page.text).group(1)


async def at_the_form(browser, clinic, role="nurse"):
    """The form for a new patient, and what it carries unseen."""
    await hired(clinic, role)
    page = await sign_in(browser, clinic, "/patients/new")
    return {"proof": field(page, "proof"), "id": field(page, "id")}


async def everybody(http, clinic):
    answer = await http.get("/v1/patients", headers=await clinic.staff())
    return answer.json()["items"]


async def test_somebody_new_is_enrolled_once_with_what_they_agreed_to(http, browser, make):
    clinic = await make.clinic(time_zone="America/Denver")
    sent = ADA | await at_the_form(browser, clinic)
    sent |= {"identifiers/1/system": "ehr", "identifiers/1/value": "48213", "phones/0": "555 0100"}
    sent |= {"emergency_contacts/0/name": "Eva", "emergency_contacts/0/phone": "555 0101"}
    sent |= {"consents/phone/given": "yes", "consents/phone/text_version": "2026-03"}

    for _ in range(2):
        shown = await browser.post("/patients/new", data=sent)

    (kept,) = await everybody(http, clinic)
    headers = await clinic.staff()
    consents = await http.get(f"/v1/patients/{kept['id']}/consents", headers=headers)
    assert shown.url.path == f"/patients/{kept['id']}"
    assert kept["identifiers"] == [{"system": "ehr", "value": "48213"}]
    assert kept["time_zone"] == "America/Denver"
    assert [one["kind"] for one in consents.json()["items"]] == ["phone"]


async def test_who_seems_to_be_here_is_shown_before_they_are_enrolled_again(http, browser, make):
    clinic, elsewhere = await make.clinic(), await make.clinic()
    ada = await patient(http, await clinic.staff(), **ADA)
    other = await patient(http, await elsewhere.staff(), **ADA)
    sent = ADA | await at_the_form(browser, clinic) | {"given_name": "Áda"}

    warned = await browser.post("/patients/new", data=sent)
    before = await everybody(http, clinic)
    shown = await browser.post("/patients/new", data=sent | {"anyway": "yes"})

    assert warned.status_code == 409
    assert f"/patients/{ada}" in warned.text
    assert other not in warned.text
    assert len(before) == 1
    assert shown.url.path == f"/patients/{sent['id']}"


async def test_a_number_that_somebody_has_is_refused_beside_its_field(http, browser, make):
    clinic = await make.clinic()
    told = {"system": "ehr", "value": "48213"}
    ada = await patient(http, await clinic.staff(), identifiers=[told])
    sent = {"given_name": "Eva"} | await at_the_form(browser, clinic)
    sent |= {f"identifiers/0/{name}": text for name, text in told.items()}

    refused = await browser.post("/patients/new", data=sent | {"anyway": "yes"})

    assert refused.status_code == 409
    assert f"/patients/{ada}" in refused.text
    assert 'id="identifiers/0/value-wrong"' in refused.text
    assert len(await everybody(http, clinic)) == 1


async def test_what_was_typed_stays_beside_what_is_wrong_with_it(http, browser, make):
    clinic = await make.clinic()
    sent = ADA | await at_the_form(browser, clinic)

    refused = await browser.post("/patients/new", data=sent | {"consents/research/given": "yes"})

    assert refused.status_code == 422
    assert 'id="consents/research/text_version-wrong"' in refused.text
    assert 'value="Moreau"' in refused.text
    assert await everybody(http, clinic) == []


async def test_an_auditor_enrols_nobody(browser, make):
    clinic = await make.clinic()
    await hired(clinic, Role.AUDITOR)

    page = await sign_in(browser, clinic, "/patients/new")

    assert page.status_code == 403
