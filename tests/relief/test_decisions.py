from datetime import datetime, timedelta

import pytest

from app.access.policy import Role
from app.alerts.tables import Level
from tests.alerts.makers import raised
from tests.makers import NOW, at, patient
from tests.relief.test_relief import give, score
from tests.worklist.makers import settled, treated


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def staff(clinic):
    return await clinic.staff()


def repeat(days: float = 0, **fields):
    return {"decision": "repeat", "decided_at": at(days), "reason": "Relief is fading"} | fields


async def decide(http, headers, ada, **fields):
    url = f"/v1/patients/{ada}/decisions"
    answer = await http.post(url, json=repeat(**fields), headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def fetch(http, headers, decision):
    return (await http.get(f"/v1/decisions/{decision['id']}", headers=headers)).json()


async def test_it_keeps_what_was_shown(http, clinic, staff):
    ada = await treated(http, staff, {3: 2, 10: 4, 17: 7})
    alert = await raised(http.state["pool"], clinic, ada, Level.WARN)
    shown = (await http.get(f"/v1/patients/{ada}/relief", headers=staff)).json()

    kept = (await decide(http, staff, ada))["snapshot"]

    assert kept["current"]["state"] == "fading"
    assert kept["course"] == shown["courses"][-1]
    assert [one["infusion_id"] for one in kept["episodes"]] == [
        one["infusion_id"] for one in shown["episodes"]
    ]
    assert [one["id"] for one in kept["open_alerts"]] == [str(alert)]
    assert [one["total"] for one in kept["readings"]] == [7, 4, 2, 18]
    assert kept["forecast"] is None
    assert kept["forecast_reason"]["name"] == "intended_use_not_accepted"
    assert kept["versions"]["method"] == shown["method_version"]
    assert kept["versions"]["rules"]["BLAD"] == 1


async def test_nothing_changes_what_was_shown(http, staff):
    ada = await treated(http, staff, {3: 2, 10: 4, 17: 7})
    first = await decide(http, staff, ada)
    await score(http, f"/v1/patients/{ada}", staff, 1, 15)

    match = {"If-Match": '"1"'}
    change = {"planned_on": "2026-12-04", "reason": "Sooner", "change_reason": "She asked for it"}
    url = f"/v1/decisions/{first['id']}"
    amended = await http.patch(url, json=change, headers=staff | match)
    history = (await http.get(f"{url}/history", headers=staff)).json()["items"]

    assert amended.status_code == 200
    assert amended.json()["planned_on"] == "2026-12-04"
    assert amended.json()["snapshot"] == first["snapshot"]
    assert {one["field"] for one in history[-1]["changes"]} == {"planned_on", "reason"}


async def test_a_snapshot_is_never_taken_from_a_client(http, staff):
    ada = await patient(http, staff)

    url = f"/v1/patients/{ada}/decisions"
    answer = await http.post(url, json=repeat(snapshot={}), headers=staff)

    assert answer.status_code == 422
    assert [one["pointer"] for one in answer.json()["errors"]] == ["/snapshot"]


async def test_only_those_who_decide_may_record_a_decision(http, clinic, staff):
    ada = await patient(http, staff)
    url = f"/v1/patients/{ada}/decisions"

    told = {
        role: (await http.post(url, json=repeat(), headers=await clinic.staff(role))).status_code
        for role in (Role.CLINICIAN, Role.ADMIN, Role.NURSE)
    }
    by_ehr = await http.post(url, json=repeat(), headers=await clinic.ehr())
    read_by_nurse = await http.get(url, headers=await clinic.staff(Role.NURSE))

    assert told == {Role.CLINICIAN: 201, Role.ADMIN: 201, Role.NURSE: 403}
    assert by_ehr.status_code == 403
    assert len(read_by_nurse.json()["items"]) == 2


async def test_a_timeline_shows_it_to_staff_and_not_to_the_patient(http, clinic, staff):
    ada = await treated(http, staff, {3: 4})
    decision = await decide(http, staff, ada)
    url = f"/v1/patients/{ada}/timeline"

    seen = (await http.get(url, params={"kinds": "decision"}, headers=staff)).json()["items"]
    own = (await http.get(url, headers=await clinic.phone(ada))).json()["items"]

    assert [(one["kind"], one["id"]) for one in seen] == [("decision", decision["id"])]
    assert seen[0]["data"]["reason"] == "Relief is fading"
    assert "snapshot" not in seen[0]["data"]
    assert "decision" not in {one["kind"] for one in own}


async def test_it_says_how_it_turned_out(http, staff):
    ada = await treated(http, staff, {3: 2, 10: 4}, days=30)
    planned = (NOW - timedelta(days=11)).date().isoformat()
    decision = await decide(http, staff, ada, days=18, planned_on=planned)
    await settled(http)
    before = (await fetch(http, staff, decision))["outcome"]

    url = f"/v1/patients/{ada}"
    await score(http, url, staff, 14, 12)
    infusion = await give(http, url, staff, 10)
    await settled(http)
    after = await fetch(http, staff, decision)

    assert (before["next_infusion_id"], before["relief_lost_before"]) == (None, None)
    told = after["outcome"]
    assert (told["next_infusion_id"], told["days_after"]) == (infusion, 8)
    assert (told["as_planned"], told["relief_lost_before"]) == (True, True)
    assert told["last_score"] == 12
    assert datetime.fromisoformat(told["last_score_at"]) == NOW - timedelta(days=14)
    assert after["version"] == 1


@pytest.mark.parametrize(
    ("fields", "as_planned"),
    [
        ({"planned_on": (NOW - timedelta(days=14)).date().isoformat()}, False),
        ({}, None),
        ({"decision": "stop"}, False),
    ],
)
async def test_it_says_whether_what_came_was_planned(http, staff, fields, as_planned):
    ada = await treated(http, staff, {3: 4}, days=30)
    decision = await decide(http, staff, ada, days=18, **fields)
    await give(http, f"/v1/patients/{ada}", staff, 10)
    await settled(http)

    assert (await fetch(http, staff, decision))["outcome"]["as_planned"] is as_planned
