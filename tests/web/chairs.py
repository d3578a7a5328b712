"""A nurse's browser at a chair."""

import re
from uuid import uuid4

from tests.infusions.makers import made, running
from tests.makers import NOW, patient


def proof(page):
    return re.search(r'name="proof" value="([^"]+)"', page.text).group(1)


async def seated(http, make, browser, body=None, role="nurse", **fields):
    """A nurse's browser at a chair: the API's headers, the session, and the page."""
    clinic = await make.clinic()
    headers = await clinic.staff(role)
    ada = await patient(http, headers, **fields)
    session = await made(http, headers, ada, body or running(weight_kg=80))
    token = headers["Authorization"].removeprefix("Bearer ")
    browser.cookies.set("afterglow", f"{token}.{int(NOW.timestamp())}")
    page = await browser.get(f"/chair/{session['id']}")
    assert page.status_code == 200, page.text
    return headers, session, page


async def send(browser, page, session, form, **fields):
    told = {"proof": proof(page), "id": str(uuid4())} | fields
    return await browser.post(f"/chair/{session['id']}/{form}", data=told)


async def vitals_of(http, headers, session):
    answer = await http.get(f"/v1/infusions/{session['id']}/vitals", headers=headers)
    return answer.json()["items"]


READING = {"systolic_mmhg": "142", "diastolic_mmhg": "88", "heart_rate_bpm": "84"}
