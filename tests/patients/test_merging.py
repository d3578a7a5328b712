"""Two charts that turn out to be one person's, and how they are parted again."""

import asyncio
from uuid import uuid4

import pytest

from app.patients.queries.following import STAYS, about_patients
from app.tables import metadata
from tests.infusions.makers import given, made, post, problem, running
from tests.makers import NOW, at, patient
from tests.worklist.makers import settled

WHY = {"reason": "registered twice"}


def named(value: str):
    return {"identifiers": [{"system": "ehr", "value": value}]}


@pytest.fixture
async def ada(http, nurse):
    return await patient(http, nurse, **named("1"))


@pytest.fixture
async def twin(http, nurse):
    return await patient(http, nurse, given_name="Adah", **named("2"))


def merge(http, headers, old, new, **more):
    return post(http, headers, f"/v1/patients/{old}/merge", WHY | {"into": new} | more)


def unmerge(http, headers, new, old):
    return post(http, headers, f"/v1/patients/{new}/unmerge", {"from": old, "reason": "two people"})


async def items(http, headers, path):
    answer = await http.get(f"/v1/patients/{path}", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def score(http, headers, patient_id, answers=None, days=0.5):
    sent = {"instrument": "PHQ-9", "taken_at": at(days=days), "answers": answers or [1] * 9}
    answer = await post(http, headers, f"/v1/patients/{patient_id}/assessments", sent)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_everything_follows_to_the_survivor(http, nurse, ada, twin):
    first = await made(http, nurse, ada, given(days=20))
    second = await made(http, nurse, twin, given(days=9))
    reading = {"measured_at": at(days=9), "infusion_id": second["id"], "heart_rate_bpm": 70}
    vitals = (await post(http, nurse, f"/v1/patients/{twin}/vitals", reading)).json()
    danger = await score(http, nurse, twin, [0] * 8 + [2])

    answer = await merge(http, nurse, twin, ada)

    assert answer.status_code == 200, answer.text
    assert answer.json()["identifiers"] == named("1")["identifiers"] + named("2")["identifiers"]
    sessions = await items(http, nurse, f"{ada}/infusions")
    assert [one["id"] for one in sessions] == [second["id"], first["id"]]
    assert [one["number_in_course"] for one in sessions] == [2, 1]
    assert len(await items(http, nurse, f"{ada}/courses")) == 1
    assert [one["id"] for one in await items(http, nurse, f"{ada}/vitals")] == [vitals["id"]]
    assert [one["subject_id"] for one in await items(http, nurse, f"{ada}/alerts")] == [
        danger["id"]
    ]
    told = (await http.get(f"/v1/vitals/{vitals['id']}/history", headers=nurse)).json()["items"]
    assert {"field": "patient_id", "before": twin, "after": ada} in told[1]["changes"]
    found = await http.get("/v1/patients?identifier=ehr|2", headers=nurse)
    assert [one["id"] for one in found.json()["items"]] == [ada]


async def test_the_old_id_shows_who_they_became_and_takes_nothing_more(http, nurse, ada, twin):
    await merge(http, nurse, twin, ada)
    here = f"/v1/patients/{twin}"

    shown = await http.get(here, headers=nurse)
    wanted = {"given_name": "Ada"}
    refused = [
        await http.get(f"{here}/allergies", headers=nurse),
        await http.get(f"{here}/timeline", headers=nurse),
        await http.get(f"{here}/relief", headers=nurse),
        await post(http, nurse, f"{here}/vitals", {"measured_at": at(), "heart_rate_bpm": 70}),
        await post(http, nurse, f"{here}/enrolments"),
        await http.patch(here, json=wanted, headers=nurse | {"If-Match": '"2"'}),
        await merge(http, nurse, twin, await patient(http, nurse)),
    ]

    assert shown.json()["merged_into_id"] == ada
    assert {problem(one) for one in refused} == {(409, "merged")}
    assert {one.json()["merged_into_id"] for one in refused} == {ada}
    assert (await merge(http, nurse, twin, ada)).status_code == 200
    listed = (await http.get("/v1/patients", headers=nurse)).json()["items"]
    assert twin not in {one["id"] for one in listed}


async def test_a_phone_of_the_old_one_goes_on_as_the_survivors(http, nurse, ada, twin):
    code = (await post(http, nurse, f"/v1/patients/{twin}/enrolments")).json()["code"]
    sent = {"code": code, "device_name": "Ada's phone"}
    tokens = (await http.post("/v1/enrolments/redeem", json=sent)).json()
    phone = {"Authorization": f"Bearer {tokens['access_token']}"}

    await merge(http, nurse, twin, ada)
    me = await http.get("/v1/me", headers=phone)
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    renewed = await http.post("/oauth2/token", data=form)

    assert me.json()["patient"]["id"] == ada
    assert renewed.status_code == 200
    assert [one["name"] for one in await items(http, nurse, f"{ada}/devices")] == ["Ada's phone"]


async def test_two_sessions_in_progress_stand_in_the_way(http, nurse, ada, twin):
    there = await made(http, nurse, ada, running())
    await made(http, nurse, twin, running())

    refused = await merge(http, nurse, twin, ada)

    assert problem(refused) == (409, "session-in-progress")
    assert refused.json()["existing_id"] == there["id"]


async def test_sessions_that_may_be_one_stand_in_the_way_unless_they_are_apart(
    http, nurse, ada, twin
):
    there = await made(http, nurse, ada, given(days=3))
    await made(http, nurse, twin, given(days=3, hours=3))

    refused = await merge(http, nurse, twin, ada)
    let_through = await merge(http, nurse, twin, ada, separate_from=[there["id"]])

    assert problem(refused) == (409, "possible-duplicate-session")
    assert refused.json()["existing_id"] == there["id"]
    assert let_through.status_code == 200


async def test_what_was_merged_is_parted_again_with_what_came_since(http, nurse, ada, twin):
    first = await made(http, nurse, ada, given(days=20))
    second = await made(http, nurse, twin, given(days=9))
    before = {one: await items(http, nurse, f"{one}/courses") for one in (ada, twin)}
    await merge(http, nurse, twin, ada)
    reading = {"measured_at": at(days=9), "infusion_id": second["id"], "heart_rate_bpm": 70}
    with_session = (await post(http, nurse, f"/v1/patients/{ada}/vitals", reading)).json()
    alone = await score(http, nurse, ada)

    answer = await unmerge(http, nurse, ada, twin)

    assert answer.status_code == 200, answer.text
    assert answer.json()["identifiers"] == named("1")["identifiers"]
    parted = (await http.get(f"/v1/patients/{twin}", headers=nurse)).json()
    assert (parted["merged_into_id"], parted["active"]) == (None, True)
    assert parted["identifiers"] == named("2")["identifiers"]
    for one, session in ((ada, first), (twin, second)):
        assert [s["id"] for s in await items(http, nurse, f"{one}/infusions")] == [session["id"]]
        courses = await items(http, nurse, f"{one}/courses")
        assert [c["id"] for c in courses] == [c["id"] for c in before[one]]
    assert [v["id"] for v in await items(http, nurse, f"{twin}/vitals")] == [with_session["id"]]
    assert [a["id"] for a in await items(http, nurse, f"{ada}/assessments")] == [alone["id"]]
    assert (await unmerge(http, nurse, ada, twin)).status_code == 409


async def test_merges_are_listed_from_either_side_undone_ones_too(http, nurse, ada, twin):
    third = await patient(http, nurse)
    await merge(http, nurse, twin, ada)
    await unmerge(http, nurse, ada, twin)
    await merge(http, nurse, ada, third)

    listed = await items(http, nurse, f"{ada}/merges")
    of_the_other = await items(http, nurse, f"{twin}/merges")

    assert [(one["from_id"], one["into_id"]) for one in listed] == [(ada, third), (twin, ada)]
    assert [one["undo_reason"] for one in listed] == [None, "two people"]
    assert of_the_other == listed[1:]
    unknown = await http.get(f"/v1/patients/{uuid4()}/merges", headers=nurse)
    assert unknown.status_code == 404


async def test_whoever_became_the_old_one_becomes_the_survivor(http, nurse, ada, twin):
    third = await patient(http, nurse)
    await merge(http, nurse, third, twin)

    await merge(http, nurse, twin, ada)
    after = (await http.get(f"/v1/patients/{third}", headers=nurse)).json()
    first_things_first = await unmerge(http, nurse, ada, third)
    await unmerge(http, nurse, ada, twin)
    again = (await http.get(f"/v1/patients/{third}", headers=nurse)).json()

    assert after["merged_into_id"] == ada
    assert problem(first_things_first) == (409, "conflict")
    assert again["merged_into_id"] == twin


async def test_nobody_is_merged_into_themselves_or_into_another_clinics_patient(
    http, make, nurse, ada
):
    elsewhere = await make.clinic()
    eve = await patient(http, await elsewhere.staff())

    itself = await merge(http, nurse, ada, ada)
    stranger = await merge(http, nurse, ada, eve)
    phone = await post(http, await elsewhere.phone(eve), f"/v1/patients/{eve}/merge", WHY)

    assert [problem(one)[0] for one in (itself, stranger, phone)] == [422, 404, 403]


async def test_opposite_merges_at_once_make_one_survivor(http, nurse, ada, twin):
    answers = await asyncio.gather(merge(http, nurse, ada, twin), merge(http, nurse, twin, ada))

    assert sorted(one.status_code for one in answers) == [200, 409]


async def test_nothing_comes_in_under_a_patient_who_is_being_merged(http, clinic, nurse, ada, twin):
    phone = await clinic.phone(twin)
    pool = http.state["pool"]
    sent = {
        "sent_at": NOW.isoformat(),
        "items": [
            {
                "id": str(uuid4()),
                "kind": "vitals",
                "measured_at": NOW.isoformat(),
                "heart_rate_bpm": 70,
            }
        ],
    }

    async with pool.confined(clinic.id) as db:
        await db.connection.execute(
            "UPDATE patients SET merged_into_id = $1 WHERE id = $2", ada, twin
        )
    came = await http.post("/v1/check-ins", json=sent, headers=phone)

    assert came.status_code in {200, 503}
    if came.status_code == 200:
        assert came.json()["results"][0]["status"] == "unavailable"
    assert (await items(http, nurse, f"{ada}/vitals")) == []


async def test_the_changes_tell_of_the_merge_and_of_each_move(http, clinic, nurse, ada, twin):
    danger = await score(http, nurse, twin)
    start = (await http.get("/v1/changes?cursor=now", headers=nurse)).json()["next_cursor"]

    await merge(http, nurse, twin, ada)
    told = (await http.get(f"/v1/changes?cursor={start}&wait=20", headers=nurse)).json()["items"]

    changes = {(one["id"], one["change"]) for one in told}
    assert {(twin, "merged"), (danger["id"], "moved"), (ada, "changed")} <= changes


def test_every_table_about_a_patient_follows_or_stays_for_a_reason():
    about = {name for name, table in metadata.tables.items() if "patient_id" in table.c}

    assert set(about_patients()) | set(STAYS) == about


async def test_what_both_need_is_worked_out_anew(http, nurse, ada, twin, owner, caplog):
    await made(http, nurse, twin, given(days=20))
    await score(http, nurse, twin)
    await settled(http)

    await merge(http, nurse, twin, ada)
    await settled(http)

    rows = await owner.rows("SELECT id::text, last_reading_at IS NULL AS none FROM worklist")
    assert {row["id"]: row["none"] for row in rows} == {ada: False, twin: True}
    assert "could not be worked out" not in caplog.text
    listed = await http.get("/v1/worklist", headers=nurse)
    assert twin not in {one["patient_id"] for one in listed.json()["items"]}
