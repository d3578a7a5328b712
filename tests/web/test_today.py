from tests.infusions.makers import made, running
from tests.makers import NOW, patient
from tests.web.conftest import hired, sign_in

HOSTILE = "<script>alert(1)</script>"


async def test_today_shows_who_is_in_a_chair_and_what_is_due(http, browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    nurse = await clinic.staff()
    ada = await patient(http, nurse, given_name="Ada", family_name="Moreau")
    session = await made(http, nurse, ada, running(hours=0.5, chair="2"))

    page = await sign_in(browser, clinic)

    assert "Ada Moreau" in page.text
    assert f"/chair/{session['id']}" in page.text
    assert "due now" in page.text or "late by" in page.text


async def test_whoever_sat_down_before_midnight_is_still_in_the_chair(http, browser, make):
    after_midnight = f"Etc/GMT{NOW.hour:+d}" if NOW.hour <= 12 else f"Etc/GMT{NOW.hour - 24:+d}"
    clinic = await make.clinic(time_zone=after_midnight)
    await hired(clinic)
    nurse = await clinic.staff()
    ada = await patient(http, nurse, given_name="Ada", family_name="Moreau")
    session = await made(http, nurse, ada, running(hours=1.5))

    page = await sign_in(browser, clinic)

    assert f"/chair/{session['id']}" in page.text


async def test_a_hostile_name_is_text_and_nothing_else(http, browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    nurse = await clinic.staff()
    ada = await patient(http, nurse, given_name=HOSTILE, family_name="{{ 7 * 7 }}\"'><b>")
    await made(http, nurse, ada, running(hours=0, chair=HOSTILE))

    page = await sign_in(browser, clinic)

    assert HOSTILE not in page.text
    assert "&lt;script&gt;" in page.text
    assert "{{ 7 * 7 }}" in page.text


async def test_another_clinics_patients_are_on_no_page_of_ours(http, browser, make):
    north, south = await make.clinic(), await make.clinic()
    await hired(north)
    theirs = await south.staff()
    bob = await patient(http, theirs, given_name="Bob", family_name="Elsewhere")
    await made(http, theirs, bob, running())

    page = await sign_in(browser, north)

    assert page.status_code == 200
    assert "Elsewhere" not in page.text
