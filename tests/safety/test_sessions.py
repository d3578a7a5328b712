from tests.infusions.makers import KETAMINE, given, patch, planned, running
from tests.makers import at
from tests.safety.makers import refused

ESK = {"drug": "esketamine", "route": "intranasal"}


async def test_a_start_names_the_rules_in_its_way_and_takes_reasons_for_each(ada):
    await ada.was_given(days=1)
    session = await ada.session(weight_kg=80, planned_dose_mg=96)
    await ada.pressure(session, 152, 88)

    without = await ada.start(session)
    half = await ada.start(session, "BP-PRE", "DOSE")
    whole = await ada.start(session, "BP-PRE", "DOSE", "INT-MIN")

    assert refused(without) == ["BP-PRE", "DOSE", "INT-MIN"]
    assert "152" not in without.text
    assert refused(half) == ["INT-MIN"]
    assert whole.status_code == 200
    alerts = await ada.alerts()
    assert {rule: one["level"] for rule, one in alerts.items()} == dict.fromkeys(
        ("BP-PRE", "DOSE", "INT-MIN"), "stop"
    )
    assert alerts["DOSE"]["evidence"]["reason"] == "discussed"
    assert alerts["DOSE"]["evidence"]["sentence"] == "1.2 mg/kg IV is above 1."


async def test_the_chair_is_told_what_speaks_and_of_what_it_stands_in_the_way(ada):
    session = await ada.session()
    await ada.pressure(session, 166, 88)

    before = await ada.safety(session)
    await ada.start(session, "BP-PRE-HI")
    after = await ada.safety(session)

    (finding,) = (one for one in before["findings"] if one["rule"] == "BP-PRE-HI")
    assert (finding["level"], finding["reason"]) == ("stop", None)
    assert finding["sentence"].startswith("166/88 mmHg is at or above 160/100")
    assert before["stands_in_way_of"] == finding["stands_in_way_of"] == ["start"]
    (passed,) = (one for one in after["findings"] if one["rule"] == "BP-PRE-HI")
    assert (passed["reason"], after["stands_in_way_of"]) == ("discussed", [])


async def test_every_way_into_progress_is_a_start(http, ada):
    await ada.was_given(days=1)
    session = await ada.session()
    soon = {"status": "in_progress", "started_at": at()}

    patched = await patch(http, ada.me, session, soon)
    url = f"/v1/patients/{ada.id}/infusions"
    posted = await http.post(url, json=running(separate_from=[session["id"]]), headers=ada.me)
    why = [{"rule": "INT-MIN", "reason": "moved for a holiday"}]
    reasoned = await patch(http, ada.me, session, soon | {"reasons": why})

    assert refused(patched) == refused(posted) == ["INT-MIN"]
    assert reasoned.json()["reasons"] == why


async def test_a_session_recorded_whole_is_never_refused(ada):
    await ada.was_given(days=1)

    session = await ada.was_given(days=0.2, weight_kg=80, dose_mg=96, planned_dose_mg=96)

    assert session["status"] == "completed"
    assert await ada.levels() == {"INT-MIN": "stop", "DOSE": "stop"}


async def test_a_first_dose_and_an_old_weight_warn_and_hold_nothing(ada):
    body = {"weight_kg": 80, "planned_dose_mg": 48, "weight_measured_on": "2026-01-05"}
    session = await ada.session(planned(**body))

    started = await ada.start(session)

    assert started.status_code == 200
    assert await ada.levels() == {"DOSE": "warn", "WT": "warn"}


async def test_esketamine_has_doses_days_and_two_hours_of_its_own(http, ada):
    await ada.session(given(days=1, hours=0, **(ESK | {"dose_mg": 56})))
    session = await ada.session(planned(**ESK, planned_dose_mg=50))

    answer = await ada.start(session)
    started = await ada.start(session, "DOSE", "INT-ESK")
    holds = await ada.holds(session)
    await ada.post(f"/v1/infusions/{session['id']}/complete", dose_mg=50)
    done = (await http.get(f"/v1/infusions/{session['id']}", headers=ada.me)).json()
    await patch(http, ada.me, done, {"monitoring_ended_at": done["ended_at"]})

    assert refused(answer) == ["DOSE", "INT-ESK"]
    assert (started.status_code, holds) == (200, {"OBS-120": ["discharge"]})
    assert (await ada.levels())["OBS-120"] == "stop"


async def test_a_pressure_that_does_not_fall_is_told_when_they_leave(http, ada):
    session = await ada.session(given(hours=3))
    for minutes, high in ((190, 120), (100, 150), (80, 155)):
        await ada.pressure(session, high, 80, minutes=minutes)
    before = await ada.levels()

    await patch(http, ada.me, session, {"discharged_at": at(hours=1)})

    assert (before, await ada.levels()) == ({}, {"BP-REST": "stop"})


async def test_voiding_a_session_voids_what_its_alerts_rest_on(http, ada):
    session = await ada.was_given(days=0.1, weight_kg=80, dose_mg=96)
    reading = await ada.pressure(session, 190, 80)
    reason = {"reason": "another patient's", "with_children": True}

    await ada.post(f"/v1/infusions/{session['id']}/void", **reason)

    alerts = (await ada.alerts()).values()
    assert {one["evidence_status"] for one in alerts} == {"voided"}
    assert {one["rule"] for one in alerts} == {"DOSE", "BP-ABS"}
    assert reading["infusion_id"] == session["id"]


async def test_a_session_brought_as_history_is_flagged(http, clinic, ada):
    by_ehr = type(ada)(http, await clinic.ehr(), ada.id)

    session = await by_ehr.was_given(days=30, weight_kg=80, dose_mg=96)

    assert (session["flags"], await ada.alerts()) == (["dose-in-history"], {})


async def test_a_cancelled_session_speaks_of_nothing(ada):
    session = await ada.session(KETAMINE | {"status": "cancelled", "weight_kg": 80})

    assert (await ada.safety(session))["findings"] == []
