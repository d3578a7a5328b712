"""What was charted on the wrong patient."""

import pytest

from tests.infusions.makers import given, made, post, problem, running
from tests.makers import at, patient
from tests.worklist.makers import settled


@pytest.fixture
async def eve(http, nurse):
    return await patient(http, nurse, given_name="Eve")


def move(http, headers, place, patient_id, **more):
    sent = {"patient_id": patient_id, "reason": "the wrong chart"}
    return http.post(f"/v1/{place}/move", json=sent, headers=headers | more)


async def ids(http, headers, path):
    answer = await http.get(f"/v1/patients/{path}", headers=headers)
    return [one["id"] for one in answer.json()["items"]]


async def add(http, headers, path, **sent):
    answer = await post(http, headers, f"/v1/{path}", sent)
    assert answer.status_code == 201, answer.text
    return answer.json()


DANGER = {"instrument": "PHQ-9", "answers": [0] * 8 + [2]}


async def test_an_answer_moves_with_its_alert_and_the_history_keeps_both(http, nurse, ada, eve):
    answer = await add(http, nurse, f"patients/{ada}/assessments", taken_at=at(), **DANGER)

    moved = await move(http, nurse, f"assessments/{answer['id']}", eve)
    again = await move(http, nurse, f"assessments/{answer['id']}", eve)

    assert moved.status_code == 200, moved.text
    assert (moved.json()["patient_id"], moved.json()["version"]) == (eve, 2)
    assert again.json() == moved.json()
    for listed in ("assessments", "alerts"):
        assert await ids(http, nurse, f"{ada}/{listed}") == []
        assert len(await ids(http, nurse, f"{eve}/{listed}")) == 1
    told = await http.get(f"/v1/assessments/{answer['id']}/history", headers=nurse)
    kept = told.json()["items"]
    assert [one["record"]["patient_id"] for one in kept] == [ada, eve]
    assert kept[1]["reason"] == "the wrong chart"


async def test_a_session_takes_along_what_hangs_on_it_and_courses_are_cut_anew(
    http, nurse, ada, eve
):
    first = await made(http, nurse, ada, given(days=20))
    second = await made(http, nurse, ada, given(days=9))
    here = {"infusion_id": first["id"]}
    await add(
        http, nurse, f"patients/{ada}/vitals", measured_at=at(days=20), spo2_percent=98, **here
    )
    await add(http, nurse, f"patients/{ada}/side-effects", effect="nausea", severity=2, **here)
    bolus = {"at": first["started_at"], "kind": "bolus", "dose_mg": 40}
    await add(http, nurse, f"infusions/{first['id']}/dose-events", **bolus)
    score = {"instrument": "PHQ-9", "first_infusion_id": first["id"], "value": 19, "reason": "poor"}
    await add(http, nurse, f"patients/{ada}/baselines", **score)

    moved = await move(http, nurse, f"infusions/{first['id']}", eve)

    assert moved.status_code == 200, moved.text
    assert moved.json()["number_in_course"] == 1
    for listed in ("vitals", "side-effects", "baselines"):
        assert await ids(http, nurse, f"{ada}/{listed}") == []
        assert len(await ids(http, nurse, f"{eve}/{listed}")) == 1
    events = await http.get(f"/v1/infusions/{first['id']}/dose-events", headers=nurse)
    assert [one["patient_id"] for one in events.json()["items"]] == [eve]
    left = await http.get(f"/v1/infusions/{second['id']}", headers=nurse)
    assert left.json()["number_in_course"] == 1
    assert moved.json()["course_id"] != left.json()["course_id"]
    assert len(await ids(http, nurse, f"{ada}/courses")) == 1


async def test_what_hangs_on_another_record_does_not_move_alone(http, nurse, ada, eve):
    session = await made(http, nurse, ada, given())
    here = {"infusion_id": session["id"]}
    reading = await add(
        http, nurse, f"patients/{ada}/vitals", measured_at=at(hours=1), spo2_percent=98, **here
    )
    answer = await add(
        http,
        nurse,
        f"patients/{ada}/assessments",
        instrument="PHQ-9",
        total=19,
        taken_at=at(days=1),
    )
    resting = {"instrument": "PHQ-9", "first_infusion_id": session["id"], "reason": "the only one"}
    await add(http, nurse, f"patients/{ada}/baselines", assessment_id=answer["id"], **resting)

    alone = await move(http, nurse, f"vitals/{reading['id']}", eve)
    rested_on = await move(http, nurse, f"assessments/{answer['id']}", eve)
    resting_on = await move(http, nurse, f"infusions/{session['id']}", eve)

    refused = {problem(one) for one in (alone, rested_on, resting_on)}
    assert refused == {(409, "moves-with-another")}


