from datetime import timedelta

from tests.infusions.makers import given, made, post, problem, running
from tests.makers import NOW, patient

CHECKS = {
    "gait_steady": True,
    "dissociation_resolved": True,
    "nausea_controlled": True,
    "escort_present": True,
    "instructions_given": True,
    "told_not_to_drive": True,
    "aldrete": 10,
}


async def measured(http, headers, session, ago, systolic, **fields):
    """A pressure so many minutes ago."""
    body = {"measured_at": (NOW - timedelta(minutes=ago)).isoformat()}
    body |= {"systolic_mmhg": systolic, "diastolic_mmhg": 80, "infusion_id": session["id"]}
    url = f"/v1/patients/{session['patient_id']}/vitals"
    answer = await post(http, headers, url, body | fields)
    assert answer.status_code == 201, answer.text


async def recovered(http, headers):
    """A session whose patient is as well as before: started two hours ago, over for 80 minutes."""
    ada = await patient(http, headers)
    session = await made(http, headers, ada, given(hours=2, minutes=40))
    await measured(http, headers, session, 130, 128)
    await measured(http, headers, session, 30, 145)
    await measured(http, headers, session, 5, 132, sedation_moaas=5)
    return session


async def test_each_criterion_is_met_unmet_or_unknown_with_its_evidence(http, make):
    nurse = await (await make.clinic()).staff()
    session = await recovered(http, nurse)

    answer = await http.get(f"/v1/infusions/{session['id']}/discharge", headers=nurse)

    found = {one["criterion"]: one for one in answer.json()["criteria"]}
    assert found["blood_pressure"]["met"] is True
    assert len(found["blood_pressure"]["rests_on"]) == 2
    assert found["escort"]["met"] is None
    assert answer.json()["all_met"] is False


async def test_who_meets_everything_goes_home_and_again_is_harmless(http, make):
    nurse = await (await make.clinic()).staff()
    session = await recovered(http, nurse)
    url = f"/v1/infusions/{session['id']}/discharge"

    answer = await post(http, nurse, url, {"at": NOW.isoformat(), "checks": CHECKS})
    again = await post(http, nurse, url, {"at": NOW.isoformat()})

    assert answer.status_code == 200, answer.text
    assert answer.json()["discharged_at"] is not None
    assert answer.json()["discharge_checks"]["escort_present"] is True
    assert again.json() == answer.json()


async def test_what_is_not_met_or_not_known_takes_a_reason_that_stays(http, make):
    nurse = await (await make.clinic()).staff()
    session = await recovered(http, nurse)
    url = f"/v1/infusions/{session['id']}/discharge"
    without = {name: value for name, value in CHECKS.items() if name != "escort_present"}
    sent = {"at": NOW.isoformat(), "checks": without}

    refused = await post(http, nurse, url, sent)
    reasons = [{"rule": "escort", "reason": "Lives next door."}]
    answer = await post(http, nurse, url, sent | {"reasons": reasons})

    assert problem(refused) == (409, "rule-in-the-way")
    assert refused.json()["rules"] == ["escort"]
    assert answer.status_code == 200, answer.text
    criteria = (await http.get(url, headers=nurse)).json()["criteria"]
    assert [one["reason"] for one in criteria if one["criterion"] == "escort"] == [
        "Lives next door."
    ]


async def test_nobody_goes_home_from_a_session_in_progress(http, make):
    nurse = await (await make.clinic()).staff()
    session = await made(http, nurse, await patient(http, nurse), running())

    answer = await post(http, nurse, f"/v1/infusions/{session['id']}/discharge", {})

    assert problem(answer) == (409, "illegal-move")


async def test_nobody_left_before_the_session_ended(http, make):
    nurse = await (await make.clinic()).staff()
    session = await recovered(http, nurse)
    early = {"at": (NOW - timedelta(hours=1.8)).isoformat(), "checks": CHECKS}

    answer = await post(http, nurse, f"/v1/infusions/{session['id']}/discharge", early)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/at"]
