from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from app.kit import clock
from tests.makers import at, patient

WELL = [0, 0, 0, 0, 0, 0, 0, 0, 0]
AT_RISK = [1, 1, 2, 0, 1, 0, 2, 0, 1]


def phq9(answers=WELL, **fields):
    return {"instrument": "PHQ-9", "taken_at": at(), "answers": answers} | fields


async def chart(http, make, who="staff"):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    return f"/v1/patients/{ada}", nurse if who == "staff" else await clinic.ehr()


async def add(http, url, headers, sent):
    answer = await http.post(f"{url}/assessments", json=sent, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def alerts(http, url, headers):
    return (await http.get(f"{url}/alerts", headers=headers)).json()["items"]


async def test_the_server_scores(http, make):
    ada, nurse = await chart(http, make)

    kept = await add(http, ada, nurse, phq9([1, 1, 2, 0, 1, 0, 2, 0, 0]))

    assert kept["total"] == 7
    assert kept["total_source"] == "computed"
    assert kept["complete"] is True
    assert kept["band"] == "mild"
    assert kept["self_harm"] == "none"
    assert kept["scoring_version"]


async def test_a_prorated_total_is_shown_to_three_decimals(http, make):
    ada, nurse = await chart(http, make)

    kept = await add(http, ada, nurse, phq9([2, 2, 2, 2, 2, 0, 0, None, None]))

    assert kept["total"] == 12.857
    assert kept["total_source"] == "prorated"
    assert kept["self_harm"] == "unknown"


async def test_a_bare_total_says_nothing_of_self_harm(http, make):
    ada, nurse = await chart(http, make)

    kept = await add(http, ada, nurse, {"instrument": "PHQ-9", "taken_at": at(), "total": 14})

    assert (kept["total"], kept["total_source"]) == (14, "reported")
    assert kept["self_harm"] == "unknown"
    assert await alerts(http, ada, nurse) == []


async def test_a_total_that_disagrees_with_all_its_answers_is_refused(http, make):
    ada, nurse = await chart(http, make)

    refused = await http.post(f"{ada}/assessments", json=phq9(total=3), headers=nurse)
    some_null = phq9([0, 0, 0, 0, 0, 0, 0, 0, None], total=3)
    stands = await add(http, ada, nurse, some_null)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/total"
    assert (stands["total"], stands["total_source"]) == (3, "reported")


@pytest.mark.parametrize(
    "wrong",
    [
        {"answers": [0] * 8},
        {"answers": [0] * 8 + [4]},
        {"answers": [0] * 8 + [True]},
        {"answers": [0] * 8 + ["1"]},
        {"answers": None},
        {"instrument": "PHQ-10"},
        {"taken_on": "2026-01-01"},
        {"taken_at": "2026-01-01T10:00:00"},
        {"taken_at": 1767261600},
        {"taken_at": at(days=-2)},
        {"infusion_id": str(uuid4())},
        {"mood_ring": "green"},
        {"note": "\u0000"},
    ],
    ids=[
        "too few",
        "too high",
        "a boolean",
        "a string",
        "neither answers nor total",
        "no such instrument",
        "both a day and an instant",
        "no offset",
        "a number",
        "two days ahead",
        "no session",
        "no such field",
        "NUL",
    ],
)
async def test_what_can_not_be_is_refused_by_pointer_and_without_repeating_it(http, make, wrong):
    ada, nurse = await chart(http, make)

    refused = await http.post(f"{ada}/assessments", json=phq9() | wrong, headers=nurse)

    assert refused.status_code == 422, refused.text
    assert all(
        error["pointer"].startswith("/") or not error["pointer"]
        for error in refused.json()["errors"]
    )


async def test_a_day_alone_is_kept_as_a_day(http, make):
    ada, nurse = await chart(http, make)
    sent = {"instrument": "PHQ-9", "taken_on": "2026-03-04", "total": 12}

    kept = await add(http, ada, nurse, sent)

    assert kept["precision"] == "day"
    assert (kept["taken_on"], kept["taken_at"]) == ("2026-03-04", None)
    assert kept["effective_at"] == "2026-03-04T12:00:00Z"


async def test_tell_apart_live_late_and_import(http, make):
    ada, nurse = await chart(http, make)
    other, ehr = await chart(http, make, who="ehr")

    live = await add(http, ada, nurse, phq9(taken_at=clock.now().isoformat()))
    late = await add(http, ada, nurse, phq9(taken_at=at(days=9)))
    brought = await add(http, other, ehr, phq9(taken_at=at(days=9)))
    said = await add(http, other, ehr, phq9(entry_mode="import"))

    modes = [one["entry_mode"] for one in (live, late, brought, said)]
    assert modes == ["live", "late", "import", "import"]


@pytest.mark.parametrize(
    ("instrument", "answers", "level"),
    [
        ("PHQ-9", [0] * 8 + [1], "warn"),
        ("PHQ-9", [0] * 8 + [2], "stop"),
        ("QIDS-SR16", [0] * 11 + [1] + [0] * 4, "warn"),
        ("QIDS-SR16", [0] * 11 + [2] + [0] * 4, "stop"),
        ("MADRS", [0] * 9 + [1], "warn"),
        ("MADRS", [0] * 9 + [4], "stop"),
        ("BDI-II", [0] * 8 + [1] + [0] * 12, "warn"),
        ("HAMD-17", [0, 0, 1] + [0] * 14, "warn"),
        ("C-SSRS", [1, 0, None, None, None, 0, 0], "warn"),
        ("C-SSRS", [1, 1, 1, 0, 0, 0, 0], "stop"),
        ("C-SSRS", [1, 1, 1, 1, 0, 0, 0], "emergency"),
        ("C-SSRS", [None, 0, None, None, None, 0, 0], "warn"),
        ("PHQ-9", [3] * 8 + [0], None),
        ("C-SSRS", [0, 0, None, None, None, 0, 0], None),
    ],
)
async def test_an_answer_about_self_harm_raises_its_level(http, make, instrument, answers, level):
    ada, nurse = await chart(http, make)

    kept = await add(
        http, ada, nurse, {"instrument": instrument, "taken_at": at(), "answers": answers}
    )

    raised = await alerts(http, ada, nurse)
    assert [one["level"] for one in raised] == ([level] if level else [])
    assert [one["evidence"]["assessment_id"] for one in raised] == [kept["id"]] * len(raised)


async def test_what_an_integration_brings_late_is_flagged_instead(http, make):
    ada, ehr = await chart(http, make, who="ehr")

    fresh = await add(http, ada, ehr, phq9(AT_RISK, taken_at=at(hours=71)))
    old = await add(http, ada, ehr, phq9(AT_RISK, taken_at=at(days=4)))

    raised = await alerts(http, ada, ehr)
    assert [one["subject_id"] for one in raised] == [fresh["id"]]
    assert "self-harm-in-history" in old["flags"]


async def test_staff_who_chart_late_still_raise_the_alert_marked_late(http, make):
    ada, nurse = await chart(http, make)

    await add(http, ada, nurse, phq9(AT_RISK, taken_at=at(days=9)))

    assert [one["late"] for one in await alerts(http, ada, nurse)] == [True]


async def test_correcting_or_voiding_the_answer_does_not_close_the_alert(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9(AT_RISK))
    url = f"/v1/assessments/{kept['id']}"

    patch = {"answers": WELL, "change_reason": "read the wrong line"}
    amended = await http.patch(url, json=patch, headers={**nurse, "If-Match": '"1"'})
    corrected = await alerts(http, ada, nurse)
    await http.post(f"{url}/void", json={"reason": "wrong patient"}, headers=nurse)
    voided = await alerts(http, ada, nurse)

    assert amended.json()["status"] == "amended"
    assert amended.json()["self_harm"] == "none"
    assert [(one["status"], one["evidence_status"]) for one in corrected] == [("open", "corrected")]
    assert [(one["status"], one["evidence_status"]) for one in voided] == [("open", "voided")]


async def test_an_answer_corrected_to_self_harm_raises_the_alert(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9(WELL))

    await http.patch(
        f"/v1/assessments/{kept['id']}",
        json={"answers": AT_RISK},
        headers={**nurse, "If-Match": '"1"'},
    )

    assert [one["level"] for one in await alerts(http, ada, nurse)] == ["warn"]


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
