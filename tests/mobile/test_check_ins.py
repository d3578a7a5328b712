import asyncio
from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from app.kit import clock
from app.kit.ids import new_id
from tests.makers import NOW, patient

WELL = [0, 0, 0, 0, 0, 0, 0, 0, 0]
AT_RISK = [1, 1, 2, 0, 1, 0, 2, 0, 1]


def phq9(answers=WELL, taken_at=NOW, **fields):
    told = {"id": str(new_id()), "kind": "assessment", "instrument": "PHQ-9"}
    return told | {"taken_at": taken_at.isoformat(), "answers": answers} | fields


def batch(*items, sent_at=NOW):
    return {"sent_at": sent_at.isoformat(), "items": list(items)}


async def phone(http, make):
    clinic = await make.clinic(time_zone="America/Denver")
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    return ada, nurse, await clinic.phone(ada)


async def statuses(answer):
    assert answer.status_code == 200, answer.text
    return [result["status"] for result in answer.json()["results"]]


async def read(http, nurse, item):
    return (await http.get(f"/v1/assessments/{item['id']}", headers=nurse)).json()


async def test_a_batch_is_kept_and_answered_in_the_order_sent(http, make):
    _, nurse, ada = await phone(http, make)
    items = [
        phq9(),
        {
            "id": str(new_id()),
            "kind": "side_effect",
            "effect": "nausea",
            "present": True,
            "severity": 3,
            "observed_at": NOW.isoformat(),
        },
        {
            "id": str(new_id()),
            "kind": "vitals",
            "measured_at": NOW.isoformat(),
            "systolic_mmhg": 120,
            "diastolic_mmhg": 80,
        },
    ]

    answer = await http.post("/v1/check-ins", json=batch(*items), headers=ada)

    assert await statuses(answer) == ["created"] * 3
    assert [one["id"] for one in answer.json()["results"]] == [one["id"] for one in items]
    assert answer.json()["crisis"] is None
    assert (await read(http, nurse, items[0]))["total"] == 0


async def test_one_poisoned_item_among_fifty_stops_none_of_the_others(http, make, owner):
    _, _, ada = await phone(http, make)
    items = [phq9() for _ in range(50)]
    items[17] = phq9(answers=[9] * 9)

    answer = await http.post("/v1/check-ins", json=batch(*items), headers=ada)

    told = await statuses(answer)
    assert told[17] == "invalid"
    assert told.count("created") == 49
    assert answer.json()["results"][17]["retry"] is False
    assert answer.json()["results"][17]["problem"]["errors"][0]["pointer"].startswith("/answers")
    assert await owner.value("SELECT count(*) FROM assessments") == 49


@pytest.mark.parametrize(
    "item",
    [
        7,
        None,
        [],
        {},
        {"id": "not-an-id", "kind": "assessment"},
        {"id": str(uuid4())},
        {"id": str(uuid4()), "kind": "poem"},
        {"id": str(uuid4()), "kind": ["assessment"]},
        {"id": str(uuid4()), "kind": "assessment", "instrument": "PHQ-9"},
        phq9(taken_at=NOW, note="\x00"),
    ],
)
async def test_whatever_an_item_is_it_is_answered_and_the_next_is_kept(http, make, item):
    _, _, ada = await phone(http, make)

    answer = await http.post("/v1/check-ins", json=batch(item, phq9()), headers=ada)

    assert await statuses(answer) == ["invalid", "created"]


async def test_an_item_the_database_chokes_on_never_stops_the_others(http, make, owner):
    _, nurse, ada = await phone(http, make)
    good, bad = phq9(), phq9(note="choke")
    await owner.connection.execute(
        "CREATE FUNCTION choke() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.note = 'choke' THEN RAISE division_by_zero; END IF; RETURN NEW; END $$; "
        "CREATE TRIGGER choke BEFORE INSERT ON assessments FOR EACH ROW EXECUTE FUNCTION choke()"
    )

    try:
        answer = await http.post("/v1/check-ins", json=batch(bad, good), headers=ada)
    finally:
        await owner.connection.execute("DROP FUNCTION choke CASCADE")

    assert await statuses(answer) == ["unavailable", "created"]
    assert answer.json()["results"][0]["retry"] is True
    assert (await read(http, nurse, good))["total"] == 0


async def test_the_same_batch_five_times_in_parallel_is_kept_once(http, make, owner):
    _, _, ada = await phone(http, make)
    sent = batch(*(phq9(answers=AT_RISK) for _ in range(10)))

    answers = await asyncio.gather(
        *(http.post("/v1/check-ins", json=sent, headers=ada) for _ in range(5))
    )

    told = [await statuses(answer) for answer in answers]
    assert sorted(told) == sorted([["created"] * 10] + [["duplicate"] * 10] * 4)
    assert await owner.value("SELECT count(*) FROM assessments") == 10
    assert await owner.value("SELECT count(*) FROM alerts") == 10


async def test_sending_again_with_a_new_sent_at_is_a_duplicate_and_keeps_the_first_time(http, make):
    _, nurse, ada = await phone(http, make)
    item = phq9(taken_at=NOW - timedelta(days=2))
    await http.post("/v1/check-ins", json=batch(item), headers=ada)
    first = await read(http, nurse, item)

    again = await http.post(
        "/v1/check-ins", json=batch(item, sent_at=NOW + timedelta(days=9)), headers=ada
    )

    assert await statuses(again) == ["duplicate"]
    assert await read(http, nurse, item) == first


