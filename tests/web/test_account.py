import re

import pyotp
import pytest

from app.kit import clock
from app.kit.ids import new_id
from tests.makers import NOW
from tests.web.conftest import PASSWORD, hired, sign_in

NEW_PASSWORD = "four quiet herons at dawn"


def proof(page):
    return re.search(r'name="proof" value="([^"]+)"', page.text).group(1)


def shown_once(page):
    """What a page shows this once."""
    return re.findall(r'class="once"><code>([^<]+)<', page.text)


async def post(browser, page, path, **fields):
    return await browser.post(path, data={"proof": proof(page)} | fields)


@pytest.fixture
async def at_home(browser, make):
    """A clinic, and the account of somebody who is signed in there."""
    clinic = await make.clinic()
    await hired(clinic)
    await sign_in(browser, clinic)
    return clinic, await browser.get("/account")


async def set_up(browser, page):
    """The secret and the recovery codes of a second factor that is set up."""
    begun = await post(browser, page, "/account/second-factor")
    secret, _ = shown_once(begun)
    code = pyotp.TOTP(secret).at(clock.now())
    done = await post(browser, begun, "/account/second-factor/confirm", code=code)
    return secret, shown_once(done)


async def test_a_second_factor_is_set_up_and_its_secrets_are_shown_once(browser, at_home):
    clinic, page = at_home

    secret, codes = await set_up(browser, page)

    assert len(codes) == 10
    after = await browser.get("/account")
    assert "10 recovery codes left" in after.text
    assert not any(one in after.text for one in (secret, *codes))
    browser.cookies.clear()
    without = await sign_in(browser, clinic)
    wrong = await sign_in(browser, clinic, code="000000")
    assert [one.status_code for one in (without, wrong)] == [401, 401]
    assert "type its code" in without.text
    assert "That code is wrong" in wrong.text
    assert (await sign_in(browser, clinic, code=codes[0])).url.path == "/today"


async def test_a_mistyped_code_does_not_show_the_secret_again(browser, at_home):
    _, page = at_home
    begun = await post(browser, page, "/account/second-factor")
    (secret, uri) = shown_once(begun)

    answer = await post(browser, begun, "/account/second-factor/confirm", code="000000")

    assert (answer.status_code, "code-wrong" in answer.text) == (422, True)
    assert secret not in answer.text
    assert "<svg" in begun.text
    assert uri.startswith("otpauth://totp/")


async def test_whoever_must_set_one_up_is_led_there_and_nowhere_else(browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    await clinic.maker.owner.insert(
        "settings",
        clinic_id=clinic.id,
        id=new_id(),
        key="clinic.second_factor_required",
        value="true",
        reason="the insurer asks for it",
        version=1,
        changed_at=NOW,
        changed_by=new_id(),
    )

    page = await sign_in(browser, clinic, to="/patients")
    elsewhere = await browser.get("/today")

    assert page.url.path == elsewhere.url.path == "/account"
    assert "Your clinic asks for a second factor" in page.text
    assert "Change the password" not in page.text
    _, codes = await set_up(browser, page)
    assert len(codes) == 10


async def test_a_password_is_changed_by_whoever_knows_it_and_typed_twice(browser, at_home):
    clinic, page = at_home
    path = "/account/password"

    mistyped = await post(browser, page, path, current=PASSWORD, new=NEW_PASSWORD, again="x")
    wrong = await post(browser, page, path, current="not it", new=NEW_PASSWORD, again=NEW_PASSWORD)
    right = await post(browser, page, path, current=PASSWORD, new=NEW_PASSWORD, again=NEW_PASSWORD)

    assert "again-wrong" in mistyped.text
    assert "is not your password" in wrong.text
    assert NEW_PASSWORD not in wrong.text
    assert "Your password is changed" in right.text
    assert (await sign_in(browser, clinic, password=NEW_PASSWORD)).url.path == "/today"


async def test_the_other_sessions_are_ended(browser, at_home):
    clinic, _ = at_home
    elsewhere = dict(browser.cookies)
    browser.cookies.clear()
    await sign_in(browser, clinic)
    page = await browser.get("/account")
    assert page.text.count("This one") == 1

    await post(browser, page, "/account/sessions/end-others")

    assert (await browser.get("/account")).url.path == "/account"
    browser.cookies.clear()
    browser.cookies.update(elsewhere)
    assert (await browser.get("/account")).url.path == "/sign-in"


async def test_one_chooses_a_password_by_an_invitations_code_once(http, browser, make):
    clinic = await make.clinic()
    admin = await clinic.staff("admin", await hired(clinic, "admin", "admin@north.example"))
    sent = {"email": "ada@north.example", "name": "Ada", "role": "nurse"}
    code = (await http.post("/v1/staff", json=sent, headers=admin)).json()["invitation_code"]
    typed = {"code": code, "new": NEW_PASSWORD, "again": NEW_PASSWORD}

    short = await browser.post("/invitations/redeem", data=typed | {"new": "x", "again": "x"})
    page = await browser.post("/invitations/redeem", data=typed)
    again = await browser.post("/invitations/redeem", data=typed)

    assert "new-wrong" in short.text
    assert page.url.path == "/sign-in"
    assert "Your password is set" in page.text
    assert code not in str(page.url)
    assert (again.status_code, "code-wrong" in again.text) == (404, True)
    assert (await sign_in(browser, clinic, password=NEW_PASSWORD)).url.path == "/today"
