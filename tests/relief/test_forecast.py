from datetime import UTC, date, datetime, timedelta

import pytest

from app.access.policy import Role
from app.alerts.tables import Level
from app.kit.ids import new_id
from app.science.forecast import intended_use
from app.science.forecast.parameters import shipped
from tests.alerts.makers import raised
from tests.makers import NOW, patient
from tests.relief.test_relief import give
from tests.worklist.makers import one, treated

FADING = {3: 2, 10: 4, 17: 7}


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def ehr(clinic):
    return await clinic.ehr()


async def accept(http, clinic, word="accept", **told):
    url = f"/v1/settings/intended-use/{word}"
    sent = told or {"version": intended_use.VERSION}
    answer = await http.post(url, json=sent, headers=await clinic.staff(Role.ADMIN))
    assert answer.status_code == 200, answer.text


async def relief(http, headers, ada, **asked):
    answer = await http.get(f"/v1/patients/{ada}/relief", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_it_is_off_until_an_admin_accepted_what_it_is_for(http, clinic, ehr):
    ada = await treated(http, ehr, FADING)

    before = await relief(http, ehr, ada)
    await accept(http, clinic)
    accepted = await relief(http, ehr, ada)
    await accept(http, clinic, "withdraw", reason="We want to look at it first")
    after = await relief(http, ehr, ada)

    for told in (before, after):
        assert (told["forecast"], told["window"]) == (None, None)
        assert told["forecast_reason"]["name"] == "intended_use_not_accepted"
    assert accepted["forecast"]["parameters_version"] == shipped().version
    assert accepted["forecast_reason"] is None


async def test_it_says_how_probably_relief_is_lost_by_each_day(http, clinic, ehr):
    ada = await treated(http, ehr, FADING)
    await accept(http, clinic)

    told = (await relief(http, ehr, ada))["forecast"]

    chances = told["probability_lost_by_day"]
    assert chances == sorted(chances)
    assert told["probability_already_lost"] == pytest.approx(chances[20], abs=0.01)
    assert set(told["intervals"]) == {"50", "80", "95"}
    wide, narrow = told["intervals"]["95"], told["intervals"]["50"]
    assert wide["lower_days"] <= narrow["lower_days"] <= told["median_days"]
    assert len(told["rests_on"]) == 4


async def test_without_a_baseline_there_is_none_and_it_says_so(http, clinic, ehr):
    ada = await patient(http, ehr)
    await give(http, f"/v1/patients/{ada}", ehr, 5)
    await accept(http, clinic)

    told = await relief(http, ehr, ada)

    assert told["forecast"] is None
    assert told["forecast_reason"]["name"] == "no_scores"


async def test_the_window_keeps_to_the_clinics_opening_days(http, clinic, ehr, owner):
    ada = await treated(http, ehr, FADING)
    await accept(http, clinic)
    row = {"reason": "only then", "version": 1, "changed_at": NOW, "changed_by": clinic.id}
    own = {"clinic_id": clinic.id, "id": new_id(), "key": "clinic.open_weekdays"}
    await owner.insert("settings", **own, **row, value="[3]")

    told = (await relief(http, ehr, ada))["window"]

    assert date.fromisoformat(told["closes_on"]).isoweekday() == 3
    assert told["opens_on"] <= told["closes_on"] <= told["latest_on"]
    assert told["parameters"]["open_weekdays"] == [2]
    assert told["held_by"] == []


async def test_bladder_symptoms_stand_in_the_way_until_somebody_reviewed_them(http, clinic, ehr):
    ada, pool = await treated(http, ehr, FADING), http.state["pool"]
    await accept(http, clinic)
    said = "Blood in the urine was reported."
    alert = await raised(pool, clinic, ada, Level.WARN, rule="BLAD", sentence=said)

    held = (await relief(http, ehr, ada))["window"]["held_by"]
    item = await one(http, ehr, ada)
    await http.post(f"/v1/alerts/{alert}/close", json={}, headers=await clinic.staff())
    after = (await relief(http, ehr, ada))["window"]["held_by"]

    assert held == [{"rule": "BLAD", "alert_id": str(alert), "sentence": said}]
    assert after == []
    assert {"alert", "review_due"} <= {reason["reason"] for reason in item["reasons"]}


async def test_the_past_has_a_forecast_of_its_own_and_no_window(http, clinic, ehr):
    ada = await treated(http, ehr, FADING)
    await accept(http, clinic)

    then = await relief(http, ehr, ada, as_of=(NOW - timedelta(days=9)).isoformat())

    assert then["forecast"]["days_since_infusion"] == 11
    assert then["window"] is None


async def test_the_worklist_says_when_the_window_opens(http, clinic, ehr):
    ada = await treated(http, ehr, {3: 4, 9: 3}, days=10)
    await accept(http, clinic)

    window = (await relief(http, ehr, ada))["window"]
    item = await one(http, ehr, ada)

    opens = datetime.combine(date.fromisoformat(window["opens_on"]), datetime.min.time(), UTC)
    assert datetime.fromisoformat(item["window_opens_at"]) == opens
    assert item["forecast"]["parameters_version"] == shipped().version


async def test_a_decision_keeps_the_forecast_that_was_shown(http, clinic, ehr, owner):
    ada, staff = await treated(http, ehr, FADING), await clinic.staff()
    await accept(http, clinic)
    shown = await relief(http, ehr, ada)
    sent = {"decision": "repeat", "decided_at": NOW.isoformat(), "reason": "Relief is fading"}
    kept = await http.post(f"/v1/patients/{ada}/decisions", json=sent, headers=staff)

    await accept(http, clinic, "withdraw", reason="We want to look at it first")
    again = await http.get(f"/v1/decisions/{kept.json()['id']}", headers=staff)

    snapshot = again.json()["snapshot"]
    assert snapshot["forecast"]["parameters_version"] == shipped().version
    assert snapshot["forecast"]["median_days"] == pytest.approx(shown["forecast"]["median_days"])
    assert snapshot["window"]["closes_on"] == shown["window"]["closes_on"]
    assert snapshot == kept.json()["snapshot"]
