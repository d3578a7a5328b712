from datetime import timedelta

from app.kit import clock
from tests.makers import NOW
from tests.mobile.makers import AT_RISK, batch, phone, phq9, statuses


async def test_an_answer_about_self_harm_raises_its_alert_and_shows_the_crisis_text(http, make):
    patient_id, nurse, ada = await phone(http, make)
    item = phq9(answers=AT_RISK)

    answer = await http.post("/v1/check-ins", json=batch(item), headers=ada)
    again = await http.post("/v1/check-ins", json=batch(item), headers=ada)

    alerts = (await http.get(f"/v1/patients/{patient_id}/alerts", headers=nurse)).json()["items"]
    assert [(one["level"], one["status"], one["late"]) for one in alerts] == [
        ("warn", "open", False)
    ]
    assert alerts[0]["evidence"]["assessment_id"] == item["id"]
    assert answer.json()["crisis"]["text"]
    assert again.json()["crisis"] == answer.json()["crisis"]


async def test_the_crisis_text_is_shown_even_for_an_item_that_can_not_be_kept(http, make):
    _, _, ada = await phone(http, make)
    item = phq9(answers=AT_RISK, taken_at=NOW)
    del item["taken_at"]

    answer = await http.post("/v1/check-ins", json=batch(item), headers=ada)

    assert await statuses(answer) == ["invalid"]
    assert answer.json()["crisis"] is not None


async def test_the_clinics_own_crisis_text_is_the_one_shown(http, make, owner):
    _, _, ada = await phone(http, make)
    await owner.connection.execute(
        """UPDATE clinics SET crisis = '{"text": "Call us: 555-0100", "version": "7"}'"""
    )

    answer = await http.post("/v1/check-ins", json=batch(phq9(answers=AT_RISK)), headers=ada)
    me = await http.get("/v1/me", headers=ada)

    assert answer.json()["crisis"]["text"] == "Call us: 555-0100"
    assert me.json()["crisis"] == answer.json()["crisis"]


async def test_a_week_late_self_harm_answer_still_raises_an_alert_marked_late(http, make):
    patient_id, nurse, ada = await phone(http, make)

    late = phq9(answers=AT_RISK, taken_at=NOW - timedelta(days=7))
    await http.post("/v1/check-ins", json=batch(late, sent_at=clock.now()), headers=ada)

    alerts = (await http.get(f"/v1/patients/{patient_id}/alerts", headers=nurse)).json()["items"]
    assert [one["late"] for one in alerts] == [True]
