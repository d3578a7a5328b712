"""Which days of a patient's picture are shown, and where its buttons lead, without scripts."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.web.ranges import Asked, Days, steps
from tests.infusions.makers import given as an_infusion
from tests.infusions.makers import made
from tests.makers import NOW, patient
from tests.web.conftest import hired, sign_in

TODAY = date(2026, 11, 23)

WHOLE = Days(date(2020, 1, 1), date(2026, 12, 31))


@pytest.fixture
async def ada(http, browser, make):
    """Somebody treated a month ago, whose page is open; its path."""
    clinic = await make.clinic(time_zone="America/Denver")
    await hired(clinic)
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    await made(http, nurse, ada, an_infusion(days=30))
    await sign_in(browser, clinic)
    return f"/patients/{ada}"


def ends(page):
    """From when to when the picture is drawn."""
    found = re.search(r'data-from="([^"]+)" data-to="([^"]+)"', page.text)
    return tuple(datetime.fromisoformat(one) for one in found.groups())


def button(page, name):
    """Where a button leads; None for one that leads nowhere."""
    (tag,) = re.findall(rf"<a class=\"button\"[^>]*>{name}</a>", page.text)
    href = re.search(r'href="([^"]+)"', tag)
    return unescape(href[1]) if href else None


async def test_days_are_chosen_by_the_patients_clock_and_both_are_shown(browser, ada):
    asked = {"from": "2026-10-01", "to": "2026-10-31", "span": "All"}

    page = await browser.get(ada, params=asked)

    whole = (datetime(2026, 10, 1, 6, tzinfo=UTC), datetime(2026, 11, 1, 6, tzinfo=UTC))
    assert ends(page) == whole
    assert "1 Oct 2026 to 31 Oct 2026" in page.text


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "2026-10-31", "to": "2026-10-01"},
        {"from": "yesterday"},
        {"to": "0001-01-01"},
        {"to": "9999-12-31"},
        {"from": "1990-01-01", "to": "2026-11-01"},
    ],
)
async def test_what_is_no_range_shows_the_usual_one_and_says_so(browser, ada, asked):
    page = await browser.get(ada, params=asked)
    usual = await browser.get(ada)

    assert page.status_code == 200
    # The usual one moves on with the clock, between the two pages too.
    apart = [abs(one - other) for one, other in zip(ends(page), ends(usual), strict=True)]
    assert max(apart) < timedelta(hours=1)
    assert "No range of days" in page.text
    assert "No range of days" not in usual.text


async def test_the_buttons_lead_to_other_days_and_keep_what_else_was_asked(browser, ada):
    page = await browser.get(ada, params={"instrument": "MADRS", "kinds": "vitals"})

    closer = await browser.get(f"{ada}{button(page, 'Closer')}")
    wider = await browser.get(f"{ada}{button(closer, 'Wider')}")

    since, until = ends(page)
    assert button(page, "Later") is None
    assert ends(closer)[1] - ends(closer)[0] < 0.6 * (until - since)
    assert ends(closer)[0] < NOW < ends(closer)[1]
    assert ends(wider)[1] - ends(wider)[0] > 0.9 * (until - since)
    for one in (button(closer, "Earlier"), button(closer, "1 year")):
        assert "instrument=MADRS" in one
        assert "kinds=vitals" in one


some_days = st.builds(
    lambda first, count: Days(first, first).sized(count, first),
    st.dates(WHOLE.first, WHOLE.last),
    st.integers(1, 4000),
)


@given(some_days)
def test_every_button_leads_to_a_range_that_may_be_asked_for(shown):
    for name, days in steps(shown, WHOLE, TODAY).items():
        if days is not None:
            assert Asked.read(f"{days.first}", f"{days.last}", TODAY) is not None, name
            assert days != shown


@given(some_days)
def test_earlier_and_later_come_to_the_ends_of_what_there_is(shown):
    first = last = shown
    while (earlier := steps(first, WHOLE, TODAY)["Earlier"]) is not None:
        first = earlier
    while (later := steps(last, WHOLE, TODAY)["Later"]) is not None:
        last = later

    assert first.first <= WHOLE.first
    assert last.last >= WHOLE.last
