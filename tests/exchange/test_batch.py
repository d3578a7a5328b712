import asyncio
from uuid import uuid4

import pytest

from tests.exchange.makers import (
    READINGS,
    assessment_item,
    patient_item,
    problem_of,
    send,
    session_item,
    statuses,
    vitals_item,
)
from tests.infusions.makers import KETAMINE
from tests.makers import at, patient


async def read(http, headers, path):
    return (await http.get(path, headers=headers)).json()


async def test_a_patient_and_all_that_is_theirs_come_in_one_batch(http, ehr):
    eve = patient_item(identifiers=[{"system": "urn:ehr", "value": "17"}])
    whose = {"patient": {"system": "urn:ehr", "value": "17"}}
    session = session_item(None, vitals=READINGS) | whose
    under = {"infusion_id": session["id"]}
    score = assessment_item(eve["id"], days=31)
    items = [
        eve,
        session,
        score,
        {"kind": "dose_event", "id": str(uuid4()), **under}
        | {"data": {"kind": "bolus", "dose_mg": 10, "at": at(days=30, hours=0.8)}},
        {"kind": "side_effect", "id": str(uuid4()), "effect": "nausea", "present": False, **under},
        {"kind": "baseline", "id": str(uuid4()), "instrument": "PHQ-9", "reason": "as charted"}
        | {"first_infusion_id": session["id"], "assessment_id": score["id"]}
        | {"patient_id": eve["id"]},
        {"kind": "allergy", "id": str(uuid4()), "substance": "latex", "patient_id": eve["id"]},
    ]

    first = await send(http, ehr, *items)
    again = await send(http, ehr, *items)

    assert statuses(first) == ["created"] * len(items), first
    assert statuses(first[1]["children"]) == ["created"] * 2
    assert statuses(again) == ["duplicate"] * len(items)
    assert statuses(again[1]["children"]) == ["duplicate"] * 2
    assert [one["id"] for one in again] == [one["id"] for one in first]
    there = await read(http, ehr, f"/v1/infusions/{session['id']}")
    assert (there["patient_id"], there["entry_mode"]) == (eve["id"], "import")
    listed = await read(http, ehr, f"/v1/infusions/{session['id']}/vitals")
    assert [one["heart_rate_bpm"] for one in listed["items"]] == [80, 90]


async def test_one_bad_item_stops_none_of_the_others(http, ehr, ada, owner):
    items = [vitals_item(ada) for _ in range(9)]
    items[2]["heart_rate_bpm"] = 9000
    items[4] = 7
    items[6] |= {"kind": "poem"}
    items[7] |= {"moon": "full"}

    results = await send(http, ehr, *items)

    told = ["created"] * 9
    told[2] = told[4] = told[6] = "invalid"
    assert statuses(results) == told
    assert results[2]["problem"]["errors"][0]["pointer"] == "/heart_rate_bpm"
    assert [one["retry"] for one in results] == [False] * 9
    assert results[7]["ignored_fields"] == ["moon"]
    assert await owner.value("SELECT count(*) FROM vitals") == 6


async def test_what_the_database_chokes_on_is_taken_back_and_can_be_sent_again(
    http, ehr, ada, owner
):
    items = [vitals_item(ada, note="choke" if place == 3 else "fine") for place in range(6)]
    await owner.connection.execute(
        "CREATE FUNCTION choke() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN IF NEW.note = 'choke' THEN RAISE division_by_zero; END IF; RETURN NEW; END $$; "
        "CREATE TRIGGER choke BEFORE INSERT ON vitals FOR EACH ROW EXECUTE FUNCTION choke()"
    )

    try:
        results = await send(http, ehr, *items)
    finally:
        await owner.connection.execute("DROP FUNCTION choke CASCADE")

    assert statuses(results) == ["created"] * 3 + ["unavailable"] + ["created"] * 2
    assert results[3]["retry"] is True
    assert (
        statuses(await send(http, ehr, *items))
        == ["duplicate"] * 3 + ["created"] + ["duplicate"] * 2
    )


