import re

import pyotp

from app.kit import clock
from app.kit.ids import new_id
from tests.makers import NOW
from tests.web.conftest import hired, sign_in


def proof(page):
    return re.search(r'name="proof" value="([^"]+)"', page.text).group(1)


async def test_whoever_signs_in_comes_to_where_they_were_going(browser, make):
    clinic = await make.clinic()
    await hired(clinic)

    turned_away = await browser.get("/today")
    page = await sign_in(browser, clinic, to="/today")

    assert turned_away.url.path == "/sign-in"
    assert (page.status_code, page.url.path) == (200, "/today")


async def test_nobody_is_sent_to_another_site_after_signing_in(browser, make):
    clinic = await make.clinic()
    await hired(clinic)

    page = await sign_in(browser, clinic, to="//evil.example/")

    assert str(page.url) == "http://afterglow/today"


async def test_the_session_is_out_of_a_scripts_reach(browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    browser.follow_redirects = False

    answer = await sign_in(browser, clinic)

    cookie = next(one for one in answer.headers.get_list("set-cookie") if "afterglow=" in one)
    assert "HttpOnly" in cookie
    assert "samesite=lax" in cookie.lower()


async def test_a_wrong_password_says_so_and_keeps_what_was_typed(browser, make):
    clinic = await make.clinic()
    await hired(clinic)

    page = await sign_in(browser, clinic, password="wrong")

    assert page.status_code == 401
    assert "do not belong together" in page.text
    assert 'value="ada@north.example"' in page.text
    assert "wrong" not in re.findall(r'value="([^"]*)"', page.text)


async def test_a_form_without_the_sessions_proof_is_refused(browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    page = await sign_in(browser, clinic)

    without = await browser.post("/sign-out")
    other = await browser.post("/sign-out", data={"proof": "0" * 43})
    right = await browser.post("/sign-out", data={"proof": proof(page)})

    assert (without.status_code, other.status_code) == (403, 403)
    assert right.url.path == "/sign-in"


async def test_a_form_that_another_site_sends_is_refused(browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    page = await sign_in(browser, clinic)

    from_elsewhere = {"Origin": "https://evil.example"}
    answer = await browser.post("/sign-out", data={"proof": proof(page)}, headers=from_elsewhere)
    cross = {"Sec-Fetch-Site": "cross-site"}
    again = await browser.post("/sign-out", data={"proof": proof(page)}, headers=cross)

    assert (answer.status_code, again.status_code) == (403, 403)


async def test_signing_out_ends_the_session_for_whoever_kept_its_cookie(browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    page = await sign_in(browser, clinic)
    kept = dict(browser.cookies)

    await browser.post("/sign-out", data={"proof": proof(page)})
    browser.cookies.update(kept)

    assert (await browser.get("/today")).url.path == "/sign-in"


async def test_signing_out_everywhere_ends_the_others_too(browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    await sign_in(browser, clinic)
    elsewhere = dict(browser.cookies)
    browser.cookies.clear()
    page = await sign_in(browser, clinic)

    await browser.post("/sign-out", data={"proof": proof(page), "everywhere": "1"})
    browser.cookies.update(elsewhere)

    assert (await browser.get("/today")).url.path == "/sign-in"


async def test_a_clients_token_opens_no_page(browser, make):
    clinic = await make.clinic()
    token = (await clinic.ehr())["Authorization"].removeprefix("Bearer ")
    browser.cookies.set("afterglow", f"{token}.1790000000")

    assert (await browser.get("/today")).url.path == "/sign-in"


async def test_every_page_lets_nothing_in_from_elsewhere(browser, make):
    clinic = await make.clinic()
    await hired(clinic)

    for page in (await browser.get("/sign-in"), await sign_in(browser, clinic)):
        assert "default-src 'none'" in page.headers["content-security-policy"]
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["x-frame-options"] == "DENY"
        assert "no-store" in page.headers["cache-control"]
        addresses = re.findall(r'(?:href|src|action)="([^"]*)"', page.text)
        assert all(one.startswith(("/", "#")) for one in addresses), addresses


async def test_an_auditor_sees_no_chart(browser, make):
    clinic = await make.clinic()
    await hired(clinic, role="auditor")
    await sign_in(browser, clinic)

    page = await browser.get("/patients")

    assert page.status_code == 403
    assert "may not read a chart" in page.text


async def test_whoever_has_a_second_factor_types_its_code_too(browser, make):
    clinic = await make.clinic()
    secret = pyotp.random_base32()
    await clinic.maker.owner.insert(
        "second_factors",
        clinic_id=clinic.id,
        id=new_id(),
        staff_id=await hired(clinic),
        secret=secret,
        created_at=NOW,
        confirmed_at=NOW,
        used_step=0,
    )

    bare = await sign_in(browser, clinic)
    page = await sign_in(browser, clinic, code=pyotp.TOTP(secret).at(clock.now()))

    assert (bare.status_code, page.url.path) == (401, "/today")
    assert "second factor: type its code" in bare.text
