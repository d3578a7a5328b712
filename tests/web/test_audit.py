import re

import pytest

from app.access.policy import Role
from app.audit.actions import seal_waiting
from app.kit.ids import new_id
from tests.makers import patient
from tests.web.conftest import hired, sign_in


def text_of(page):
    """What a page says, without its marks."""
    body = page.text.partition('<main id="main"')[2]
    return " ".join(re.sub(r"<[^>]+>", " ", body).split())


async def looked_at(http, make):
    """A clinic in which a nurse wrote a chart, and a program that acts for somebody read it."""
    clinic = await make.clinic()
    ada = await patient(http, await clinic.staff(Role.NURSE), family_name="Lovelace")
    program = await clinic.ehr("read") | {"X-Acting-For": "Dr. <b>Weiss"}
    await http.get(f"/v1/patients/{ada}/timeline", headers=program)
    await http.get(f"/v1/patients/{new_id()}", headers=program)
    return clinic, ada


async def test_an_admin_reads_who_did_what_in_words(http, browser, make):
    clinic, ada = await looked_at(http, make)
    await hired(clinic, "admin")
    await sign_in(browser, clinic, "/settings")

    page = await browser.get("/audit")

    said = text_of(page)
    assert "Read timeline GET /v1/patients/{patient_id}/timeline Ada Lovelace" in said
    assert "program for Dr. &lt;b&gt;Weiss as it says" in said
    assert "Entered patient" in said
    assert "ada@north.example admin Read settings" in said
    assert "not found 404" in said
    assert f'href="/patients/{ada}"' in page.text
    assert 'href="/audit" aria-current="page">Audit' in page.text


async def test_an_auditor_comes_to_the_audit_and_sees_nobodys_name(http, browser, make):
    clinic, ada = await looked_at(http, make)
    await hired(clinic, "auditor")

    page = await sign_in(browser, clinic)
    accesses = await browser.get(f"/patients/{ada}/accesses")

    assert page.url.path == "/audit"
    assert accesses.status_code == 200
    assert "Read timeline" in text_of(accesses)
    for one in (page, accesses):
        assert "Lovelace" not in one.text
        assert f"/patients/{ada}/accesses" in one.text or one is accesses
        assert "/settings" not in one.text


async def test_the_audit_is_narrowed_and_paged(http, browser, make, monkeypatch):
    monkeypatch.setattr("app.web.routes.audit.SHOWN", 1)
    clinic, ada = await looked_at(http, make)
    await hired(clinic, "auditor")
    await sign_in(browser, clinic)

    of_ada = await browser.get(f"/audit?patient_id={ada}&actor=&from=2020-01-01&to=")
    link = re.search(r'href="(/audit\?[^"]*cursor=[^"]*)"', of_ada.text).group(1)
    earlier = await browser.get(link.replace("&amp;", "&"))
    refused = await browser.get("/audit?refused=yes")
    before = await browser.get("/audit?to=2020-01-01")
    wrong = await browser.get("/audit?patient_id=Lovelace&from=soon")

    assert "Read timeline" in text_of(of_ada)
    assert "Entered patient" in text_of(earlier)
    assert "not found 404" in text_of(refused)
    assert "No row." in text_of(before)
    assert wrong.status_code == 422
    assert text_of(wrong).count("must be ") == 2


async def test_the_last_link_is_shown_to_be_noted(http, browser, make):
    clinic, _ = await looked_at(http, make)
    await hired(clinic, "auditor")
    await sign_in(browser, clinic)
    await seal_waiting(http.state["pool"])

    page = await browser.get("/audit")

    assert re.search(
        rf"afterglow audit verify --clinic {clinic.slug} --head \d+:[0-9a-f]{{64}}<", page.text
    )


async def test_reading_the_audit_is_in_it(http, browser, make):
    clinic, ada = await looked_at(http, make)
    await hired(clinic, "auditor")
    await sign_in(browser, clinic)
    await browser.get(f"/patients/{ada}/accesses")

    again = await browser.get(f"/patients/{ada}/accesses")

    assert "Read accesses of patient" in text_of(again)


@pytest.mark.parametrize("role", ["clinician", "nurse"])
async def test_whoever_treats_reads_no_audit(http, browser, make, role):
    clinic, ada = await looked_at(http, make)
    await hired(clinic, role)
    page = await sign_in(browser, clinic)

    assert "/audit" not in page.text
    assert (await browser.get("/audit")).status_code == 403
    assert (await browser.get(f"/patients/{ada}/accesses")).status_code == 403


async def test_another_clinics_rows_and_patients_do_not_exist(http, browser, make):
    _, ada = await looked_at(http, make)
    south = await make.clinic()
    await hired(south, "admin")
    await sign_in(browser, south)

    page = await browser.get(f"/audit?patient_id={ada}")

    assert "Read timeline" not in page.text
    assert (await browser.get(f"/patients/{ada}/accesses")).status_code == 404
