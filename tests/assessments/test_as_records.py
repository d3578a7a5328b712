from datetime import datetime, timedelta
from uuid import uuid4

from app.kit import clock
from tests.assessments.makers import AT_RISK, add, chart, phq9
from tests.makers import at, patient


async def test_a_voided_record_is_read_but_listed_only_when_asked_and_never_changed(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9())
    url = f"/v1/assessments/{kept['id']}"

    voided = await http.post(f"{url}/void", json={"reason": "slip"}, headers=nurse)
    again = await http.post(f"{url}/void", json={"reason": "other"}, headers=nurse)
    listed = await http.get(f"{ada}/assessments", headers=nurse)
    everything = await http.get(f"{ada}/assessments?include_voided=true", headers=nurse)
    change = await http.patch(url, json={"note": "x"}, headers={**nurse, "If-Match": '"2"'})

    assert voided.json()["status"] == "entered_in_error"
    assert again.json() == voided.json()
    assert listed.json()["items"] == []
    assert [one["id"] for one in everything.json()["items"]] == [kept["id"]]
    assert change.status_code == 409
    assert (await http.get(url, headers=nurse)).status_code == 200


async def test_putting_a_voided_record_again_answers_it_and_never_revives_it(http, make):
    ada, nurse = await chart(http, make)
    url = f"{ada}/assessments/{uuid4()}"
    sent = phq9()
    made = (await http.put(url, json=sent, headers=nurse)).json()
    await http.post(f"/v1/assessments/{made['id']}/void", json={"reason": "slip"}, headers=nurse)

    again = await http.put(url, json=sent, headers=nurse)

    assert again.status_code == 200
    assert again.json()["status"] == "entered_in_error"


async def test_order_offset_and_spelling_do_not_make_content_other(http, make):
    ada, nurse = await chart(http, make)
    url = f"{ada}/assessments/{uuid4()}"
    noon = datetime.fromisoformat("2026-03-04T12:00:00+00:00")
    there = noon.astimezone(tz=datetime.fromisoformat("2026-03-04T05:00:00-07:00").tzinfo)

    first = await http.put(url, json=phq9(taken_at=noon.isoformat()), headers=nurse)
    spelt = {"note": None, "answers": [0.0] * 9, "taken_at": there.isoformat()}
    again = await http.put(url, json=spelt | {"instrument": "PHQ-9"}, headers=nurse)

    assert (first.status_code, again.status_code) == (201, 200)


async def test_the_same_id_under_another_patient_is_taken_and_in_another_clinic_free(http, make):
    ada, nurse = await chart(http, make)
    bob = f"/v1/patients/{await patient(http, nurse)}"
    eve, other = await chart(http, make)
    record_id, sent = uuid4(), phq9()
    await http.put(f"{ada}/assessments/{record_id}", json=sent, headers=nurse)

    under_bob = await http.put(f"{bob}/assessments/{record_id}", json=sent, headers=nurse)
    elsewhere = await http.put(f"{eve}/assessments/{record_id}", json=sent, headers=other)

    assert (under_bob.status_code, elsewhere.status_code) == (409, 201)
    assert under_bob.json()["type"] == "/problems/id-taken"


async def test_a_source_makes_one_record(http, make):
    ada, ehr = await chart(http, make, who="ehr")
    source = {"source": {"system": "ehr", "record_id": "77"}}
    kept = await add(http, ada, ehr, phq9(**source))

    second = await http.post(f"{ada}/assessments", json=phq9(AT_RISK, **source), headers=ehr)
    found = await http.get(f"{ada}/assessments?source=ehr|77", headers=ehr)

    assert second.status_code == 409
    assert second.json()["type"] == "/problems/source-taken"
    assert second.json()["existing_id"] == kept["id"]
    assert [one["id"] for one in found.json()["items"]] == [kept["id"]]


async def test_an_idempotency_key_answers_a_retry_as_the_first(http, make, owner):
    ada, ehr = await chart(http, make, who="ehr")
    url, sent = f"{ada}/assessments", phq9()

    first = await http.post(url, json=sent, headers={**ehr, "Idempotency-Key": '"k1"'})
    again = await http.post(url, json=sent, headers={**ehr, "Idempotency-Key": "k1"})
    other = await http.post(url, json=phq9(AT_RISK), headers={**ehr, "Idempotency-Key": "k1"})
    with clock.at(clock.now() + timedelta(hours=25)):
        expired = await http.post(url, json=sent, headers={**ehr, "Idempotency-Key": "k1"})

    assert again.status_code == 201
    assert again.json() == first.json()
    assert again.headers["location"] == first.headers["location"]
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert expired.json()["id"] != first.json()["id"]


