import re

from tests.infusions.makers import given, made
from tests.makers import patient
from tests.web.conftest import hired, sign_in


def field(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page.text).group(1)


async def at_the_form(http, browser, clinic, role="clinician"):
    """A patient with an infusion, and the form for a decision about them."""
    await hired(clinic, role)
    headers = await clinic.staff()
    ada = await patient(http, headers)
    await made(http, headers, ada, given(days=20))
    await sign_in(browser, clinic)
    return ada, await browser.get(f"/patients/{ada}/decide")


async def test_a_decision_is_kept_once_with_what_was_shown(http, browser, make):
    clinic = await make.clinic()
    ada, page = await at_the_form(http, browser, clinic)
    sent = {"proof": field(page, "proof"), "id": field(page, "id")}
    sent |= {"decision": "repeat", "planned_on": "2026-12-04", "reason": "Fading again"}

    for _ in range(2):
        shown = await browser.post(f"/patients/{ada}/decide", data=sent)

    found = await http.get(f"/v1/patients/{ada}/decisions", headers=await clinic.staff())
    (kept,) = found.json()["items"]
    assert (kept["decision"], kept["planned_on"]) == ("repeat", "2026-12-04")
    assert kept["snapshot"]["current"]["state"]
    assert "Fading again" in shown.text


async def test_what_was_typed_stays_beside_what_was_wrong(http, browser, make):
    clinic = await make.clinic()
    ada, page = await at_the_form(http, browser, clinic)
    sent = {"proof": field(page, "proof"), "id": field(page, "id"), "decision": "wait"}
    sent |= {"planned_dose_mg_per_kg": "half", "reason": "Still well"}

    answer = await browser.post(f"/patients/{ada}/decide", data=sent)

    assert answer.status_code == 422
    assert "planned_dose_mg_per_kg-wrong" in answer.text
    assert "Still well" in answer.text


async def test_a_nurse_decides_nothing(http, browser, make):
    clinic = await make.clinic()
    _, page = await at_the_form(http, browser, clinic, role="nurse")

    assert page.status_code == 403