async def test_other_content_under_a_known_id_is_a_conflict(http, make):
    _, _, ada = await phone(http, make)
    item = phq9()
    await http.post("/v1/check-ins", json=batch(item), headers=ada)

    other = await http.post("/v1/check-ins", json=batch(item | {"answers": AT_RISK}), headers=ada)

    assert await statuses(other) == ["conflict"]


async def test_a_repeat_within_a_batch_is_a_duplicate(http, make):
    _, _, ada = await phone(http, make)
    item = phq9()

    answer = await http.post("/v1/check-ins", json=batch(item, item), headers=ada)

    assert await statuses(answer) == ["created", "duplicate"]


async def test_a_phone_offline_for_a_week_is_put_in_its_place_in_time(http, make):
    _, nurse, ada = await phone(http, make)
    week_ago = NOW - timedelta(days=7)
    item = phq9(taken_at=week_ago)

    await http.post("/v1/check-ins", json=batch(item, sent_at=clock.now()), headers=ada)

    kept = await read(http, nurse, item)
    assert datetime.fromisoformat(kept["effective_at"]) == week_ago
    assert kept["late_seconds"] == pytest.approx(7 * 86400, abs=120)
    assert kept["entry_mode"] == "late"
    assert kept["clock_suspect"] is False


async def test_a_clock_three_days_fast_is_shifted_and_what_it_said_is_kept(http, make):
    _, nurse, ada = await phone(http, make)
    fast = clock.now() + timedelta(days=3)
    item = phq9(taken_at=fast - timedelta(hours=1))

    await http.post("/v1/check-ins", json=batch(item, sent_at=fast), headers=ada)

    kept = await read(http, nurse, item)
    taken = datetime.fromisoformat(kept["taken_at"])
    effective = datetime.fromisoformat(kept["effective_at"])
    assert taken == fast - timedelta(hours=1)
    assert effective == pytest.approx(clock.now() - timedelta(hours=1), abs=timedelta(minutes=1))
    assert kept["clock_skew_seconds"] == pytest.approx(-3 * 86400, abs=60)


async def test_a_skew_under_five_minutes_is_left_alone(http, make):
    _, nurse, ada = await phone(http, make)
    item = phq9(taken_at=NOW - timedelta(hours=1))

    sent_at = clock.now() + timedelta(minutes=4)
    await http.post("/v1/check-ins", json=batch(item, sent_at=sent_at), headers=ada)

    kept = await read(http, nurse, item)
    assert datetime.fromisoformat(kept["effective_at"]) == NOW - timedelta(hours=1)


async def test_nothing_happens_after_it_arrived(http, make):
    _, nurse, ada = await phone(http, make)
    item = phq9(taken_at=clock.now() + timedelta(days=2))

    answer = await http.post("/v1/check-ins", json=batch(item, sent_at=clock.now()), headers=ada)

    kept = await read(http, nurse, item)
    received = datetime.fromisoformat(answer.json()["received_at"])
    assert datetime.fromisoformat(kept["effective_at"]) == received
    assert kept["clock_suspect"] is True


async def test_unknown_fields_are_listed_and_the_rest_is_kept(http, make):
    _, _, ada = await phone(http, make)

    answer = await http.post(
        "/v1/check-ins", json=batch(phq9(mood_ring="green", source={"x": 1})), headers=ada
    )

    assert await statuses(answer) == ["created"]
    assert answer.json()["results"][0]["ignored_fields"] == ["mood_ring", "source"]


@pytest.mark.parametrize(
    "envelope",
    [
        {},
        {"sent_at": NOW.isoformat()},
        {"sent_at": NOW.isoformat(), "items": []},
        {"sent_at": "yesterday", "items": [phq9()]},
        {"sent_at": "2026-11-23T10:00:00", "items": [phq9()]},
        {"sent_at": NOW.isoformat(), "items": [phq9()] * 201},
    ],
    ids=["empty", "no items", "none", "no time", "no offset", "too many"],
)
async def test_a_bad_envelope_is_refused(http, make, envelope):
    _, _, ada = await phone(http, make)

    answer = await http.post("/v1/check-ins", json=envelope, headers=ada)

    assert answer.status_code == 422


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


@pytest.mark.parametrize("order", ["in order", "out of order"])
async def test_a_later_answer_takes_the_place_of_an_earlier_one(http, make, order):
    patient_id, nurse, ada = await phone(http, make)
    first = phq9(answers=AT_RISK)
    amended = phq9(answers=WELL, supersedes=first["id"])
    sent = [first, amended] if order == "in order" else [amended, first]

    for item in sent:
        answer = await http.post("/v1/check-ins", json=batch(item), headers=ada)
        assert await statuses(answer) == ["created"]

    listed = await http.get(f"/v1/patients/{patient_id}/assessments", headers=nurse)
    alerts = await http.get(f"/v1/patients/{patient_id}/alerts", headers=nurse)
    assert [one["id"] for one in listed.json()["items"]] == [amended["id"]]
    assert (await read(http, nurse, first))["status"] == "entered_in_error"
    assert [one["status"] for one in alerts.json()["items"]] == ["open"]


async def test_a_phone_can_not_take_back_what_staff_recorded(http, make):
    patient_id, nurse, ada = await phone(http, make)
    theirs = await http.post(
        f"/v1/patients/{patient_id}/assessments",
        json={"instrument": "PHQ-9", "taken_at": NOW.isoformat(), "answers": WELL},
        headers=nurse,
    )

    await http.post("/v1/check-ins", json=batch(phq9(supersedes=theirs.json()["id"])), headers=ada)

    assert (await read(http, nurse, theirs.json()))["status"] == "final"


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
