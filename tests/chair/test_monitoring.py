from datetime import UTC, datetime, timedelta

from tests.infusions.makers import KETAMINE, made, planned, post
from tests.makers import patient


def started(minutes=30, **fields):
    """A session that began so many minutes ago: what is due depends on the minute."""
    start = datetime.now(UTC) - timedelta(minutes=minutes)
    return KETAMINE | {"status": "in_progress", "started_at": start.isoformat()} | fields


async def measured(http, headers, session, minute, **fields):
    """A reading so many minutes after the session's start."""
    start = datetime.fromisoformat(session["started_at"])
    body = {"measured_at": (start + timedelta(minutes=minute)).isoformat()}
    body |= {"infusion_id": session["id"]} | (fields or {"heart_rate_bpm": 80})
    url = f"/v1/patients/{session['patient_id']}/vitals"
    answer = await post(http, headers, url, body)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def seen(http, headers, session):
    """The session at the chair."""
    answer = await http.get(f"/v1/infusions/{session['id']}/monitoring", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def asked(http, headers, session, **fields):
    """A side effect told of, or asked about."""
    url = f"/v1/patients/{session['patient_id']}/side-effects"
    body = {"infusion_id": session["id"], "observed_at": datetime.now(UTC).isoformat()} | fields
    assert (await post(http, headers, url, body)).status_code == 201


async def test_what_is_next_counts_down_and_what_was_passed_is_missed(http, make):
    nurse = await (await make.clinic()).staff()
    session = await made(http, nurse, await patient(http, nurse), started())
    await measured(http, nurse, session, -10)
    await measured(http, nurse, session, 20)

    found = await seen(http, nurse, session)

    states = {one["planned_minute"]: one["state"] for one in found["readings"]}
    assert [states[one] for one in (-15, 0, 10, 20, 40)] == [
        "done",
        "missed",
        "missed",
        "done",
        "upcoming",
    ]
    assert found["next"]["planned_minute"] == 30
    assert -2 < found["next"]["minutes"] <= 0


async def test_the_last_value_stands_beside_the_one_before_the_dose(http, make):
    nurse = await (await make.clinic()).staff()
    session = await made(http, nurse, await patient(http, nurse), started())
    before = await measured(http, nurse, session, -5, systolic_mmhg=128, diastolic_mmhg=82)
    await measured(http, nurse, session, 10, systolic_mmhg=170, diastolic_mmhg=95)
    last = await measured(http, nurse, session, 20, systolic_mmhg=151, diastolic_mmhg=90)

    found = (await seen(http, nurse, session))["latest"]

    systolic = next(one for one in found if one["measure"] == "systolic_mmhg")
    assert (systolic["value"], systolic["before"], systolic["change"]) == (151, 128, 23)
    assert (systolic["vitals_id"], systolic["before_vitals_id"]) == (last, before)


async def test_a_side_effect_runs_until_it_is_told_to_be_gone(http, make):
    nurse = await (await make.clinic()).staff()
    session = await made(http, nurse, await patient(http, nurse), started())
    await asked(http, nurse, session, effect="nausea", severity=4)
    await asked(http, nurse, session, effect="dizziness", severity=2)
    await asked(http, nurse, session, effect="dizziness", present=False)

    found = await seen(http, nurse, session)

    assert [(one["effect"], one["severity"]) for one in found["side_effects"]] == [("nausea", 4)]
    assert found["asked_and_absent"] == ["dizziness"]


async def test_the_dose_so_far_is_what_the_events_add_up_to(http, make):
    nurse = await (await make.clinic()).staff()
    ada = await patient(http, nurse)
    session = await made(http, nurse, ada, started(planned_dose_mg=40))
    url = f"/v1/infusions/{session['id']}/dose-events"
    now = datetime.now(UTC)
    for minutes, event in ((20, {"kind": "rate", "rate_mg_per_minute": 1}), (10, {"kind": "stop"})):
        at = (now - timedelta(minutes=minutes)).isoformat()
        assert (await post(http, nurse, url, event | {"at": at})).status_code == 201

    found = (await seen(http, nurse, session))["dose"]

    assert found == {"given_mg": 10, "planned_mg": 40, "running": False}


async def test_a_clinic_may_measure_at_other_minutes(http, make):
    clinic = await make.clinic()
    nurse, admin = await clinic.staff(), await clinic.staff("admin")
    session = await made(http, nurse, await patient(http, nurse), started())
    url = "/v1/settings/chair.schedule_minutes"
    told = {"value": [0, 60], "reason": "Our protocol of May."}
    answer = await http.put(url, json=told, headers=admin | {"If-Match": '"0"'})
    assert answer.status_code in (200, 201), answer.text

    found = await seen(http, nurse, session)

    assert [one["planned_minute"] for one in found["readings"]] == [0, 60]
    assert found["rests_on"][0]["trust"] == "clinic"


async def test_an_appointment_shows_what_comes_before_the_dose(http, make):
    nurse = await (await make.clinic()).staff()
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    session = await made(http, nurse, await patient(http, nurse), planned(scheduled_at=soon))

    found = await seen(http, nurse, session)

    assert found["next"]["planned_minute"] == -15
    assert 40 < found["next"]["minutes"] <= 45
