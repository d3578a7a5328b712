import re

from tests.makers import at, patient
from tests.web.conftest import hired, sign_in


async def alarmed(http, clinic, **who):
    """A patient who answered that they think of death."""
    headers = await clinic.staff()
    ada = await patient(http, headers, **who)
    sent = {"instrument": "PHQ-9", "taken_at": at(hours=1), "answers": [0] * 8 + [2]}
    await http.post(f"/v1/patients/{ada}/assessments", json=sent, headers=headers)
    found = await http.get(f"/v1/patients/{ada}/alerts", headers=headers)
    return ada, found.json()["items"][0]["id"]


def proof(page):
    return re.search(r'name="proof" value="([^"]+)"', page.text).group(1)


async def test_an_alert_says_why_whose_it_is_and_what_to_do(http, browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    _, alert = await alarmed(http, clinic, given_name="Ada", family_name="Moreau")
    await sign_in(browser, clinic)

    listed = await browser.get("/alerts")
    page = await browser.get(f"/alerts/{alert}")

    assert f"/alerts/{alert}" in listed.text
    assert "Ada Moreau" in listed.text
    assert "Stop and ask" in page.text
    assert "I have seen it" in page.text


async def test_it_is_acknowledged_then_closed_with_a_note(http, browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    _, alert = await alarmed(http, clinic)
    await sign_in(browser, clinic)
    sent = {"proof": proof(await browser.get(f"/alerts/{alert}"))}

    seen = await browser.post(f"/alerts/{alert}/acknowledge", data=sent | {"note": "Calling now"})
    closed = await browser.post(f"/alerts/{alert}/close", data=sent | {"note": "Safe at home"})

    assert "Calling now" in seen.text
    assert "Safe at home" in closed.text
    assert f"/alerts/{alert}" not in (await browser.get("/alerts")).text


async def test_a_nurse_is_not_offered_to_close_it_and_may_not(http, browser, make):
    clinic = await make.clinic()
    await hired(clinic, role="nurse")
    _, alert = await alarmed(http, clinic)
    await sign_in(browser, clinic)
    page = await browser.get(f"/alerts/{alert}")

    answer = await browser.post(f"/alerts/{alert}/close", data={"proof": proof(page), "note": "x"})

    assert "Close the alert" not in page.text
    assert answer.status_code == 403


async def test_another_clinics_alert_is_on_no_page(http, browser, make):
    north, south = await make.clinic(), await make.clinic()
    await hired(north)
    _, theirs = await alarmed(http, south, family_name="Elsewhere")
    await sign_in(browser, north)

    page = await browser.get(f"/alerts/{theirs}")

    assert page.status_code == 404
    assert "Elsewhere" not in (await browser.get("/alerts")).text
