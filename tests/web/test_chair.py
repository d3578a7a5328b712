import re
from uuid import uuid4

from app.kit.clock import now
from tests.infusions.makers import fetch, made, planned, post, running
from tests.makers import patient
from tests.web.chairs import READING, proof, seated, send, vitals_of

HOSTILE = "<script>alert(1)</script>"


async def test_a_reading_is_kept_and_shown(http, browser, make):
    headers, session, page = await seated(http, make, browser)

    after = await send(browser, page, session, "vitals", **READING, spo2_percent="97,5")

    (kept,) = await vitals_of(http, headers, session)
    assert (kept["systolic_mmhg"], kept["diastolic_mmhg"], kept["spo2_percent"]) == (142, 88, 97.5)
    assert after.status_code == 200
    assert "142/88" in after.text


async def test_a_chair_says_who_sits_in_it_by_name_and_birth_date(http, browser, make):
    _, _, page = await seated(http, make, browser, birth_date="1980-11-24")

    head = re.search(r"<h1.*?</h1>", page.text, re.DOTALL).group()

    assert "Ada" in head
    assert "born 24 Nov 1980" in head


async def test_a_form_that_is_sent_twice_is_one_record(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    own = str(uuid4())

    for _ in range(2):
        again = await send(browser, page, session, "vitals", **READING, id=own)
    other = await send(
        browser, page, session, "vitals", **READING | {"systolic_mmhg": "150"}, id=own
    )

    assert again.status_code == 200
    assert [one["id"] for one in await vitals_of(http, headers, session)] == [own]
    assert other.status_code == 409
    assert 'value="150"' in other.text


async def test_what_is_refused_stands_in_the_form_with_what_is_wrong(http, browser, make):
    headers, session, page = await seated(http, make, browser)

    refused = await send(
        browser, page, session, "vitals", systolic_mmhg="842", diastolic_mmhg="88", note=HOSTILE
    )

    assert refused.status_code == 422
    assert 'value="842" aria-invalid="true"' in refused.text
    assert HOSTILE not in refused.text
    assert await vitals_of(http, headers, session) == []


async def test_a_script_is_told_in_json_what_was_wrong(http, browser, make):
    _, session, page = await seated(http, make, browser)
    told = {"id": str(uuid4()), "at": now().isoformat(), "systolic_mmhg": "842"}
    by_script = {"Accept": "application/json", "X-Form-Proof": proof(page)}
    url = f"/chair/{session['id']}/vitals"

    wrong = await browser.post(url, data=told, headers=by_script)
    right = await browser.post(url, data=told | READING, headers=by_script)

    assert wrong.status_code == 422
    assert wrong.json()["errors"][0]["field"] == "systolic_mmhg"
    assert right.json() == {"ok": True}


async def test_a_reading_that_was_not_done_keeps_its_place_in_the_plan(http, browser, make):
    headers, session, page = await seated(http, make, browser)

    await send(browser, page, session, "vitals", not_done="asleep", planned_minute="20")

    (kept,) = await vitals_of(http, headers, session)
    assert (kept["not_done_reason"], kept["planned_minute"]) == ("asleep", 20)


async def test_a_warning_appears_with_the_reading_that_gives_rise_to_it(http, browser, make):
    _, session, page = await seated(http, make, browser)
    assert "at or above" not in page.text

    after = await send(browser, page, session, "vitals", systolic_mmhg="192", diastolic_mmhg="104")

    alarms = after.text.split('id="warnings"')[1].split("chair-columns")[0]
    assert 'aria-live="assertive"' in alarms.split(">")[0]
    assert "192/104 mmHg is at or above" in alarms


async def test_side_effects_are_told_by_tap_and_absence_as_easily(http, browser, make):
    headers, session, page = await seated(http, make, browser)

    await send(browser, page, session, "side-effects", effect="nausea", severity="4")
    await send(browser, page, session, "side-effects", effect="headache", present="no")
    after = await send(
        browser, page, session, "side-effects", effect="none", effects="dizziness anxiety"
    )

    answer = await http.get(f"/v1/infusions/{session['id']}/side-effects", headers=headers)
    kept = {one["effect"]: (one["present"], one["severity"]) for one in answer.json()["items"]}
    absent = dict.fromkeys(("headache", "dizziness", "anxiety"), (False, None))
    assert kept == {"nausea": (True, 4)} | absent
    assert "4 of 10" in after.text


async def test_what_is_typed_of_an_effect_or_a_chair_is_text(http, browser, make):
    body = running(chair=HOSTILE)
    _, session, page = await seated(http, make, browser, body, given_name=HOSTILE)

    after = await send(
        browser, page, session, "side-effects", effect="other", other_text=HOSTILE, severity="2"
    )

    assert after.status_code == 200
    assert HOSTILE not in page.text + after.text
    assert after.text.count("&lt;script&gt;") >= 3


async def test_the_arithmetic_is_shown_and_the_dose_runs(http, browser, make):
    body = planned(planned_mg_per_kg=0.5, weight_kg=82.4, planned_minutes=40)
    headers, session, page = await seated(http, make, browser, body)
    assert "0.5 mg/kg x 82.4 kg = 41.2 mg" in page.text
    assert "over 40 min: 1.03 mg/min" in page.text

    after = await send(browser, page, session, "start", weight_kg="82.4")

    assert (await fetch(http, headers, session["id"]))["status"] == "in_progress"
    assert "at 1.03 mg/min" in after.text


async def test_a_start_wants_a_reason_for_each_rule_in_the_way(http, browser, make):
    body = planned(planned_dose_mg=90, weight_kg=60)
    headers, session, page = await seated(http, make, browser, body)
    assert "1.5 mg/kg IV is above" in page.text
    before = {"weight_kg": "60", "rate_mg_per_minute": "2"}

    refused = await send(browser, page, session, "start", **before)
    await send(browser, page, session, "start", **before | {"reason-DOSE": "agreed in March"})

    assert refused.status_code == 409
    assert 'name="reason-DOSE"' in refused.text
    started = await fetch(http, headers, session["id"])
    assert started["status"] == "in_progress"
    assert started["reasons"] == [{"rule": "DOSE", "reason": "agreed in March"}]


async def test_a_start_that_is_refused_half_way_leaves_nothing(http, browser, make):
    headers, session, page = await seated(http, make, browser, planned(weight_kg=80))

    refused = await send(browser, page, session, "start", rate_mg_per_minute="fast")

    assert refused.status_code == 422
    assert (await fetch(http, headers, session["id"]))["status"] == "planned"


async def test_a_session_is_paused_resumed_and_completed(http, browser, make):
    body = planned(planned_mg_per_kg=0.5, weight_kg=80, planned_minutes=40)
    headers, session, page = await seated(http, make, browser, body)
    await send(browser, page, session, "start")

    paused = await send(browser, page, session, "dose", kind="pause")
    resumed = await send(browser, page, session, "dose", kind="resume")
    await send(browser, page, session, "complete")

    assert 'id="resume-button"' in paused.text
    assert 'id="pause-button"' in resumed.text
    assert (await fetch(http, headers, session["id"]))["status"] == "completed"


async def test_what_had_run_in_when_the_dose_was_reached_is_what_was_given(http, browser, make):
    body = running(hours=1, planned_dose_mg=40, planned_minutes=40, weight_kg=80)
    headers, session, page = await seated(http, make, browser, body)
    event = {"at": session["started_at"], "kind": "rate", "rate_mg_per_minute": 1}
    await post(http, headers, f"/v1/infusions/{session['id']}/dose-events", event)

    await send(browser, page, session, "complete")

    done = await fetch(http, headers, session["id"])
    assert done["dose_mg"] == 40
    assert done["ended_at"][:16] < now().isoformat()[:16]


async def test_a_stop_wants_its_reason(http, browser, make):
    headers, session, page = await seated(http, make, browser)

    silent = await send(browser, page, session, "stop")
    await send(browser, page, session, "stop", stop_reason="distress")

    assert silent.status_code == 422
    stopped = await fetch(http, headers, session["id"])
    assert (stopped["status"], stopped["stop_reason"]) == ("stopped", "distress")


async def test_going_home_wants_a_reason_for_what_is_not_met(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    await send(browser, page, session, "stop", stop_reason="distress")
    ticks = dict.fromkeys(
        ("gait_steady", "escort_present", "instructions_given", "told_not_to_drive"), "yes"
    )

    refused = await send(browser, page, session, "discharge", **ticks, aldrete="10")
    missing = re.findall(r'name="(reason-[a-z_]+)"', refused.text)
    reasons = dict.fromkeys(missing, "seen by the physician")
    left = await send(browser, page, session, "discharge", **ticks, aldrete="10", **reasons)

    assert refused.status_code == 409
    assert 'name="gait_steady" value="yes" checked' in refused.text
    assert "Went home" in left.text
    assert (await fetch(http, headers, session["id"]))["discharged_at"] is not None


async def test_a_wrong_reading_is_taken_back_at_its_own_chair_alone(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    await send(browser, page, session, "vitals", **READING)
    (kept,) = await vitals_of(http, headers, session)
    bob = await patient(http, headers)
    elsewhere = await made(http, headers, bob, running())
    told = {"kind": "vitals", "id": kept["id"]}

    other = await send(browser, page, elsewhere, "void", **told)
    after = await send(browser, page, session, "void", **told)

    assert other.status_code == 404
    assert after.status_code == 200
    assert await vitals_of(http, headers, session) == []


async def test_a_chair_of_another_clinic_does_not_exist(http, browser, make):
    _, _, page = await seated(http, make, browser)
    south = await make.clinic()
    theirs = await south.staff()
    session = await made(http, theirs, await patient(http, theirs), running())

    for path in ("", "/state", "/events"):
        assert (await browser.get(f"/chair/{session['id']}{path}")).status_code == 404
    assert (await send(browser, page, session, "vitals", **READING)).status_code == 404
