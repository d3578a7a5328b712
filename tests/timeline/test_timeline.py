from uuid import uuid4

import pytest

from app.access.policy import Role
from tests.makers import at, patient

KINDS = {"infusion", "vitals", "side_effect", "assessment", "alert"}
PLACES = {"side_effect": "side-effects"} | {
    kind: f"{kind}s" for kind in ("infusion", "assessment", "alert")
}


def place_of(item):
    return f"/v1/{PLACES.get(item['kind'], item['kind'])}/{item['id']}"


async def add(http, url, headers, **sent):
    answer = await http.post(url, json=sent, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def session(days, **more):
    """A session so long ago."""
    given = {"status": "completed", "drug": "ketamine", "route": "iv", "dose_mg": 40}
    return given | {"started_at": at(days), "ended_at": at(days, -1), "note": "calm"} | more


async def one_of_each(http, url, headers):
    """A session ten days ago with everything that can follow it; the ids in order of time."""
    supplies = [{"product": "Ketamine 50 mg/ml", "drawn_mg": 50, "wasted_mg": 10}]
    given = await add(http, f"{url}/infusions", headers, **session(10, supplies=supplies))
    told = {"measured_at": at(10, -0.5), "systolic_mmhg": 150, "diastolic_mmhg": 90, "note": "up"}
    vitals = await add(http, f"{url}/vitals", headers, infusion_id=given, **told)
    told = {"observed_at": at(10, -2), "effect": "nausea", "present": False, "note": "asked"}
    effect = await add(http, f"{url}/side-effects", headers, infusion_id=given, **told)
    answers = [1, 1, 2, 0, 1, 0, 2, 0, 1]
    told = {"instrument": "PHQ-9", "taken_at": at(3), "answers": answers, "note": "by phone"}
    return [given, vitals, effect, await add(http, f"{url}/assessments", headers, **told)]


async def scores(http, url, headers, totals, taken_at=None):
    """A PHQ-9 a day up to yesterday, the oldest first."""
    for number, total in enumerate(totals):
        told = {"taken_at": taken_at or at(len(totals) - number), "total": total}
        await add(http, f"{url}/assessments", headers, instrument="PHQ-9", **told)


async def read(http, url, headers, **asked):
    answer = await http.get(f"{url}/timeline", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def read_all(http, url, headers, **asked):
    """Every item, by following the links."""
    items, there = [], f"{url}/timeline"
    while there:
        answer = await http.get(there, params=asked or None, headers=headers)
        items += answer.json()["items"]
        there, asked = answer.links.get("next", {}).get("url"), None
    return items


async def chart(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    return f"/v1/patients/{await patient(http, nurse)}", nurse, clinic


async def test_everything_is_there_in_order_as_its_own_get_shows_it(http, make):
    ada, nurse, _ = await chart(http, make)
    ids = await one_of_each(http, ada, nurse)

    items = (await read(http, ada, nurse))["items"]

    assert {item["kind"] for item in items} == KINDS
    assert [item["at"] for item in items] == sorted((i["at"] for i in items), reverse=True)
    assert [item["id"] for item in reversed(items) if item["kind"] != "alert"] == ids
    for item in items:
        own = await http.get(place_of(item), headers=nurse)
        assert item["data"] == own.json()
        assert item["at"] == own.json().get("effective_at", own.json().get("raised_at"))


async def test_a_page_follows_the_other_without_a_gap_in_either_order(http, make):
    ada, nurse, _ = await chart(http, make)
    await one_of_each(http, ada, nurse)
    await scores(http, ada, nurse, [9, 8, 7, 6])

    whole = (await read(http, ada, nurse))["items"]
    down = await read_all(http, ada, nurse, limit=2)
    up = await read_all(http, ada, nurse, limit=3, order="asc")

    assert down == whole
    assert up == whole[::-1]


async def test_what_happened_at_one_instant_is_shown_once_however_it_is_paged(http, make):
    ada, nurse, _ = await chart(http, make)
    same, moment = uuid4(), at(5)
    weight = {"measured_at": moment, "weight_kg": 80}
    await http.put(f"{ada}/vitals/{same}", json=weight, headers=nurse)
    mood = {"instrument": "MOOD-10", "taken_at": moment, "total": 5}
    await http.put(f"{ada}/assessments/{same}", json=mood, headers=nurse)
    await scores(http, ada, nurse, [9, 8, 7], taken_at=moment)

    one_by_one = await read_all(http, ada, nurse, limit=1)

    assert len({(item["kind"], item["id"]) for item in one_by_one}) == len(one_by_one) == 5


async def test_a_cursor_is_stable_while_records_are_added(http, make):
    ada, nurse, _ = await chart(http, make)
    await scores(http, ada, nurse, [9, 8, 7, 6])
    first = await read(http, ada, nurse, limit=2)

    await add(http, f"{ada}/vitals", nurse, measured_at=at(), weight_kg=80)
    second = await read(http, ada, nurse, limit=2, cursor=first["next_cursor"])

    totals = [item["data"]["total"] for item in first["items"] + second["items"]]
    assert totals == [6, 7, 8, 9]
    assert second["next_cursor"] is None


async def test_from_is_inclusive_and_to_exclusive(http, make):
    ada, nurse, _ = await chart(http, make)
    await scores(http, ada, nurse, [9, 8, 7, 6])

    found = await read(http, ada, nurse, **{"from": at(3), "to": at(1)})

    assert [item["data"]["total"] for item in found["items"]] == [7, 8]


async def test_kinds_are_chosen_by_name(http, make):
    ada, nurse, _ = await chart(http, make)
    await one_of_each(http, ada, nurse)

    two = await read(http, ada, nurse, kinds="alert,vitals")
    decisions = await read(http, ada, nurse, kinds="decision")

    assert [item["kind"] for item in two["items"]] == ["alert", "vitals"]
    assert decisions == {"items": [], "next_cursor": None}


@pytest.mark.parametrize(
    "asked",
    [{"kinds": "mood"}, {"kinds": ""}, {"kinds": "vitals,"}, {"order": "up"}, {"cursor": "x"}],
)
async def test_what_nobody_can_answer_is_refused_by_name(http, make, asked):
    ada, nurse, _ = await chart(http, make)

    refused = await http.get(f"{ada}/timeline", params=asked, headers=nurse)

    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == f"/{next(iter(asked))}"


async def test_voided_records_are_left_out_unless_asked_for(http, make):
    ada, nurse, _ = await chart(http, make)
    wrong = await add(http, f"{ada}/vitals", nurse, measured_at=at(2), weight_kg=80)
    await scores(http, ada, nurse, [9])
    await http.post(f"/v1/vitals/{wrong}/void", json={"reason": "not hers"}, headers=nurse)

    without = await read(http, ada, nurse)
    every = await read(http, ada, nurse, include_voided=True)

    assert [item["kind"] for item in without["items"]] == ["assessment"]
    assert every["items"][1]["data"]["status"] == "entered_in_error"


async def test_a_phone_reads_its_own_without_alerts_notes_or_supplies(http, make):
    ada, nurse, clinic = await chart(http, make)
    ids = await one_of_each(http, ada, nurse)
    phone = await clinic.phone(ada.rpartition("/")[2])

    items = await read_all(http, ada, phone, limit=2)
    alerts = await read(http, ada, phone, kinds="alert")

    assert [item["id"] for item in reversed(items)] == ids
    assert all({"note", "supplies", "reasons"}.isdisjoint(item["data"]) for item in items)
    assert items[0]["data"]["total"] == 8
    assert alerts["items"] == []


async def test_a_phone_is_not_shown_what_was_entered_for_the_wrong_patient(http, make):
    ada, nurse, clinic = await chart(http, make)
    wrong = await add(http, f"{ada}/vitals", nurse, measured_at=at(2), weight_kg=80)
    await http.post(f"/v1/vitals/{wrong}/void", json={"reason": "not hers"}, headers=nurse)
    phone = await clinic.phone(ada.rpartition("/")[2])

    assert (await read(http, ada, phone, include_voided=True))["items"] == []


async def test_another_patient_does_not_exist_for_a_phone(http, make):
    ada, nurse, clinic = await chart(http, make)
    eve = await patient(http, nurse)
    phone = await clinic.phone(eve)

    answers = [await http.get(f"{one}/timeline", headers=phone) for one in (ada, f"{ada[:-4]}beef")]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_a_patient_of_nobody_or_of_another_clinic_does_not_exist(http, make):
    ada, _, _ = await chart(http, make)
    south = await (await make.clinic()).staff()

    answers = [
        await http.get(f"{one}/timeline", headers=south) for one in (ada, f"/v1/patients/{uuid4()}")
    ]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_an_auditor_reads_no_chart(http, make):
    ada, _, clinic = await chart(http, make)

    refused = await http.get(f"{ada}/timeline", headers=await clinic.staff(Role.AUDITOR))

    assert refused.status_code == 403


async def test_the_background_is_shown_when_it_is_asked_for_and_never_to_a_phone(http, make):
    clinic = await make.clinic()
    headers = await clinic.staff()
    url = f"/v1/patients/{await patient(http, headers)}"
    given = await add(http, f"{url}/infusions", headers, **session(10))
    await add(http, f"{url}/medications", headers, name="lithium", started_on=at(9)[:10])
    told = {"name": "ondansetron", "given_at": at(10, -0.5)}
    await add(http, f"/v1/infusions/{given}/medications-given", headers, **told)
    told = {"kind": "pregnancy", "result": "negative", "answered_at": at(8)}
    await add(http, f"{url}/screenings", headers, **told)
    told = {"code": "urinalysis", "text_result": "clear", "collected_at": at(7)}
    await add(http, f"{url}/labs", headers, **told)
    await add(http, f"{url}/events", headers, kind="ect", occurred_at=at(6))
    kinds = ["medication_given", "medication", "screening", "lab", "event"]

    usual = await read(http, url, headers)
    asked = await read(http, url, headers, kinds=",".join(kinds), order="asc")
    phone = await clinic.phone(url.rpartition("/")[2])

    assert [item["kind"] for item in usual["items"]] == ["infusion"]
    assert [item["kind"] for item in asked["items"]] == kinds
    assert (await read(http, url, phone, kinds=",".join(kinds)))["items"] == []
