"""What no page of ours sends, and some browser or program does."""

import re
from uuid import uuid4

import pytest

from tests.web.chairs import proof, seated, send
from tests.web.charts import added, at_work, opened

NUL, ENDLESS = "\x00", "9" * 5000


@pytest.mark.parametrize("typed", [ENDLESS, NUL, "-1"])
async def test_a_place_that_is_none_takes_out_no_supply(http, browser, make, typed):
    _, session, page = await seated(http, make, browser)

    kept = await send(browser, page, session, "supplies", product="ketamine", known=typed)
    was = re.search(r'name="was" value="([^"]+)"', kept.text).group(1)
    gone = await send(browser, page, session, "supply-void", place=typed, was=was, then="x")

    assert (kept.status_code, gone.status_code) == (200, 404)


@pytest.mark.parametrize("named", [{"patient_id": NUL}, {"find": f"a{NUL}b"}])
async def test_a_name_that_no_patient_can_have_finds_nobody(http, make, browser, named):
    _, ada = await at_work(http, make, browser)
    page = await added(browser, ada, "allergy", substance="latex")

    found = await browser.post(f"{page.url.path}/move", data={"proof": proof(page)} | named)

    assert found.status_code in {200, 422}
    assert "latex" in found.text or found.status_code == 422


@pytest.mark.parametrize("own_id", [{}, {"id": "none"}])
async def test_a_decision_without_an_id_is_refused_for_what_it_lacks(http, make, browser, own_id):
    _, ada = await at_work(http, make, browser, "clinician")
    page = await opened(browser, f"/patients/{ada}/decide")

    refused = await browser.post(page.url.path, data={"proof": proof(page)} | own_id)

    assert refused.status_code == 422


async def test_a_day_before_the_first_is_no_day_of_the_audit(make, browser):
    clinic = await make.clinic(time_zone="Asia/Tokyo")
    token = (await clinic.staff("auditor"))["Authorization"].removeprefix("Bearer ")
    browser.cookies.set("afterglow", f"{token}.1")

    page = await browser.get("/audit", params={"from": "0001-01-01"})

    assert page.status_code == 422
    assert "must be a date" in page.text


async def test_a_consent_typed_otherwise_in_a_form_that_was_sent_is_kept_too(http, make, browser):
    headers, ada = await at_work(http, make, browser)
    url = f"/patients/{ada}/record/consents"
    form = {"proof": proof(await opened(browser, url)), "id": str(uuid4()), "text_version": "1"}

    for kind in ("treatment", "phone", "phone"):
        await browser.post(url, data=form | {"kind": kind, "given_by": "patient"})

    kept = (await http.get(f"/v1/patients/{ada}/consents", headers=headers)).json()["items"]
    assert sorted(one["kind"] for one in kept) == ["phone", "treatment"]


async def test_a_decision_typed_otherwise_in_a_form_that_was_sent_is_kept_too(http, make, browser):
    headers, ada = await at_work(http, make, browser, "clinician")
    page = await opened(browser, f"/patients/{ada}/decide")
    form = {"proof": proof(page), "id": str(uuid4()), "reason": "We talked"}

    for decision in ("wait", "stop", "stop"):
        await browser.post(page.url.path, data=form | {"decision": decision})

    listed = await http.get(f"/v1/patients/{ada}/decisions", headers=headers)
    assert sorted(one["decision"] for one in listed.json()["items"]) == ["stop", "wait"]


async def test_half_a_character_is_refused_as_nothing_that_can_be_read(http, make, browser):
    _, ada = await at_work(http, make, browser)
    page = await opened(browser, f"/patients/{ada}/add/allergy")
    fields = {"proof": proof(page), "id": str(uuid4()), "substance": "+2AA-"}
    part = '--x\r\nContent-Disposition: form-data; name="{}"\r\n\r\n{}\r\n'
    body = "".join(part.format(name, value) for name, value in fields.items()) + "--x--\r\n"
    told = {"Content-Type": "multipart/form-data; boundary=x; charset=utf-7"}

    refused = await browser.post(page.url.path, content=body, headers=told)

    assert refused.status_code == 400
    assert "half of a character" in refused.text
