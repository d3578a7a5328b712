from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from app.kit import clock
from tests.makers import NOW, at, patient


async def chart(http, make, **fields):
    clinic = await make.clinic()
    ehr = await clinic.ehr()
    return f"/v1/patients/{await patient(http, ehr, **fields)}", ehr, clinic


async def give(http, url, ehr, days, **more):
    """A session so long ago; its id."""
    told = {"drug": "ketamine", "route": "iv", "status": "completed", "dose_mg": 40}
    sent = told | {"started_at": at(days)} | more
    answer = await http.post(f"{url}/infusions", json=sent, headers=ehr)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def score(http, url, ehr, days, total, instrument="PHQ-9", **more):
    """A total so long ago; its id."""
    sent = {"instrument": instrument, "taken_at": at(days), "total": total} | more
    answer = await http.post(f"{url}/assessments", json=sent, headers=ehr)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def void(http, place, ehr):
    answer = await http.post(f"{place}/void", json={"reason": "not hers"}, headers=ehr)
    assert answer.status_code == 200, answer.text


async def read(http, url, ehr, **asked):
    answer = await http.get(f"{url}/relief", params=asked, headers=ehr)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def lost_after_ten_days(http, url, ehr):
    """Relief seen to hold on day 10 and to be gone on day 17; the ids of what it rests on."""
    await score(http, url, ehr, 21, 18)
    infusion = await give(http, url, ehr, 20)
    totals = {3: 8, 10: 7, 17: 12}
    return infusion, [await score(http, url, ehr, 20 - day, totals[day]) for day in totals]


async def test_an_episode_says_how_long_and_what_it_rests_on(http, make):
    ada, ehr, _ = await chart(http, make)
    infusion, scores = await lost_after_ten_days(http, ada, ehr)

    (episode,) = (await read(http, ada, ehr))["episodes"]

    assert (episode["infusion_id"], episode["number_in_course"]) == (infusion, 1)
    assert (episode["status"], episode["censoring"]) == ("lost", "interval")
    assert (episode["lower_days"], episode["upper_days"]) == (10, 17)
    assert episode["onset"] == {"lower_days": 0, "upper_days": 3}
    assert episode["best_improvement"] == 0.6111
    assert episode["rests_on"] == scores


