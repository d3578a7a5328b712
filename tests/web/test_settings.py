import re

import pytest

from app.kit.ids import new_id
from tests.makers import patient
from tests.web.conftest import hired, sign_in
from tests.web.test_account import post, shown_once

HOSTILE = "<script>alert(1)</script>"

PAGES = ("", "/staff", "/clients", "/thresholds", "/thresholds/safety.bp_abs.systolic_mmhg")


@pytest.fixture
async def office(browser, make):
    """A clinic whose admin is signed in."""
    clinic = await make.clinic()
    await hired(clinic, "admin")
    await sign_in(browser, clinic)
    return clinic


def version(page):
    return re.search(r'name="version" value="([^"]+)"', page.text).group(1)


@pytest.mark.parametrize("role", ["clinician", "nurse", "auditor"])
async def test_only_an_admin_opens_the_settings_or_changes_them(browser, make, role):
    clinic = await make.clinic()
    await hired(clinic, role)
    await sign_in(browser, clinic)
    account = await browser.get("/account")

    for path in (*PAGES, "/forecast"):
        assert (await browser.get(f"/settings{path}")).status_code == 403
    sent = {"name": "Elsewhere", "time_zone": "UTC", "version": "1"}
    assert (await post(browser, account, "/settings", **sent)).status_code == 403
    assert "/settings" not in account.text


async def test_somebody_is_invited_and_the_code_is_shown_once(browser, office):
    page = await browser.get("/settings/staff")
    sent = {"email": "grace@north.example", "name": HOSTILE, "role": "nurse"}

    made = await post(browser, page, "/settings/staff", **sent)
    taken = await post(browser, page, "/settings/staff", **sent)

    (code,) = shown_once(made)
    assert "no-store" in made.headers["cache-control"]
    assert taken.status_code == 409
    listed = await browser.get("/settings/staff")
    person = await browser.get(re.search(r'"(/settings/staff/[0-9a-f-]{36})"', made.text).group(1))
    assert "Invited" in listed.text
    for one in (made, taken, listed, person):
        assert HOSTILE not in one.text
        assert code not in str(one.url)
    assert code not in listed.text + person.text


async def test_whoever_leaves_is_signed_out_and_the_last_admin_stays(http, browser, office):
    grace = await hired(office, "nurse", "grace@north.example")
    await office.staff("nurse", grace)
    path = f"/settings/staff/{grace}"
    page = await browser.get(path)
    assert "End all" in page.text

    left = await post(browser, page, path, name="Grace", role="nurse", version=version(page))

    assert "Saved" in left.text
    assert "Nowhere" in left.text
    own = await browser.get("/settings/staff")
    me = re.search(r'href="(/settings/staff/[^"]+)">ada@', own.text).group(1)
    page = await browser.get(me)
    kept = await post(browser, page, me, role="nurse", active="yes", version=version(page))
    assert (kept.status_code, "no admin left" in kept.text) == (409, True)


async def test_a_programs_secrets_are_shown_once_each_and_revoked(http, browser, office):
    page = await browser.get("/settings/clients")

    made = await post(browser, page, "/settings/clients", name="EHR", scope="read")
    client_id, secret = shown_once(made)
    path = f"/settings/clients/{client_id}"
    second = await post(browser, page, f"{path}/secrets")
    third = await post(browser, page, f"{path}/secrets")

    assert (second.status_code, third.status_code) == (200, 409)
    granted = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    assert (await http.post("/oauth2/token", data=granted)).status_code == 200
    shown = await browser.get(path)
    assert secret not in shown.text + second.text
    first = re.search(r'action="([^"]+/revoke)"', shown.text).group(1)
    gone = await post(browser, page, first)
    assert "Revoked" in gone.text
    assert (await http.post("/oauth2/token", data=granted)).status_code == 401


async def test_a_threshold_is_changed_with_a_reason_and_set_back(browser, office):
    path = "/settings/thresholds/safety.bp_abs.systolic_mmhg"
    page = await browser.get(path)

    out = await post(browser, page, path, value="9000", reason="A try", version="0")
    bare = await post(browser, page, path, value="170", reason="", version="0")
    done = await post(browser, page, path, value="170", reason=HOSTILE, version="0")
    late = await post(browser, page, path, value="175", reason="Too late", version="0")
    back = await post(browser, page, path, default="yes", reason="As before", version="1")

    assert (out.status_code, bare.status_code) == (422, 422)
    assert "value-wrong" in out.text
    assert 'value="9000"' in out.text
    assert "reason-wrong" in bare.text
    assert "In force: 170 mmHg" in done.text
    assert HOSTILE not in done.text
    assert late.status_code in (412, 428)
    assert "In force: 180 mmHg" in back.text
    assert "As before" in back.text
    assert "ada@north.example" in back.text


async def test_the_clinic_says_what_somebody_in_danger_is_shown(http, browser, office):
    page = await browser.get("/settings")
    told = {"text": "Call us at any hour.", "name-0": "Night line", "phone-0": "+1 303 555 0100"}

    kept = await post(browser, page, "/settings/crisis", **told, version=version(page), slug="x")

    admin = await office.staff("admin")
    found = (await http.get("/v1/clinic", headers=admin)).json()["crisis"]
    assert "Night line" in kept.text
    assert found["contacts"] == [{"name": "Night line", "phone": "+1 303 555 0100"}]
    assert (found["text"], found["monitored"]) == ("Call us at any hour.", False)
    back = {"default": "yes", "version": version(kept)}
    await post(browser, page, "/settings/crisis", **back)
    again = (await http.get("/v1/clinic", headers=admin)).json()
    assert again["crisis_is"] == "default"


async def test_an_admin_accepts_the_forecasts_use_and_takes_it_back(browser, office):
    page = await browser.get("/settings/forecast")

    on = await post(browser, page, "/settings/forecast/accept", version=version(page))
    off = await post(browser, page, "/settings/forecast/withdraw", reason="Too few answers")

    assert "The forecast is off until" in page.text
    assert "The forecast is on" in on.text
    assert "The forecast is off until" in off.text
    assert "Too few answers" in off.text


async def test_a_phones_code_is_shown_once_and_its_phone_is_revoked(http, browser, make):
    clinic = await make.clinic()
    await hired(clinic, "nurse")
    ada = await patient(http, await clinic.staff(), given_name="Ada")
    await sign_in(browser, clinic)
    path = f"/patients/{ada}/phones"
    page = await browser.get(path)

    made = await post(browser, page, path, **{"for": "patient"})
    (code,) = shown_once(made)
    sent = {"code": code, "device_name": HOSTILE}
    assert (await http.post("/v1/enrolments/redeem", json=sent)).status_code == 200
    shown = await browser.get(path)

    assert HOSTILE not in shown.text
    assert code not in shown.text
    revoke = re.search(r'action="([^"]+/revoke)"', shown.text).group(1)
    assert "Revoked" in (await post(browser, page, revoke)).text
    assert (await post(browser, page, f"{path}/codes/{new_id()}/revoke")).status_code == 404
