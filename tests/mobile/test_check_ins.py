import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from asyncpg.exceptions import LockNotAvailableError

from app.kit.db import open_pool
from app.kit.ids import new_id
from app.patients.queries import hold
from tests.makers import NOW
from tests.mobile.makers import AT_RISK, WELL, batch, phone, phq9, read, statuses


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


async def test_unknown_fields_are_listed_and_the_rest_is_kept(http, make):
    _, _, ada = await phone(http, make)

    answer = await http.post(
        "/v1/check-ins", json=batch(phq9(mood_ring="green", source={"x": 1})), headers=ada
    )

    assert await statuses(answer) == ["created"]
    assert answer.json()["results"][0]["ignored_fields"] == ["mood_ring", "source"]


async def test_a_phone_does_not_speak_for_a_clinician(http, make):
    _, nurse, ada = await phone(http, make)
    item = phq9(answered_by="clinician")

    answer = await http.post("/v1/check-ins", json=batch(item), headers=ada)

    assert answer.json()["results"][0]["ignored_fields"] == ["answered_by"]
    assert (await read(http, nurse, item))["answered_by"] is None


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


async def test_a_batch_waits_for_whoever_holds_the_patient(http, make, migrated, settings):
    patient_id, _, ada = await phone(http, make)
    clinic_id = (await http.get("/v1/me", headers=ada)).json()["clinic"]["id"]
    impatient = settings.model_copy(update={"lock_timeout_seconds": 0.1})
    pool = await open_pool(migrated.login_url, impatient)

    async with pool.confined(UUID(clinic_id)) as db:
        await hold(db, UUID(patient_id))
        with pytest.raises(LockNotAvailableError):
            async with pool.confined(UUID(clinic_id), hold=UUID(patient_id)):
                pass

    await pool.close()
