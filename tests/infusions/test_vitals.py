from datetime import timedelta
from uuid import uuid4

from app.infusions.schemas import VitalsOut
from tests.infusions.makers import (
    KETAMINE,
    given,
    made,
    patch,
    planned,
    pointers,
    post,
    problem,
    running,
)
from tests.makers import NOW, at, patient

PRESSURES = {"systolic_mmhg": 142, "diastolic_mmhg": 88}


async def measured(http, headers, patient_id, **fields):
    """A reading's answer."""
    body = {"measured_at": at()} | fields
    return await post(http, headers, f"/v1/patients/{patient_id}/vitals", body)


async def seen(http, headers, patient_id, session, minutes, **fields):
    """Where a reading so many minutes ago lies in its session."""
    when = {"measured_at": (NOW - timedelta(minutes=minutes)).isoformat(), "heart_rate_bpm": 80}
    answer = await measured(http, headers, patient_id, infusion_id=session["id"], **(when | fields))
    return answer.json()["phase"], answer.json()["minutes_from_start"]


async def test_a_reading_answers_the_whole_record(http, nurse, ada):
    answer = await measured(http, nurse, ada, **PRESSURES, spo2_percent=97.5, method="monitor")

    VitalsOut.model_validate(answer.json())
    assert answer.status_code == 201
    assert answer.headers["location"] == f"/v1/vitals/{answer.json()['id']}"
    assert (answer.json()["phase"], answer.json()["minutes_from_start"]) == ("none", None)


async def test_a_reading_knows_where_in_its_session_it_lies(http, nurse, ada):
    session = await made(http, nurse, ada, given(hours=1, minutes=40))

    found = [await seen(http, nurse, ada, session, ago) for ago in (70, 60, 45, 20, 19.5)]

    assert found == [
        ("before", -10.0),
        ("during", 0.0),
        ("during", 15.0),
        ("during", 40.0),
        ("after", 40.5),
    ]


async def test_a_reading_moves_with_its_sessions_start_and_keeps_its_version(http, nurse, ada):
    session = await made(http, nurse, ada, running(hours=1))
    answer = await measured(
        http, nurse, ada, measured_at=at(hours=0.5), heart_rate_bpm=80, infusion_id=session["id"]
    )

    await patch(http, nurse, session, {"started_at": at(hours=0.75)})

    now = (await http.get(answer.headers["location"], headers=nurse)).json()
    assert (answer.json()["minutes_from_start"], now["minutes_from_start"]) == (30, 15)
    assert (now["phase"], now["version"]) == ("during", 1)


async def test_before_a_planned_session_starts_every_reading_lies_before_it(http, nurse, ada):
    session = await made(http, nurse, ada, planned())

    assert await seen(http, nurse, ada, session, 5) == ("before", None)


async def test_a_phase_is_not_guessed(http, nurse, ada):
    day = {"started_on": (NOW - timedelta(days=9)).date().isoformat()}
    by_day = await made(http, nurse, ada, KETAMINE | {"status": "completed", **day})
    open_end = await made(http, nurse, ada, given(days=5, ended_at=None))
    whole = await made(http, nurse, ada, given())
    on = {"measured_at": None, "measured_on": NOW.date().isoformat()}

    assert await seen(http, nurse, ada, by_day, 5) == ("none", None)
    assert (await seen(http, nurse, ada, open_end, 5))[0] == "none"
    assert await seen(http, nurse, ada, whole, 5, **on) == ("none", None)


async def test_a_session_lists_its_readings_oldest_first(http, nurse, ada):
    session = await made(http, nurse, ada, given())
    for hours in (0.5, 0.9, 0.1):
        mine = {"infusion_id": session["id"], "heart_rate_bpm": 80}
        await measured(http, nurse, ada, measured_at=at(hours=hours), **mine)
    await measured(http, nurse, ada, heart_rate_bpm=70)
    url = f"/v1/infusions/{session['id']}/vitals"

    first = (await http.get(f"{url}?limit=2", headers=nurse)).json()
    rest = await http.get(f"{url}?limit=2&cursor={first['next_cursor']}", headers=nurse)
    latest = (await http.get(f"{url}?order=desc&limit=1", headers=nurse)).json()

    items = first["items"] + rest.json()["items"]
    assert [one["minutes_from_start"] for one in items] == [6, 30, 54]
    assert latest["items"] == items[-1:]


