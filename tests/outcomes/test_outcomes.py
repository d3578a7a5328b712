from dataclasses import dataclass
from uuid import uuid4

import httpx
import pytest

from app.access.policy import Role
from app.science.forecast import intended_use
from tests.makers import Made, at

DAY_ZERO = 60
"""The one infusion that each patient here had was so many days ago."""

LOST = {2: 8, 14: 9, 21: 15}
"""Totals by day: relief that was seen on day 14 and was gone on day 21."""
HELD = {2: 4, 14: 8, 42: 9}
DEEP = {2: 2, 14: 3, 21: 15}
NEVER = {3: 18}

KETAMINE = {"drug": "ketamine", "route": "iv", "dose_mg": 35, "weight_kg": 70}
ESKETAMINE = {"drug": "esketamine", "route": "intranasal", "dose_mg": 56}


def score(patient_id, day, total):
    told = {"kind": "assessment", "id": str(uuid4()), "patient_id": patient_id}
    return told | {"instrument": "PHQ-9", "taken_at": at(DAY_ZERO - day), "total": total}


def treated(totals, given=KETAMINE, **session):
    """The records of a patient with a PHQ-9 of 20 before one infusion, and these after."""
    who = str(uuid4())
    infusion = {"kind": "infusion", "id": str(uuid4()), "patient_id": who, "status": "completed"}
    return [
        {"kind": "patient", "id": who, "given_name": "Ada"},
        infusion | given | {"started_at": at(DAY_ZERO)} | session,
        *(score(who, day, total) for day, total in {-1: 20, **totals}.items()),
    ]


@dataclass
class Charted:
    """A clinic, and what it recorded."""

    http: httpx.AsyncClient
    clinic: Made
    ehr: dict[str, str]

    async def send(self, *patients):
        items = [item for records in patients for item in records]
        answer = await self.http.post("/v1/batch", json={"items": items}, headers=self.ehr)
        assert {one["status"] for one in answer.json()["results"]} == {"created"}, answer.text

    async def read(self, **asked):
        answer = await self.http.get("/v1/outcomes", params=asked, headers=self.ehr)
        assert answer.status_code == 200, answer.text
        return answer.json()


@pytest.fixture
async def charted(http, make):
    clinic = await make.clinic()
    return Charted(http, clinic, await clinic.ehr())


async def test_response_is_counted_of_those_seen_and_in_the_worst_case(charted):
    await charted.send(*map(treated, (LOST, LOST, HELD, NEVER, NEVER, {})))

    found = (await charted.read())["all"]["responses"]

    assert (found["eligible"], found["assessed"]) == (6, 5)
    assert found["not_assessed"] == {"no_scores": 1}
    response = found["response"]
    assert (response["observed"]["count"], response["observed"]["percent"]) == (3, 60.0)
    assert (response["worst_case"]["of"], response["worst_case"]["percent"]) == (6, 50.0)
    assert response["observed"]["lower_percent"] < 60 < response["observed"]["upper_percent"]
    assert found["remission"]["observed"]["count"] == 1


async def test_nothing_is_told_in_percent_of_fewer_than_five(charted):
    await charted.send(*map(treated, (LOST, HELD, HELD, NEVER)))

    found = await charted.read()

    share = found["all"]["responses"]["response"]["observed"]
    assert (share["count"], share["of"], share["percent"]) == (3, 4, None)
    assert share["reason"] == "fewer_than_five"
    curves = found["all"]["curves"]
    assert curves["observed"] is curves["at_detection"] is curves["noise_aware"] is None
    assert curves["reason"] == curves["noise_aware_reason"] == "fewer_than_five"


async def test_curves_stand_side_by_side_and_a_chart_review_is_the_longest(charted):
    await charted.send(*map(treated, [*[LOST] * 5, NEVER]))

    found = (await charted.read())["all"]["curves"]

    assert (found["lost"], found["left_out"]["no_response"]) == (5, 1)
    observed, detected = found["observed"], found["at_detection"]
    assert observed["median"] == {"lower_days": 14, "upper_days": 21, "reason": None}
    assert detected["median"]["upper_days"] == 21
    assert (observed["least"][18], observed["most"][18], detected["survival"][18]) == (0, 1, 1)
    assert (observed["upper"][14], observed["upper"][15]) == (1, None), "nobody held for longer"
    assert (observed["at_risk"][14], observed["at_risk"][15]) == (5, 0)
    assert detected["restricted_means"][0] == {"horizon_days": 28, "mean_days": 21, "reason": None}


async def test_half_that_is_never_reached_is_said(charted):
    await charted.send(*map(treated, [HELD] * 5))

    found = (await charted.read())["all"]["curves"]["at_detection"]

    assert found["median"] == {"lower_days": None, "upper_days": None, "reason": "not_reached"}
    assert found["restricted_means"][1]["reason"] == "not_followed_so_long"


