from datetime import datetime, timedelta
from uuid import uuid4

from app.kit import clock
from app.kit.ids import new_id
from tests.makers import NOW
from tests.mobile.makers import batch, phone, phq9


async def test_a_receipt_proves_arrival_to_its_own_phone_alone(http, make):
    _, _, ada = await phone(http, make)
    _, _, eve = await phone(http, make)
    item = phq9()
    await http.post("/v1/check-ins", json=batch(item), headers=ada)
    url = f"/v1/check-ins/{item['id']}"

    own = await http.get(url, headers=ada)
    others = await http.get(url, headers=eve)
    never_sent = await http.get(f"/v1/check-ins/{uuid4()}", headers=ada)

    assert own.json()["kind"] == "assessment"
    assert (own.status_code, others.status_code, never_sent.status_code) == (200, 404, 404)


async def test_a_phone_sees_its_patient_and_nobody_elses_chart(http, make):
    patient_id, _, ada = await phone(http, make)

    me = await http.get("/v1/me", headers=ada)
    cached = await http.get("/v1/me", headers={**ada, "If-None-Match": me.headers["etag"]})
    chart = await http.get(f"/v1/patients/{patient_id}", headers=ada)

    assert me.json()["patient"]["id"] == patient_id
    assert "private" in me.headers["cache-control"]
    assert cached.status_code == 304
    assert chart.status_code == 403


async def test_staff_do_not_check_in(http, make):
    _, nurse, _ = await phone(http, make)

    answer = await http.post("/v1/check-ins", json=batch(phq9()), headers=nurse)

    assert answer.status_code == 403


async def test_a_schedule_reaches_two_weeks_ahead_and_drops_what_was_answered(http, make):
    _, _, ada = await phone(http, make)
    before = (await http.get("/v1/me/schedule", headers=ada)).json()
    answered = next(slot for slot in before if slot["instrument"] == "MOOD-10")
    mood = {
        "id": str(new_id()),
        "kind": "assessment",
        "instrument": "MOOD-10",
        "answers": [6],
        "taken_at": NOW.isoformat(),
        "slot_id": answered["slot_id"],
    }

    await http.post("/v1/check-ins", json=batch(mood), headers=ada)

    after = (await http.get("/v1/me/schedule", headers=ada)).json()
    ahead = datetime.fromisoformat(before[-1]["due_at"]) - clock.now()
    assert ahead >= timedelta(days=14)
    assert [slot["slot_id"] for slot in after] == [
        slot["slot_id"] for slot in before if slot != answered
    ]


async def test_staff_set_a_schedule_and_an_empty_one_returns_to_the_plan(http, make):
    patient_id, nurse, ada = await phone(http, make)
    url = f"/v1/patients/{patient_id}/schedule"
    plan = (await http.get(url, headers=nurse)).json()
    slot = {
        "slot_id": "weekly",
        "instrument": "QIDS-SR16",
        "opens_at": (NOW + timedelta(days=1)).isoformat(),
        "due_at": (NOW + timedelta(days=2)).isoformat(),
        "closes_at": (NOW + timedelta(days=3)).isoformat(),
    }

    await http.put(url, json=[slot], headers=nurse)
    own = (await http.get("/v1/me/schedule", headers=ada)).json()
    returned = (await http.put(url, json=[], headers=nurse)).json()

    assert [one["slot_id"] for one in own] == ["weekly"]
    assert returned == plan
