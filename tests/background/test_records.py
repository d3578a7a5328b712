"""Medications, allergies, conditions and labs; what all records do is tested in tests/rules."""

from datetime import timedelta
from uuid import uuid4

from tests.makers import NOW, at, patient

PLACES = ("medications", "allergies", "conditions", "screenings", "labs", "events")
LONG_AGO, NEXT_WEEK = "2024-03-01", (NOW + timedelta(days=8)).date().isoformat()


async def test_a_medication_is_of_a_day_and_of_a_class_that_may_be_unknown(chart):
    code = {"system": "rxnorm", "value": "6470"}

    lorazepam = await chart.add("medications", name="lorazepam", started_on=LONG_AGO, code=code)

    assert lorazepam["code"] == code
    assert (lorazepam["effective_at"], lorazepam["precision"]) == ("2024-03-01T12:00:00Z", "day")
    assert (lorazepam["drug_class"], lorazepam["stopped_on"]) == (None, None)


async def test_a_medication_may_be_planned_to_end_and_none_begins_ahead(chart):
    zopiclone = await chart.add("medications", name="zopiclone", stopped_on=NEXT_WEEK)

    assert zopiclone["stopped_on"] == NEXT_WEEK
    assert "ahead" in await chart.refused("medications", name="a", started_on=NEXT_WEEK)


async def test_nothing_is_over_before_its_time(chart):
    told = {"condition": "mania", "resolved_on": NEXT_WEEK}

    assert "ahead" in await chart.refused("conditions", **told)


async def test_what_was_asked_about_and_is_absent_is_a_record_too(chart):
    psychosis = await chart.add("conditions", condition="psychosis", present=False)

    assert (psychosis["present"], psychosis["status"]) == (False, "final")


async def test_a_lab_result_is_of_the_instant_it_was_collected_at(chart):
    alt = await chart.add("labs", code="alt", value=31, unit="U/L", collected_at=at(2))

    assert (alt["precision"], alt["collected_on"]) == ("instant", None)
    assert alt["effective_at"] == alt["collected_at"]


async def test_what_loses_its_day_by_a_correction_is_dated_by_its_recording(chart):
    penicillin = await chart.add("allergies", substance="penicillin", noted_on=LONG_AGO)

    undated = await chart.change("allergies", penicillin, noted_on=None)

    assert (undated["effective_at"], undated["precision"]) == (undated["recorded_at"], "instant")


async def test_a_code_is_changed_within_and_taken_away(chart):
    code = {"system": "rxnorm", "value": "6470"}
    lorazepam = await chart.add("medications", name="lorazepam", code=code)

    other = await chart.change("medications", lorazepam, code={"value": "6471"})
    none = await chart.change("medications", other, code=None)

    assert other["code"] == {"system": "rxnorm", "value": "6471"}
    assert (none["code"], none["version"]) == (None, 3)


async def test_sent_twice_it_is_kept_once_and_its_source_is_known(chart):
    url = f"/v1/patients/{chart.patient_id}/medications/{uuid4()}"
    sent = {"name": "lithium", "source": {"system": "ehr", "record_id": "7"}}

    first = await chart.http.put(url, json=sent, headers=chart.headers)
    again = await chart.http.put(url, json=sent, headers=chart.headers)
    found = await chart.http.get(
        f"/v1/patients/{chart.patient_id}/medications?source=ehr|7", headers=chart.headers
    )

    assert (first.status_code, again.status_code) == (201, 200)
    assert found.json()["items"] == [first.json()]
    assert "taken" in (await chart.post("medications", **sent)).json()["type"]


async def test_a_phone_sees_none_of_it(chart):
    phone, paths = await chart.clinic.phone(chart.patient_id), PLACES

    answers = [
        await chart.http.get(f"/v1/patients/{chart.patient_id}/{path}", headers=phone)
        for path in paths
    ]

    assert {answer.status_code for answer in answers} == {403}


async def test_a_patient_with_a_live_record_of_any_kind_is_not_voided(chart):
    allergy = await chart.add("allergies", substance="latex")
    url, reason = f"/v1/patients/{chart.patient_id}/void", {"reason": "registered twice"}

    early = await chart.http.post(url, json=reason, headers=chart.headers)
    await chart.void("allergies", allergy)
    late = await chart.http.post(url, json=reason, headers=chart.headers)

    assert (early.status_code, late.status_code) == (409, 200)
    assert (await chart.post("allergies", substance="latex")).status_code == 409


async def test_a_record_is_of_one_patient(chart):
    bob = await patient(chart.http, chart.headers)
    lithium = await chart.add("medications", name="lithium")

    url = f"/v1/patients/{bob}/medications/{lithium['id']}"
    taken = await chart.http.put(url, json={"name": "lithium"}, headers=chart.headers)

    assert taken.status_code == 409