async def test_the_joint_model_speaks_once_its_use_was_accepted(charted, http):
    await charted.send(*map(treated, [DEEP] * 5))
    before = (await charted.read())["all"]["curves"]
    await accept(http, charted.clinic)

    found = await charted.read()

    assert before["noise_aware_reason"] == "intended_use_not_accepted"
    curve = found["all"]["curves"]["noise_aware"]
    assert (curve["patients"], curve["method"]) == (5, "joint_model")
    assert curve["survival"] == sorted(curve["survival"], reverse=True)
    assert 14 <= curve["median"]["upper_days"] <= 21
    assert found["parameters_version"]


async def accept(http, clinic):
    admin = await clinic.staff(Role.ADMIN)
    sent = {"version": intended_use.VERSION}
    url = "/v1/settings/intended-use/accept"
    answer = await http.post(url, json=sent, headers=admin)
    assert answer.status_code < 300, answer.text


async def test_parts_are_told_apart_and_left_out(charted):
    await charted.send(*map(treated, [LOST] * 5), treated(HELD, ESKETAMINE))

    apart = await charted.read(by="drug")
    sprayed = await charted.read(drug="esketamine")
    later = await charted.read(**{"from": at(DAY_ZERO - 20)})

    parts = {one["value"]: one for one in apart["strata"]}
    assert parts["ketamine"]["responses"]["eligible"] == 5
    assert parts["ketamine"]["curves"]["observed"] is not None
    assert parts["esketamine"]["curves"]["reason"] == "fewer_than_five"
    assert sprayed["all"]["responses"]["eligible"] == 1
    assert later["all"]["responses"]["eligible"] == 0


async def test_a_side_effect_is_told_of_the_sessions_that_were_asked(charted):
    nausea = [{"effect": "nausea", "present": number < 2} for number in range(5)]
    told = [{"side_effects": [{"id": str(uuid4())} | one]} for one in nausea]
    await charted.send(*(treated({}, **one) for one in told), *map(treated, [{}] * 7))

    (band,) = (await charted.read())["side_effects"]

    assert band["dose_band"] == "ketamine 0.4 to <0.6 mg/kg"
    assert (band["sessions"], band["sessions_not_asked"]) == (12, 7)
    (nausea,) = band["effects"]
    assert (nausea["asked"], nausea["not_asked"]) == (5, 7)
    assert (nausea["present"]["count"], nausea["present"]["percent"]) == (2, 40.0)
    assert (nausea["at_least"]["of"], nausea["at_least"]["percent"]) == (12, 16.7)


async def test_what_was_told_only_where_it_was_there_is_no_hundred_percent(charted):
    headache = {"effect": "headache", "present": True}
    told = [{"side_effects": [{"id": str(uuid4())} | headache]} for _ in range(5)]
    await charted.send(*(treated({}, **one) for one in told), *map(treated, [{}] * 5))

    (band,) = (await charted.read())["side_effects"]

    (found,) = band["effects"]
    assert (found["present"]["percent"], found["present"]["reason"]) == (
        None,
        "never_recorded_absent",
    )
    assert found["at_least"]["percent"] == 50.0


async def test_the_next_question_sees_what_was_recorded_since(charted):
    ada = treated({})
    await charted.send(ada)
    before = await charted.read()
    again = await charted.read()

    await charted.send([score(ada[0]["id"], 9, 8)])

    assert before["as_of"] == again["as_of"], "kept, as no record has changed"
    assert before["all"]["responses"]["assessed"] == 0
    assert (await charted.read())["all"]["responses"]["assessed"] == 1


async def test_made_up_patients_count_in_made_up_clinics_alone(charted, http, make, owner):
    demo = await make.clinic(is_demo=True)
    there = Charted(http, demo, await demo.ehr())
    for clinic in (charted, there):
        await clinic.send(treated(LOST))
    await owner.untouchable("UPDATE patients SET is_demo = true")

    assert (await charted.read())["patients"] == 0
    assert (await there.read())["patients"] == 1


async def test_published_results_say_where_they_are_from(charted):
    found = await charted.read()

    (murrough, *_) = [one for one in found["published"] if one["study"] == "Murrough 2013"]
    assert (murrough["percent"], murrough["source"], murrough["trust"]) == (70.8, "MUR13", "found")
    assert {one["trust"] for one in found["published"]} <= {"found", "found-2nd"}
    assert {one["id"] for one in found["rules"]} >= {"response", "remission", "worst_case"}


async def test_a_phone_and_an_auditor_are_told_nothing_of_the_clinic(charted, http):
    ada = treated({})
    await charted.send(ada)
    phone = await charted.clinic.phone(ada[0]["id"])

    for caller in (phone, await charted.clinic.staff(Role.AUDITOR)):
        assert (await http.get("/v1/outcomes", headers=caller)).status_code == 403


@pytest.mark.parametrize("asked", [{"by": "mood"}, {"instrument": "GAD-7"}, {"from": "2026-01-01"}])
async def test_a_question_without_sense_is_refused(charted, http, asked):
    answer = await http.get("/v1/outcomes", params=asked, headers=charted.ehr)

    assert answer.status_code == 422