async def test_a_change_names_its_version_in_the_order_of_the_contract(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9())
    url = f"/v1/assessments/{kept['id']}"
    bad = {"answers": "nonsense"}

    missing = await http.patch(url, json=bad, headers=nurse)
    stale = await http.patch(url, json=bad, headers={**nurse, "If-Match": '"9"'})
    invalid = await http.patch(url, json=bad, headers={**nurse, "If-Match": '"1"'})
    unknown = await http.patch(f"/v1/assessments/{uuid4()}", json=bad, headers=nurse)

    told = [answer.status_code for answer in (missing, stale, invalid, unknown)]
    assert told == [428, 412, 422, 404]


async def test_a_patch_with_null_takes_a_field_away(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9(note="tired"))

    changed = await http.patch(
        f"/v1/assessments/{kept['id']}",
        content=b'{"note": null}',
        headers={
            **nurse,
            "If-Match": '"1"',
            "Content-Type": "application/merge-patch+json",
        },
    )

    assert changed.json()["note"] is None
    assert changed.json()["version"] == 2
    assert changed.headers["etag"] == '"2"'


async def test_a_patch_that_changes_nothing_makes_no_version(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9(note="tired"))

    same = await http.patch(
        f"/v1/assessments/{kept['id']}",
        json={"note": "tired"},
        headers={**nurse, "If-Match": '"1"'},
    )

    assert same.json() == kept


async def test_history_tells_who_when_why_and_both_totals(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9())
    patch = {"answers": [1] + [0] * 8, "change_reason": "misread"}
    url = f"/v1/assessments/{kept['id']}"
    await http.patch(url, json=patch, headers={**nurse, "If-Match": '"1"'})

    first, second = (await http.get(f"{url}/history", headers=nurse)).json()["items"]

    assert first["record"]["total"] == 0
    assert second["reason"] == "misread"
    assert {"field": "total", "before": 0, "after": 1} in second["changes"]


async def test_a_list_is_paged_by_a_cursor_that_rows_added_do_not_move(http, make):
    ada, nurse = await chart(http, make)
    made = [await add(http, ada, nurse, phq9(taken_at=at(days=n))) for n in range(5)]
    url = f"{ada}/assessments?limit=2"

    first = await http.get(url, headers=nurse)
    await add(http, ada, nurse, phq9())
    second = await http.get(
        url, params={"cursor": first.json()["next_cursor"], "limit": 2}, headers=nurse
    )

    told = [one["id"] for page in (first, second) for one in page.json()["items"]]
    assert told == [one["id"] for one in made[:4]]
    assert 'rel="next"' in first.headers["link"]


async def test_the_instruments_tell_what_they_rest_on(http, make):
    _, nurse = await chart(http, make)

    one = (await http.get("/v1/instruments/PHQ-9", headers=nurse)).json()
    every = (await http.get("/v1/instruments", headers=nurse)).json()["items"]
    none = await http.get("/v1/instruments/PHQ-10", headers=nurse)

    assert len(every) == 17
    assert one in every
    assert one["safety_items"][0]["item"] == 9
    assert none.status_code == 404


async def test_an_instant_far_from_any_calendar_is_refused(http, make):
    ada, nurse = await chart(http, make)

    for wrong in ("0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59"):
        refused = await http.post(f"{ada}/assessments", json=phq9(taken_at=wrong), headers=nurse)
        assert refused.status_code == 422


async def test_a_nurse_charts_and_an_auditor_sees_nothing(http, make):
    clinic = await make.clinic()
    nurse, auditor = await clinic.staff("nurse"), await clinic.staff("auditor")
    ada = f"/v1/patients/{await patient(http, nurse)}"

    kept = await http.post(f"{ada}/assessments", json=phq9(), headers=nurse)
    denied = await http.get(f"{ada}/assessments", headers=auditor)
    unsigned = await http.get(f"{ada}/assessments")

    assert (kept.status_code, denied.status_code, unsigned.status_code) == (201, 403, 401)
