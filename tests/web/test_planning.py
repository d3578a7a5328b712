import re

from tests.infusions.makers import fetch, running
from tests.web.chairs import seated


async def test_a_session_is_planned_as_the_last_one_was(http, browser, make):
    headers, session, _ = await seated(
        http, make, browser, running(weight_kg=80, planned_mg_per_kg=0.5, planned_minutes=40)
    )
    url = f"/patients/{session['patient_id']}/session"
    form = await browser.get(url)
    told = dict(re.findall(r'name="([a-z_]+)"[^>]* value="([^"]*)"', form.text))
    assert (told["planned_mg_per_kg"], told["weight_kg"]) == ("0.5", "80")
    told |= {"drug": "ketamine", "route": "iv", "day": "2027-01-04", "clock": "09:30"}

    wrong = await browser.post(url, data=told | {"weight_kg": "800"})
    pages = [await browser.post(url, data=told) for _ in range(2)]

    assert wrong.status_code == 422
    assert 'value="800" aria-invalid="true"' in wrong.text
    assert pages[0].url == pages[1].url
    assert pages[0].url.path == f"/chair/{told['id']}"
    made_so = await fetch(http, headers, told["id"])
    assert (made_so["status"], made_so["scheduled_at"]) == ("planned", "2027-01-04T09:30:00Z")