@pytest.mark.parametrize(
    "item",
    [
        vitals_item(str(uuid4())),
        vitals_item(None, patient={"system": "urn:ehr", "value": "nobody"}),
        {"kind": "dose_event", "infusion_id": str(uuid4())}
        | {"data": {"kind": "bolus", "dose_mg": 1, "at": at(days=1)}},
    ],
    ids=["patient", "identifier", "session"],
)
async def test_what_comes_before_its_parent_may_be_sent_again(http, ehr, item):
    result = (await send(http, ehr, item))[0]

    assert problem_of(result) == "parent-not-found"
    assert (result["status"], result["retry"]) == ("unavailable", True)


async def test_what_names_a_session_that_comes_later_is_kept_the_second_time(http, ehr, ada):
    session = session_item(ada)
    reading = vitals_item(ada, infusion_id=session["id"])

    first = await send(http, ehr, reading, session)
    second = await send(http, ehr, reading, session)

    assert statuses(first) == ["unavailable", "created"]
    assert problem_of(first[0]) == "parent-not-found"
    assert statuses(second) == ["created", "duplicate"]


async def test_what_is_nested_in_a_session_that_is_refused_is_not_kept(http, ehr, ada, owner):
    session = session_item(ada, vitals=READINGS, dose_mg=-1)
    session.pop("id")

    result = (await send(http, ehr, session))[0]

    assert result["status"] == "invalid"
    assert [problem_of(one) for one in result["children"]] == ["parent-not-found"] * 2
    assert await owner.value("SELECT count(*) FROM vitals") == 0


async def test_a_patient_without_an_id_is_known_by_an_identifier(http, ehr):
    eve = {"kind": "patient", "identifiers": [{"system": "ehr", "value": "9"}], "sex": "female"}

    first, same = await send(http, ehr, eve, eve)
    again, other = await send(http, ehr, eve, eve | {"sex": "male"})

    assert statuses([first, same, again]) == ["created", "duplicate", "duplicate"]
    assert same["id"] == again["id"] == first["id"]
    assert problem_of(other) == "identifier-taken"
    assert other["problem"]["existing_id"] == first["id"]


async def test_other_content_under_a_known_id_is_a_conflict_within_a_batch_too(http, ehr, ada):
    reading = vitals_item(ada)

    results = await send(http, ehr, reading, reading, reading | {"heart_rate_bpm": 99})

    assert statuses(results) == ["created", "duplicate", "conflict"]
    assert problem_of(results[2]) == "id-taken"


async def test_the_same_as_a_put_is_a_duplicate(http, ehr, ada):
    session = session_item(ada)
    body = {name: one for name, one in session.items() if name not in ("id", "kind", "patient_id")}
    url = f"/v1/patients/{ada}/infusions/{session['id']}"
    assert (await http.put(url, json=body, headers=ehr)).status_code == 201

    assert statuses(await send(http, ehr, session)) == ["duplicate"]
    assert (await http.put(url, json=body, headers=ehr)).status_code == 200


async def test_a_nurse_sets_no_baseline_by_a_batch(http, ehr, nurse, ada):
    session = session_item(ada)
    baseline = {"kind": "baseline", "patient_id": ada, "instrument": "PHQ-9", "value": 19}
    baseline |= {"first_infusion_id": session["id"], "reason": "as told"}

    results = await send(http, nurse, session, baseline)

    assert statuses(results) == ["created", "invalid"]
    assert problem_of(results[1]) == "not-allowed"


async def test_another_clinics_patient_is_nobody(http, make, ehr, ada):
    theirs = await patient(http, await (await make.clinic()).ehr())

    real, unreal = await send(http, ehr, vitals_item(theirs), vitals_item(str(uuid4())))

    assert real["problem"] == unreal["problem"]
    assert real["status"] == "unavailable"