async def test_the_state_is_told_with_the_last_reading(http, make):
    ada, ehr, _ = await chart(http, make)
    await lost_after_ten_days(http, ada, ehr)

    current = (await read(http, ada, ehr))["current"]

    assert (current["state"], current["score"]) == ("lost", 12)
    assert current["change_from_baseline_percent"] == -33.3
    assert current["last_reading_at"] == (NOW - timedelta(days=3)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert current["days_since_last_reading"] == pytest.approx(3, abs=0.01)
    assert current["days_since_last_infusion"] == pytest.approx(20, abs=0.01)


async def test_courses_are_those_of_the_record(http, make):
    ada, ehr, _ = await chart(http, make)
    await give(http, ada, ehr, 200)
    await lost_after_ten_days(http, ada, ehr)

    found = await read(http, ada, ehr)
    courses = (await http.get(f"{ada}/courses", headers=ehr)).json()["items"]

    named = {"course_id": "id", "number": "number", "started_at": "started_at"}
    for name, own in named.items():
        assert [one[name] for one in found["courses"]] == [one[own] for one in courses]
    assert [one["course_id"] for one in found["episodes"]] == [one["id"] for one in courses]


async def test_every_threshold_is_told_with_its_source_and_version(http, make):
    ada, ehr, _ = await chart(http, make)

    found = await read(http, ada, ehr)

    policy = {one["name"]: one for one in found["policy"]}
    assert policy["response_fraction"]["value"] == 0.5
    assert policy["max_gap_days"]["trust"] == "default"
    assert all(one["source"] and one["version"] for one in found["policy"])
    assert found["method_version"] == "relief-1"
    assert found["current"]["state"] == "not_evaluable"


async def test_a_patient_may_prefer_another_instrument(http, make):
    ada, ehr, _ = await chart(http, make, instrument_priority=["GAD-7", "MADRS", "PHQ-9"])
    await lost_after_ten_days(http, ada, ehr)
    await score(http, ada, ehr, 21, 30, "MADRS")
    await score(http, ada, ehr, 17, 12, "MADRS")

    preferred = await read(http, ada, ehr)
    asked_for = await read(http, ada, ehr, instrument="PHQ-9")

    assert [one["instrument"] for one in preferred["courses"]] == ["MADRS"]
    assert [one["status"] for one in preferred["episodes"]] == ["held"]
    assert [one["instrument"] for one in asked_for["courses"]] == ["PHQ-9"]
    assert [one["status"] for one in asked_for["episodes"]] == ["lost"]


@pytest.mark.parametrize(
    "more",
    [
        {"setting": "home"},
        {"status": "stopped", "dose_mg": 0},
        {"status": "planned", "started_at": None, "dose_mg": None, "scheduled_at": at(-3)},
        {"status": "cancelled", "started_at": None, "dose_mg": None, "scheduled_at": at(5)},
    ],
    ids=["at home", "nothing given", "planned", "cancelled"],
)
async def test_what_the_clinic_did_not_give_is_no_episode(http, make, more):
    ada, ehr, _ = await chart(http, make)
    infusion, _ = await lost_after_ten_days(http, ada, ehr)

    await give(http, ada, ehr, 1, **more)

    found = await read(http, ada, ehr)
    assert [episode["infusion_id"] for episode in found["episodes"]] == [infusion]


async def test_a_dose_that_nobody_knows_was_given(http, make):
    ada, ehr, _ = await chart(http, make)
    day = (NOW - timedelta(days=400)).date().isoformat()

    told = {"started_at": None, "started_on": day, "dose_mg": None, "entry_mode": "import"}
    infusion = await give(http, ada, ehr, 400, **told)

    found = await read(http, ada, ehr)
    assert [episode["infusion_id"] for episode in found["episodes"]] == [infusion]


async def test_a_voided_session_is_no_episode_and_parts_nothing(http, make):
    ada, ehr, _ = await chart(http, make)
    await lost_after_ten_days(http, ada, ehr)
    before = await read(http, ada, ehr)
    wrong = await give(http, ada, ehr, 12)
    between = await read(http, ada, ehr)

    await void(http, f"/v1/infusions/{wrong}", ehr)

    after = await read(http, ada, ehr)
    assert len(between["episodes"]) == 2
    assert after["episodes"] == before["episodes"]


async def test_a_late_score_a_correction_and_a_void_count_as_if_they_had_always_been(http, make):
    ada, ehr, _ = await chart(http, make)
    _, scores = await lost_after_ten_days(http, ada, ehr)
    place = f"/v1/assessments/{scores[-1]}"

    await score(http, ada, ehr, 6, 6)
    late = (await read(http, ada, ehr))["episodes"][0]
    await http.patch(place, json={"total": 5}, headers={**ehr, "If-Match": '"1"'})
    corrected = (await read(http, ada, ehr))["episodes"][0]
    await void(http, place, ehr)
    voided = (await read(http, ada, ehr))["episodes"][0]

    assert (late["lower_days"], late["upper_days"]) == (14, 17)
    assert (corrected["status"], corrected["lower_days"]) == ("held", 17)
    assert (voided["status"], voided["lower_days"]) == ("held", 14)


async def test_what_was_known_then_can_be_asked(http, make):
    ada, ehr, _ = await chart(http, make)
    moments = [NOW - timedelta(hours=hours) for hours in (5, 4, 3)]
    with clock.at(moments[0] - timedelta(minutes=1)):
        _, scores = await lost_after_ten_days(http, ada, ehr)
    place = f"/v1/assessments/{scores[-1]}"
    with clock.at(moments[1] - timedelta(minutes=1)):
        await http.patch(place, json={"total": 5}, headers={**ehr, "If-Match": '"1"'})
    with clock.at(moments[2] - timedelta(minutes=1)):
        await void(http, place, ehr)

    known = [
        (await read(http, ada, ehr, known_at=one.isoformat()))["episodes"][0] for one in moments
    ]
    nothing = await read(http, ada, ehr, known_at=at(1))

    assert [episode["status"] for episode in known] == ["lost", "held", "held"]
    assert [episode["lower_days"] for episode in known] == [10, 17, 10]
    assert nothing["episodes"] == []


async def test_a_state_of_the_past_is_told_as_of_then(http, make):
    ada, ehr, _ = await chart(http, make)
    await lost_after_ten_days(http, ada, ehr)

    then = await read(http, ada, ehr, as_of=at(9))

    assert then["current"]["state"] == "holding"
    assert then["current"]["days_since_last_infusion"] == 11
    assert then["episodes"][0]["upper_days"] is None
    assert then["notes"] == []


async def test_a_baseline_that_a_clinician_sets_comes_first(http, make):
    ada, ehr, clinic = await chart(http, make)
    infusion, _ = await lost_after_ten_days(http, ada, ehr)
    clinician = await clinic.staff()
    told = {"instrument": "PHQ-9", "first_infusion_id": infusion, "reason": "a bad night"}

    answer = await http.post(f"{ada}/baselines", json={**told, "value": 24}, headers=clinician)
    stated = await read(http, ada, ehr)
    await void(http, f"/v1/baselines/{answer.json()['id']}", clinician)

    assert stated["courses"][0]["baseline"] == 24
    assert stated["courses"][0]["baseline_source"] == "explicit"
    assert stated["courses"][0]["baseline_ids"] == [answer.json()["id"]]
    assert stated["episodes"][0]["status"] == "held"
    assert (await read(http, ada, ehr))["courses"][0]["baseline"] == 18


async def test_a_baseline_by_an_assessment_follows_it(http, make):
    ada, ehr, clinic = await chart(http, make)
    infusion, _ = await lost_after_ten_days(http, ada, ehr)
    older = await score(http, ada, ehr, 60, 24)
    told = {"instrument": "PHQ-9", "first_infusion_id": infusion, "reason": "before the taper"}
    told |= {"assessment_id": older}
    await http.post(f"{ada}/baselines", json=told, headers=await clinic.staff())

    stated = await read(http, ada, ehr)
    await void(http, f"/v1/assessments/{older}", ehr)
    voided = await read(http, ada, ehr)

    assert [one["courses"][0]["baseline"] for one in (stated, voided)] == [24, 18]


async def test_a_score_of_today_by_the_day_alone_counts_at_once(http, make):
    ada, ehr, _ = await chart(http, make)
    await lost_after_ten_days(http, ada, ehr)
    morning = datetime.now(UTC).replace(hour=8)

    with clock.at(morning + timedelta(days=30)):
        today = (morning + timedelta(days=30)).date().isoformat()
        newest = await score(http, ada, ehr, 0, 4, taken_at=None, taken_on=today)
        found = await read(http, ada, ehr)

    assert found["episodes"][0]["rests_on"][-1] == newest
    assert found["current"]["days_since_last_reading"] == 0


@pytest.mark.parametrize(
    ("asked", "pointer"),
    [
        ({"instrument": "GAD-7"}, "/instrument"),
        ({"instrument": "mood"}, "/instrument"),
        ({"as_of": at(-1)}, "/as_of"),
        ({"known_at": at(-1)}, "/known_at"),
        ({"as_of": "2025-01-06"}, "/as_of"),
    ],
)
async def test_what_nobody_can_answer_is_refused_by_name(http, make, asked, pointer):
    ada, ehr, _ = await chart(http, make)

    refused = await http.get(f"{ada}/relief", params=asked, headers=ehr)

    assert refused.status_code == 422
    assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]


async def test_a_patient_of_nobody_or_of_another_clinic_does_not_exist(http, make):
    ada, _, _ = await chart(http, make)
    south = await (await make.clinic()).ehr()
    wrong = {"instrument": "mood"}

    answers = [
        await http.get(f"{one}/relief", params=wrong, headers=south)
        for one in (ada, f"/v1/patients/{uuid4()}")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_relief_is_not_for_phones(http, make):
    ada, _, clinic = await chart(http, make)

    refused = await http.get(f"{ada}/relief", headers=await clinic.phone(ada.rpartition("/")[2]))

    assert refused.status_code == 403
