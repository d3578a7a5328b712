import pytest

from app.kit.ids import new_id
from tests.web.conftest import hired, sign_in

PROBLEM = "application/problem+json"


async def test_an_address_that_is_none_answers_a_person_with_a_page(browser, make):
    clinic = await make.clinic()
    await hired(clinic)
    outside = await browser.get("/nowhere/<b>")
    await sign_in(browser, clinic)

    page = await browser.get(f"/nowhere/{new_id()}")

    assert (outside.status_code, page.status_code) == (404, 404)
    assert 'href="/sign-in"' in outside.text
    assert "Sign out" not in outside.text
    assert 'href="/today">To today' in page.text
    assert "Sign out" in page.text
    assert "nowhere" not in page.text + outside.text
    for one in (outside, page):
        assert "default-src 'none'" in one.headers["content-security-policy"]
        assert one.headers["cache-control"] == "no-store"
        assert "x-request-id" in one.headers


async def test_an_address_that_takes_forms_alone_says_so(browser, make):
    await make.clinic()

    opened = await browser.get("/sign-out")
    sent = await browser.post("/today")

    assert (opened.status_code, sent.status_code) == (405, 405)
    assert (opened.headers["allow"], sent.headers["allow"]) == ("POST", "GET")
    assert "takes what a form of ours sends" in opened.text


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/v1/nowhere", "text/html"),
        ("/problems/nowhere", "text/html"),
        ("/nowhere", "application/json"),
        ("/nowhere", "*/*"),
    ],
)
async def test_programs_are_answered_with_a_problem(http, path, accept):
    answer = await http.get(path, headers={"Accept": accept})

    assert answer.status_code == 404
    assert answer.headers["content-type"] == PROBLEM


async def test_a_session_that_is_over_sees_what_strangers_see(browser, make, owner):
    clinic = await make.clinic()
    await hired(clinic)
    await sign_in(browser, clinic)
    await owner.rows("UPDATE tokens SET revoked_at = now()")

    page = await browser.get("/nowhere")

    assert page.status_code == 404
    assert "ada@north.example" not in page.text