async def test_a_session_of_another_patient_is_none_to_hang_on(http, ehr, ada):
    eve, session = await patient(http, ehr), session_item(ada)
    event = {"kind": "dose_event", "patient_id": eve, "infusion_id": session["id"]}
    event |= {"data": {"kind": "bolus", "dose_mg": 1, "at": at(days=30)}}

    results = await send(http, ehr, session, vitals_item(eve, infusion_id=session["id"]), event)

    assert statuses(results) == ["created", "invalid", "invalid"]


async def test_history_pages_nobody_and_says_that_it_speaks_of_self_harm(http, ehr, ada, owner):
    thoughts = assessment_item(ada, days=5, answers=[0] * 8 + [2])

    await send(http, ehr, thoughts)

    there = await read(http, ehr, f"/v1/assessments/{thoughts['id']}")
    assert there["flags"] == ["self-harm-in-history"]
    assert await owner.value("SELECT count(*) FROM outbox WHERE due_at IS NOT NULL") == 0


async def test_eight_writers_of_the_same_keep_each_item_once(http, ehr, owner):
    people = [patient_item() for _ in range(3)]
    items = people + [
        session_item(one["id"], days=day, vitals=READINGS) for day in (9, 20) for one in people
    ]
    turned = items[:3][::-1] + items[3:][::-1]

    batches = await asyncio.gather(
        *(send(http, ehr, *(items if writer % 2 else turned)) for writer in range(8))
    )

    told = [one for results in batches for one in statuses(results)]
    assert told.count("created") == len(items)
    assert set(told) == {"created", "duplicate"}
    assert await owner.value("SELECT count(*) FROM infusions") == 6
    assert await owner.value("SELECT count(*) FROM vitals") == 12


async def test_a_batch_is_one_to_five_hundred_items(http, ehr):
    for items in ([], [patient_item()] * 501):
        answer = await http.post("/v1/batch", json={"items": items}, headers=ehr)

        assert answer.status_code == 422


async def test_an_appointment_and_a_session_within_hours_of_each_other_are_told(http, ehr, ada):
    session = session_item(ada)
    twin = {"kind": "infusion", "patient_id": ada, **KETAMINE, "status": "completed"}
    twin |= {name: session[name] for name in ("started_at", "ended_at", "dose_mg")}

    results = await send(http, ehr, session, twin)

    assert problem_of(results[1]) == "possible-duplicate-session"
    assert results[1]["problem"]["existing_id"] == session["id"]


async def test_readings_of_a_batch_are_judged_with_those_before_them(http, ehr, owner):
    high = {"systolic_mmhg": 192, "diastolic_mmhg": 122, "spo2_percent": 86}
    readings = [
        {"measured_at": at(hours=1 - step / 10), "heart_rate_bpm": 80} | (high if step else {})
        for step in range(6)
    ]
    ada, eve = [await patient(http, ehr) for _ in range(2)]
    one, other = [session_item(who, days=0, status="in_progress") for who in (ada, eve)]
    for session in (one, other):
        for name in ("ended_at", "dose_mg", "entry_mode"):
            session.pop(name)

    results = await send(http, ehr, one | {"vitals": readings}, other)
    for reading in readings:
        body = reading | {"infusion_id": other["id"]}
        answer = await http.post(f"/v1/patients/{eve}/vitals", json=body, headers=ehr)
        assert answer.status_code == 201, answer.text

    assert statuses(results[0]["children"]) == ["created"] * 6
    raised = "SELECT DISTINCT rule, level FROM alerts WHERE patient_id = $1 ORDER BY 1, 2"
    by_batch, by_one = [[tuple(row) for row in await owner.rows(raised, who)] for who in (ada, eve)]
    assert by_batch == by_one
    assert by_batch
    flags = "SELECT flags FROM vitals WHERE patient_id = $1 ORDER BY effective_at"
    told, once = [[row["flags"] for row in await owner.rows(flags, who)] for who in (ada, eve)]
    assert told == once