async def test_an_answer_that_replaced_another_takes_it_along(http, clinic, nurse, ada, eve):
    first = await add(http, nurse, f"patients/{ada}/assessments", taken_at=at(hours=2), **DANGER)
    phone = await clinic.phone(ada)
    amended = {"id": "0198c5a0-0000-7000-8000-00000000000a", "kind": "assessment"}
    amended |= {"instrument": "PHQ-9", "taken_at": at(hours=1), "answers": [0] * 9}
    sent = {"sent_at": at(), "items": [amended]}
    came = await http.post("/v1/check-ins", json=sent, headers=phone)
    assert came.json()["results"][0]["status"] == "created", came.text
    again = {**amended, "id": "0198c5a0-0000-7000-8000-00000000000b", "supersedes": amended["id"]}
    await http.post("/v1/check-ins", json=sent | {"items": [again]}, headers=phone)

    moved = await move(http, nurse, f"assessments/{again['id']}", eve)

    assert moved.status_code == 200, moved.text
    assert first["id"] in await ids(http, nurse, f"{ada}/assessments")
    whose = [
        (await http.get(f"/v1/assessments/{one['id']}", headers=nurse)).json()["patient_id"]
        for one in (amended, again)
    ]
    assert whose == [eve, eve]


async def test_a_session_does_not_move_to_where_one_like_it_is(http, nurse, ada, eve):
    wrong = await made(http, nurse, ada, given(days=3))
    right = await made(http, nurse, eve, given(days=3, hours=3))
    going = await made(http, nurse, ada, running())
    theirs = await made(http, nurse, eve, running())

    twin = await move(http, nurse, f"infusions/{wrong['id']}", eve)
    second = await move(http, nurse, f"infusions/{going['id']}", eve)

    assert problem(twin) == (409, "possible-duplicate-session")
    assert twin.json()["existing_id"] == right["id"]
    assert problem(second) == (409, "session-in-progress")
    assert second.json()["existing_id"] == theirs["id"]


async def test_who_asks_for_what_is_not_there_or_with_an_old_version_is_told(
    http, make, clinic, nurse, ada, eve
):
    stranger = await patient(http, await (await make.clinic()).staff())
    reading = await add(
        http, nurse, f"patients/{ada}/labs", code="alt", value=20, unit="U/L", collected_at=at()
    )
    here = f"labs/{reading['id']}"

    answers = [
        await move(http, nurse, here, stranger),
        await move(http, nurse, here, eve, **{"If-Match": '"7"'}),
        await move(http, await clinic.phone(ada), here, eve),
        await move(http, nurse, here, eve, **{"If-Match": '"1"'}),
    ]

    assert [one.status_code for one in answers] == [404, 412, 403, 200]


async def test_alerts_that_stay_say_that_what_they_rested_on_went(http, nurse, ada, eve, owner):
    medication = await add(http, nurse, f"patients/{ada}/medications", name="phenelzine")
    session = await made(http, nurse, ada, given())
    await owner.rows("UPDATE alerts SET subject_kind = 'infusion', subject_id = $1", session["id"])

    await move(http, nurse, f"medications/{medication['id']}", eve)

    told = await owner.rows("SELECT patient_id::text, evidence_status FROM alerts")
    assert [tuple(one) for one in told] == [(ada, "corrected")]


async def test_what_both_patients_need_is_worked_out_anew(http, nurse, ada, eve, owner):
    await made(http, nurse, ada, given(days=20))
    worse = {"instrument": "PHQ-9", "answers": [2] * 9}
    answer = await add(http, nurse, f"patients/{ada}/assessments", taken_at=at(days=1), **worse)
    await settled(http)

    await move(http, nurse, f"assessments/{answer['id']}", eve)
    await settled(http)

    rows = await owner.rows("SELECT id::text, last_reading_at IS NULL AS none FROM worklist")
    assert {row["id"]: row["none"] for row in rows}[ada]
