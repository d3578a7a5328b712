import re

from tests.makers import patient
from tests.web.conftest import hired, sign_in

NINE = {f"item-{number}": "1" for number in range(1, 10)}


def field(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page.text).group(1)


async def seated(http, browser, clinic):
    """A patient, and somebody signed in who may chart."""
    await hired(clinic)
    ada = await patient(http, await clinic.staff())
    await sign_in(browser, clinic)
    return ada


async def kept(http, clinic, patient_id):
    headers = await clinic.staff()
    found = await http.get(f"/v1/patients/{patient_id}/assessments", headers=headers)
    return found.json()["items"]


async def test_staff_fill_in_a_questionnaire_and_sending_it_twice_keeps_it_once(
    http, browser, make
):
    clinic = await make.clinic()
    ada = await seated(http, browser, clinic)
    page = await browser.get(f"/patients/{ada}/assess/PHQ-9")
    sent = NINE | {"proof": field(page, "proof"), "id": field(page, "id")}

    for _ in range(2):
        done = await browser.post(f"/patients/{ada}/assess/PHQ-9", data=sent)

    assert done.url.path == f"/patients/{ada}"
    assert [one["total"] for one in await kept(http, clinic, ada)] == [9]


async def test_what_was_typed_stays_when_something_is_wrong(http, browser, make):
    clinic = await make.clinic()
    ada = await seated(http, browser, clinic)
    page = await browser.get(f"/patients/{ada}/assess/PHQ-9")
    sent = NINE | {"proof": field(page, "proof"), "total": "25", "note": "By telephone"}

    answer = await browser.post(f"/patients/{ada}/assess/PHQ-9", data=sent)

    assert answer.status_code == 422
    assert "By telephone" in answer.text
    assert answer.text.count(" checked>") == 9
    assert await kept(http, clinic, ada) == []


async def test_no_wording_is_shown_that_its_licence_forbids(http, browser, make):
    clinic = await make.clinic()
    ada = await seated(http, browser, clinic)

    page = await browser.get(f"/patients/{ada}/assess/MADRS")

    assert "Its wording may not be shown here" in page.text


async def test_a_tablet_that_was_handed_over_answers_one_form_and_opens_nothing_else(
    http, browser, make
):
    clinic = await make.clinic()
    ada = await seated(http, browser, clinic)
    proof = field(await browser.get(f"/patients/{ada}/assess"), "proof")
    staff = dict(browser.cookies)

    page = await browser.post(f"/patients/{ada}/hand-over", data={"proof": proof, "code": "PHQ-9"})
    chart = await browser.get(f"/patients/{ada}")
    browser.cookies.update(staff)
    again = await browser.get(f"/patients/{ada}")

    assert page.url.path == "/answer/PHQ-9"
    assert "/today" not in page.text
    assert chart.url.path == "/sign-in"
    assert again.url.path == "/sign-in"


async def test_a_patient_in_danger_is_shown_where_help_is(http, browser, make):
    clinic = await make.clinic()
    ada = await seated(http, browser, clinic)
    proof = field(await browser.get(f"/patients/{ada}/assess"), "proof")
    page = await browser.post(f"/patients/{ada}/hand-over", data={"proof": proof, "code": "PHQ-9"})

    sent = NINE | {"item-9": "2", "id": field(page, "id")}
    thanks = await browser.post("/answer/PHQ-9", data=sent)

    assert "Help is near" in thanks.text
    assert "112" in thanks.text
    (answers,) = await kept(http, clinic, ada)
    assert answers["answered_by"] == "patient"
    found = await http.get(f"/v1/patients/{ada}/alerts", headers=await clinic.staff())
    assert found.json()["items"][0]["level"] == "stop"


async def test_a_patient_who_is_well_is_only_thanked(http, browser, make):
    clinic = await make.clinic()
    ada = await seated(http, browser, clinic)
    proof = field(await browser.get(f"/patients/{ada}/assess"), "proof")
    page = await browser.post(f"/patients/{ada}/hand-over", data={"proof": proof, "code": "PHQ-9"})

    sent = NINE | {"item-9": "0", "id": field(page, "id")}
    thanks = await browser.post("/answer/PHQ-9", data=sent)

    assert "Thank you" in thanks.text
    assert "Help is near" not in thanks.text
    assert (await browser.get("/answer/PHQ-9")).url.path == "/sign-in"
