import re

import pytest

from tests.outcomes.test_outcomes import HELD, LOST, NEVER, Charted, treated
from tests.web.conftest import hired, sign_in


@pytest.fixture
async def charted(http, browser, make):
    """A clinic that records treatment, and whose clinician is signed in."""
    clinic = await make.clinic()
    await hired(clinic)
    await sign_in(browser, clinic)
    return Charted(http, clinic, await clinic.ehr())


def text_of(page):
    """What a page says, without its tags."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


async def test_outcomes_have_denominators_intervals_and_the_worst_case(browser, charted):
    await charted.send(*map(treated, (LOST, LOST, HELD, HELD, LOST, NEVER, {})))

    page = await browser.get("/outcomes")

    told = text_of(page)
    assert "6 of 7 inductions that are over could be judged" in told
    assert "5 of 6: 83.3% (43.6 to 97.0)" in told
    assert "5 of 7: 71.4%" in told
    assert 'class="open"' in page.text
    assert "Kaplan-Meier" in page.text
    assert "no curve is drawn" not in told
    assert "Murrough 2013" in told
    assert "MUR13" in told
    assert "The same as a table" in told


async def test_no_percentage_is_told_of_fewer_than_five(browser, charted):
    nausea = {"side_effects": [{"id": "01a20939-7e33-7042-bf16-161a3ec08796"}]}
    nausea["side_effects"][0] |= {"effect": "nausea", "present": False}
    await charted.send(treated(LOST, **nausea), treated(HELD), treated(NEVER))

    page = await browser.get("/outcomes?by=dose_band")

    ours = page.text.split('id="published"')[0] + "".join(
        re.findall(r'<tr class="ours">.*?</tr>', page.text, re.DOTALL)
    )
    assert "2 of 3 (fewer than five, so no percentage)" in ours
    assert "0 of 1 (fewer than five, so no percentage)" in ours
    assert "fewer than five patients" in ours
    assert not re.search(r"\d%", re.sub(r"95%", "", ours))
    assert "<svg" not in ours


async def test_parts_are_told_apart_and_days_are_the_clinics(browser, charted):
    await charted.send(*map(treated, [LOST] * 5))

    apart = await browser.get("/outcomes?by=dose_band&route=iv&since=&until=")
    before = await browser.get("/outcomes?until=2001-01-01")
    wrong = await browser.get("/outcomes?until=soon")

    assert "Ketamine 0.4 to &lt;0.6 mg/kg" in apart.text
    assert apart.text.count("<svg") == 2
    assert "0 of 0 inductions" in text_of(before)
    assert wrong.status_code == 422


async def test_an_auditor_sees_no_outcomes(browser, make):
    clinic = await make.clinic()
    await hired(clinic, "auditor")
    await sign_in(browser, clinic)

    assert (await browser.get("/outcomes")).status_code == 403