async def test_a_reading_hangs_on_a_session_of_its_own_patient(http, nurse, ada):
    bob = await patient(http, nurse)
    strange = await made(http, nurse, bob, given())
    own = await measured(http, nurse, ada, heart_rate_bpm=80)

    theirs = await measured(http, nurse, ada, heart_rate_bpm=80, infusion_id=strange["id"])
    nobodys = await measured(http, nurse, ada, heart_rate_bpm=80, infusion_id=str(uuid4()))
    moved = await patch(http, nurse, own.json(), {"infusion_id": strange["id"]}, "vitals")

    assert pointers(theirs) == pointers(nobodys) == pointers(moved) == ["/infusion_id"]
    told = {one.json()["errors"][0]["detail"] for one in (theirs, nobodys)}
    assert told == {"is no session of this patient"}


async def test_nothing_new_hangs_on_a_voided_session(http, nurse, ada):
    session = await made(http, nurse, ada, given())
    await post(http, nurse, f"/v1/infusions/{session['id']}/void", {"reason": "slip"})

    answer = await measured(http, nurse, ada, heart_rate_bpm=80, infusion_id=session["id"])

    assert pointers(answer) == ["/infusion_id"]


BOUNDS = [
    ("systolic_mmhg", 29, 321),
    ("diastolic_mmhg", -1, 251),
    ("heart_rate_bpm", -1, 351),
    ("spo2_percent", -1, 100.5),
    ("oxygen_l_per_minute", -1, 101),
    ("respiratory_rate_per_minute", -1, 101),
    ("temperature_celsius", 24.9, 45.1),
    ("sedation_moaas", -1, 6),
    ("weight_kg", 19.9, 350.1),
    ("height_cm", 49, 261),
]


async def test_what_cannot_have_happened_is_refused(http, nurse, ada):
    tried = [(name, value) for name, low, high in BOUNDS for value in (low, high)]

    answers = [await measured(http, nurse, ada, **{name: value}) for name, value in tried]

    assert [pointers(one)[0] for one in answers] == [f"/{name}" for name, _ in tried]


async def test_what_is_alarming_is_stored(http, nurse, ada):
    alarming = {"systolic_mmhg": 240, "diastolic_mmhg": 150, "spo2_percent": 61}

    answer = await measured(http, nurse, ada, **alarming, heart_rate_bpm=20, sedation_moaas=0)

    assert answer.status_code == 201


async def test_an_arrest_is_stored(http, nurse, ada):
    pulseless = {"systolic_mmhg": 40, "diastolic_mmhg": 0, "heart_rate_bpm": 0}

    answer = await measured(http, nurse, ada, **pulseless, respiratory_rate_per_minute=0)

    assert answer.status_code == 201


async def test_a_reading_makes_sense(http, nurse, ada):
    senseless = [
        {},
        {"symptomatic": True},
        {"systolic_mmhg": 120},
        {"systolic_mmhg": 120, "method": "manual"},
        {"diastolic_mmhg": 80},
        {"diastolic_mmhg": 80, "method": "palpated"},
        {"systolic_mmhg": 80, "diastolic_mmhg": 120},
        {"heart_rate_bpm": 80, "measured_on": NOW.date().isoformat()},
        {"heart_rate_bpm": 80, "measured_at": at(hours=-25)},
        {"heart_rate_bpm": "80"},
        {"heart_rate_bpm": 80.5},
    ]

    answers = [await measured(http, nurse, ada, **fields) for fields in senseless]

    assert [one.status_code for one in answers] == [422] * len(senseless)


async def test_a_palpated_pressure_and_a_reason_why_not_stand_alone(http, nurse, ada):
    palpated = await measured(http, nurse, ada, systolic_mmhg=120, method="palpated")
    not_done = await measured(http, nurse, ada, not_done_reason="asleep")

    assert (palpated.status_code, not_done.status_code) == (201, 201)


async def test_a_patch_is_judged_as_if_the_whole_were_sent_anew(http, nurse, ada):
    reading = (await measured(http, nurse, ada, **PRESSURES, note="left arm")).json()

    halved = await patch(http, nurse, reading, {"diastolic_mmhg": None}, "vitals")
    palpated = {"diastolic_mmhg": None, "method": "palpated"}
    whole = await patch(http, nurse, reading, palpated, "vitals")
    stale = await patch(http, nurse, reading, {"note": None}, "vitals")

    assert halved.status_code == 422
    assert (whole.json()["diastolic_mmhg"], whole.json()["note"]) == (None, "left arm")
    assert (whole.json()["status"], whole.json()["version"]) == ("amended", 2)
    assert problem(stale) == (412, "stale")
