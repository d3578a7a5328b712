from datetime import timedelta
from uuid import UUID

import pytest

from app.kit import clock
from app.relief import actions as relief
from app.safety import actions
from tests.infusions.makers import given, planned
from tests.makers import NOW, at


@pytest.fixture
def review(http, clinic, ada):
    """What the worker does when something of a patient has changed."""

    async def review():
        async with http.state["pool"].confined(clinic.id) as db:
            patient_id = UUID(ada.id)
            findings = await relief.study(db, patient_id, clock.now())
            await actions.review(db, patient_id, findings)
        return await ada.levels()

    return review


async def answered(ada, days, total, thoughts=0):
    """A PHQ-9 so long ago."""
    rest = total - thoughts
    answers = [min(3, max(0, rest - 3 * place)) for place in range(8)] + [thoughts]
    await ada.add("assessments", instrument="PHQ-9", taken_at=at(days=days), answers=answers)


async def test_getting_worse_is_told_once_of_the_answer_that_shows_it(review, ada):
    await answered(ada, 10, 12)
    await ada.was_given(days=9)
    await answered(ada, 2, 16)
    calm = await review()
    await answered(ada, 1, 17)

    told = await review(), await review()

    assert (calm, told) == ({}, ({"WORSE": "warn"}, {"WORSE": "warn"}))
    assert "5 over the baseline of 12" in (await ada.alerts())["WORSE"]["evidence"]["sentence"]


async def test_no_response_and_much_exposure_ask_for_a_look_back(http, clinic, review, ada):
    sent = {"value": [4], "reason": "look early"}
    url = "/v1/settings/safety.exp.sessions"
    await http.put(url, json=sent, headers=await clinic.staff("admin"))
    await answered(ada, 12, 20)
    for days in (11, 9, 6, 4):
        await ada.was_given(days=days)
    await answered(ada, 1, 18)

    assert await review() == {"EXP": "info", "NONRESP": "info"}
    alerts = await ada.alerts()
    assert alerts["EXP"]["subject_id"] == alerts["NONRESP"]["subject_id"]
    assert alerts["NONRESP"]["evidence"]["improvement_percent"] == 10


async def test_a_form_is_asked_for_until_somebody_says_it_was_sent(review, ada):
    esketamine = {"drug": "esketamine", "route": "intranasal", "dose_mg": 56}
    await ada.session(given(days=5.5, **esketamine))
    late = await review()
    await ada.session(given(days=1, **esketamine))
    await review()

    alert = (await ada.alerts())["REMS-7D"]
    await ada.post(f"/v1/alerts/{alert['id']}/close", note="sent")
    await review()

    assert late == {"REMS-7D": "warn"}
    closed = (await ada.http.get(f"/v1/alerts/{alert['id']}", headers=ada.me)).json()
    assert closed["status"] == "closed"


async def test_what_expires_before_the_next_session_is_told_ahead(review, ada):
    day = (NOW.date() - timedelta(days=1)).isoformat()
    tomorrow = (NOW.date() + timedelta(days=1)).isoformat()
    answers = {"form_version": "1", "answered_by": "a nurse", "answers": {"psychosis": "no"}}
    told = {"kind": "contraindications", "answered_on": day, "expires_on": tomorrow}
    await ada.add("screenings", **told, **answers)
    alone = await review()

    await ada.session(planned(scheduled_at=at(days=-3)))

    assert (alone, await review()) == ({}, {"CI-ABS": "warn"})


async def test_history_is_no_news(http, clinic, review, ada):
    by_ehr = type(ada)(http, await clinic.ehr(), ada.id)
    await answered(by_ehr, 22, 12)
    await by_ehr.was_given(days=21)
    await answered(by_ehr, 5, 20)
    await answered(ada, 45, 3)

    assert await review() == {}
