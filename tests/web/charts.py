"""A browser at the forms of a chart."""

import re

from tests.makers import NOW, patient

HOSTILE = "<script>alert(1)</script>"

FILLED = {
    "vitals": {"weight_kg": "82,4"},
    "side-effect": {"effect": "nausea", "severity": "4"},
    "medication": {"name": "lorazepam", "dose": "1", "dose_unit": "mg"},
    "allergy": {"substance": "ondansetron"},
    "condition": {"condition": "cystitis"},
    "contraindications": {"said-psychosis": "no", "answered_by": "the patient"},
    "pregnancy-test": {"result": "negative"},
    "drug-screen": {"result": "positive"},
    "prescription-monitoring": {"result": "clear"},
    "lab": {"code": "alt", "value": "31", "unit": "U/L"},
    "event": {"kind": "fall"},
}


async def at_work(http, make, browser, role="nurse", **person):
    """Somebody signed in, their headers for the API, and a patient."""
    clinic = await make.clinic()
    headers = await clinic.staff(role)
    token = headers["Authorization"].removeprefix("Bearer ")
    browser.cookies.set("afterglow", f"{token}.{int(NOW.timestamp())}")
    return headers, await patient(http, headers, **person)


def filled(page):
    """What a form says: every input by its name, and what is chosen."""
    form = page.text[
        page.text.rindex('<form method="post" action="/', 0, page.text.index('id="keep"')) :
    ]
    told = {}
    for tag in re.findall(r"<input[^>]*>", form):
        name, value = (re.search(rf'\b{one}="([^"]*)"', tag) for one in ("name", "value"))
        if "radio" not in tag or "checked" in tag:
            told[name.group(1)] = value.group(1) if value else ""
    for name, options in re.findall(
        r'<select id="[^"]*" name="([^"]*)"[^>]*>(.*?)</select>', form, re.DOTALL
    ):
        chosen = re.search(r'value="([^"]*)" selected', options)
        told[name] = chosen.group(1) if chosen else ""
    return told


async def opened(browser, path):
    page = await browser.get(path)
    assert page.status_code == 200, page.text
    return page


async def kept(http, headers, ada, kind):
    url = f"/v1/patients/{ada}{kind.path.removeprefix('/v1')}"
    return (await http.get(url, headers=headers)).json()["items"]


async def added(browser, ada, what, **fields):
    """A record made by a form, and its page."""
    url = f"/patients/{ada}/add/{what}"
    page = await browser.post(url, data=filled(await opened(browser, url)) | fields)
    assert page.status_code == 200, page.text
    return page
