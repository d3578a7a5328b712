from tests.infusions.makers import given, patch, running
from tests.safety.makers import ago


async def test_pressures_of_a_session_raise_one_alert_a_rule_that_grows(ada):
    session = await ada.session(running(hours=1))
    await ada.pressure(session, 130, 80, minutes=70)

    await ada.pressure(session, 172, 90, minutes=40)
    first = await ada.alerts()
    await ada.pressure(session, 185, 99, minutes=30)
    await ada.pressure(session, 181, 95, minutes=20)

    second = await ada.alerts()
    assert {rule: one["level"] for rule, one in first.items()} == {"BP-RISE": "warn"}
    assert second["BP-RISE"]["id"] == first["BP-RISE"]["id"]
    assert second["BP-RISE"]["subject_id"] == session["id"]
    rise, absolute = second["BP-RISE"]["evidence"], second["BP-ABS"]["evidence"]
    assert (len(rise["readings"]), rise["worst"]["systolic_mmhg"]) == (3, 185)
    assert (second["BP-ABS"]["level"], len(absolute["readings"])) == ("emergency", 2)
    assert absolute["sentence"].startswith("185/99 mmHg is at or above 180/110")
    assert absolute["thresholds"][0]["trust"] == "found-2nd"


async def test_a_level_may_rise_and_never_falls(ada):
    session = await ada.session(running(hours=1))
    for minutes in (30, 28):
        await ada.read(session, minutes, spo2_percent=91)
    warned = await ada.levels()

    deep = await ada.read(session, 20, spo2_percent=88, respiratory_rate_per_minute=9)
    await ada.post(f"/v1/vitals/{deep['id']}/void", reason="probe was off")

    alerts = await ada.alerts()
    assert warned == {"SPO2": "warn"}
    assert (alerts["SPO2"]["level"], alerts["SPO2"]["evidence_status"]) == ("emergency", "current")
    assert len(alerts["SPO2"]["evidence"]["readings"]) == 2
    assert (alerts["RR"]["level"], alerts["RR"]["evidence_status"]) == ("warn", "voided")


async def test_a_reading_that_comes_late_counts_where_it_belongs(ada):
    session = await ada.session(running(hours=1))
    await ada.read(session, 30, heart_rate_bpm=130, sedation_moaas=4)
    await ada.read(session, 20, heart_rate_bpm=126)
    pulse = await ada.levels()

    await ada.read(session, 65, sedation_moaas=5, systolic_mmhg=150, diastolic_mmhg=95)

    shown = {one["rule"]: one["level"] for one in (await ada.safety(session))["findings"]}
    assert pulse == {"HR": "warn"}
    assert await ada.levels() == {"HR": "warn", "BP-PRE": "stop"}
    assert shown == {"HR": "warn", "BP-PRE": "stop", "SED": "info", "CI-ABS": "info"}


async def test_a_correction_marks_the_evidence_and_closes_nothing(http, ada):
    session = await ada.session(running(hours=1))
    reading = await ada.pressure(session, 190, 80)

    await patch(http, ada.me, reading, {"systolic_mmhg": 109}, "vitals")

    alert = (await ada.alerts())["BP-ABS"]
    assert (alert["status"], alert["evidence_status"]) == ("open", "corrected")
    assert alert["evidence"]["worst"]["systolic_mmhg"] == 190


async def test_a_reading_at_home_is_about_itself(http, clinic, ada):
    phone = await clinic.phone(ada.id)
    item = {
        "id": "0192f3c4-0000-7000-8000-000000000001",
        "kind": "vitals",
        "measured_at": ago(5),
        "systolic_mmhg": 184,
        "diastolic_mmhg": 112,
    }

    sent = await http.post(
        "/v1/check-ins", json={"sent_at": ago(0), "items": [item]}, headers=phone
    )

    alert = (await ada.alerts())["BP-ABS"]
    assert sent.json()["results"][0]["status"] == "created"
    assert (alert["subject_kind"], alert["subject_id"]) == ("vitals", item["id"])


async def test_what_is_brought_as_history_is_flagged_and_what_staff_chart_late_is_late(
    http, clinic, ada
):
    session = await ada.session(given(days=5))
    by_ehr = type(ada)(http, await clinic.ehr(), ada.id)

    brought = await by_ehr.pressure(session, 190, 80, minutes=5 * 24 * 60)
    silent = await ada.alerts()
    await ada.pressure(session, 190, 80, minutes=5 * 24 * 60 + 1)

    assert (brought["flags"], silent) == (["bp-abs-in-history"], {})
    alert = (await ada.alerts())["BP-ABS"]
    assert (alert["late"], alert["due_at"]) == (True, None)


async def test_a_clinics_own_number_is_in_force_at_once(http, clinic, ada):
    admin = await clinic.staff("admin")
    url = "/v1/settings/safety.bp_abs.systolic_mmhg"
    sent = {"value": 200, "reason": "agreed with the anaesthetist"}
    chosen = await http.put(url, json=sent, headers=admin)
    assert chosen.status_code == 200, chosen.text

    session = await ada.session(running(hours=1))
    await ada.pressure(session, 190, 80)

    told = (await http.get("/v1/safety/rules", headers=ada.me)).json()["items"]
    rule = next(one for one in told if one["rule"] == "BP-ABS")
    assert await ada.levels() == {}
    assert (rule["thresholds"][0]["value"], rule["thresholds"][0]["trust"]) == (200, "clinic")
    assert (rule["thresholds"][1]["value"], rule["levels"]) == (110, ["emergency"])
