"""What is sent again after its patient became another, or after it went to another."""

from uuid import uuid4

import pytest

from tests.exchange.makers import (
    assessment_item,
    patient_item,
    send,
    session_item,
    statuses,
    vitals_item,
)
from tests.infusions.makers import post, problem
from tests.makers import NOW, at, patient

WHY = {"reason": "registered twice"}

SCORE = {"instrument": "PHQ-9", "taken_at": at(days=2), "answers": [1] * 9}


@pytest.fixture
async def ehr(clinic):
    return await clinic.ehr()


@pytest.fixture
async def twin(http, nurse):
    return await patient(http, nurse, given_name="Adah")


async def merge(http, headers, old, new):
    answer = await post(http, headers, f"/v1/patients/{old}/merge", WHY | {"into": new})
    assert answer.status_code == 200, answer.text


async def move(http, headers, place, patient_id):
    answer = await post(http, headers, f"/v1/{place}/move", WHY | {"patient_id": patient_id})
    assert answer.status_code == 200, answer.text


def put(http, headers, patient_id, record_id, **more):
    path = f"/v1/patients/{patient_id}/assessments/{record_id}"
    return http.put(path, json=SCORE | more, headers=headers)


async def test_a_record_of_the_old_patient_is_known_under_the_survivor(http, ehr, nurse, ada, twin):
    record_id = uuid4()
    await put(http, ehr, twin, record_id)
    await merge(http, nurse, twin, ada)

    again = await put(http, ehr, ada, record_id)
    other = await put(http, ehr, ada, record_id, answers=[2] * 9)
    to_the_old = await put(http, ehr, twin, record_id)

    assert (again.status_code, again.json()["patient_id"]) == (200, ada)
    assert again.json()["version"] == 2
    assert problem(other) == (409, "id-taken")
    assert problem(to_the_old) == (409, "merged")
    assert to_the_old.json()["merged_into_id"] == ada


async def test_a_record_that_moved_is_known_under_both_and_under_nobody_else(
    http, ehr, nurse, ada, twin
):
    record_id, third = uuid4(), await patient(http, nurse)
    await put(http, ehr, twin, record_id)
    await move(http, nurse, f"assessments/{record_id}", ada)

    unaware = await put(http, ehr, twin, record_id)
    corrected = await put(http, ehr, ada, record_id)
    stranger = await put(http, ehr, third, record_id)

    assert [one.status_code for one in (unaware, corrected)] == [200, 200]
    assert unaware.json() == corrected.json()
    assert problem(stranger) == (409, "id-taken")


async def test_two_merges_later_it_is_still_known(http, ehr, nurse, ada, twin):
    record_id, third = uuid4(), await patient(http, nurse)
    await put(http, ehr, twin, record_id)
    await merge(http, nurse, twin, ada)
    await merge(http, nurse, ada, third)

    assert (await put(http, ehr, third, record_id)).status_code == 200


async def test_a_batch_is_known_by_the_identifier_that_followed(http, ehr, nurse, ada):
    called = {"system": "ehr", "value": "2"}
    person = {"kind": "patient", "given_name": "Adah", "identifiers": [called]}
    whose = {"patient": called}
    score = assessment_item(None, **whose, source={"system": "ehr", "record_id": "7"}, id=None)
    session = session_item(None, **whose, vitals=[{"measured_at": at(30), "heart_rate_bpm": 70}])
    readings = [vitals_item(None, days=3 + one, **whose) for one in range(3)]
    items = [person, score, session, *readings]
    first = await send(http, ehr, *items)
    await merge(http, nurse, first[0]["id"], ada)

    again = await send(http, ehr, *items)

    assert statuses(first) == ["created"] * 6, first
    assert statuses(again) == ["duplicate"] * 6, again
    assert statuses(again[2]["children"]) == ["duplicate"]
    assert [one["id"] for one in again] == [ada, *(one["id"] for one in first[1:])]


async def test_a_patient_registered_again_under_the_old_id_leads_nobody_astray(
    http, ehr, nurse, ada
):
    called = {"system": "ehr", "value": "2"}
    person = patient_item(identifiers=[called])
    await send(http, ehr, person)
    await merge(http, nurse, person["id"], ada)

    score = assessment_item(None, patient=called)
    results = await send(http, ehr, person, score)

    assert statuses(results) == ["duplicate", "created"]
    listed = await http.get(f"/v1/patients/{ada}/assessments", headers=nurse)
    assert [one["id"] for one in listed.json()["items"]] == [score["id"]]


async def test_a_phone_that_lost_its_answer_before_the_merge_is_told_duplicate(
    http, clinic, nurse, ada, twin
):
    phone = await clinic.phone(twin)
    item = {"id": str(uuid4()), "kind": "assessment"} | SCORE
    sent = {"sent_at": NOW.isoformat(), "items": [item]}
    await http.post("/v1/check-ins", json=sent, headers=phone)
    await merge(http, nurse, twin, ada)

    again = await http.post("/v1/check-ins", json=sent, headers=phone)

    assert statuses(again.json()["results"]) == ["duplicate"]
