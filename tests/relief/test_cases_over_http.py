"""The reference cases, recorded by an EHR through the API and read back from it."""

from contextlib import nullcontext
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

import pytest

from app.kit import clock
from tests.science.relief.test_cases import CASES, differences

CHOSEN = "a clinic can't choose its own thresholds yet"

NOT_EXPRESSED = {
    "prorated-score-at-threshold": "a total of MADRS is a whole number, none is prorated",
    "hysteresis": CHOSEN,
    "absolute-loss-threshold": CHOSEN,
    "confirm2-single-blip-ignored": CHOSEN,
    "confirm2-bad-then-infusion": CHOSEN,
    "confirm2-policy-censor": CHOSEN,
    "confirm3": CHOSEN,
    "gap-policy": CHOSEN,
    "gap-inside-confirmation": CHOSEN,
    "two-courses-no-carry": CHOSEN,
}
"""Cases that the API has no words for, and why."""

ZONES = {-300: "America/Bogota"}
"""A zone without summer time, by its offset in minutes."""

MINUTE = timedelta(minutes=1)

EXPRESSED = [case for case in CASES if case["name"] not in NOT_EXPRESSED]


def name_of(case):
    return case["name"]


def id_of(case, name):
    return str(uuid5(NAMESPACE_URL, f"{case['name']}/{name}"))


def then(record):
    """The clock when a record came in: just after it happened, unless it says otherwise."""
    said = record.get("recorded_at")
    if said is None and len(record["t"]) == len("2025-01-16"):
        return nullcontext()
    at = datetime.fromisoformat(said or record["t"])
    return clock.at(at if said else at + MINUTE)


def infusion(case, record):
    """An infusion as an EHR sends it; one at hours from another says that it is another."""
    if record.get("status") == "cancelled":
        return {
            "drug": "ketamine",
            "route": "iv",
            "status": "cancelled",
            "scheduled_at": record["t"],
        }
    others = [one["id"] for one in case["input"]["infusions"] if one is not record]
    return {
        "drug": "ketamine",
        "route": "iv",
        "status": "completed",
        "started_at": record["t"],
        "dose_mg": 40,
        "separate_from": [id_of(case, other) for other in others],
    }


def score(record):
    """A score as an EHR sends it: its total, at an instant or on a day."""
    time = "taken_at" if "T" in record["t"] else "taken_on"
    return {"instrument": record["instrument"], time: record["t"], "total": record["value"]}


async def record(http, case, ehr):
    """Everything in the order in which it was recorded; the patient's place."""
    told = case["input"]
    zone = ZONES.get(told.get("policy", {}).get("utc_offset_minutes", 0), "UTC")
    ada = f"/v1/patients/{id_of(case, 'patient')}"
    await put(http, ada, {"time_zone": zone}, ehr)
    for one in told["infusions"]:
        with then(one):
            await put(http, f"{ada}/infusions/{id_of(case, one['id'])}", infusion(case, one), ehr)
    for one in sorted(told["scores"], key=lambda one: one.get("recorded_at", "")):
        with then(one):
            if "supersedes" in one:
                await correct(http, id_of(case, one["supersedes"]), one, ehr)
            else:
                await put(http, f"{ada}/assessments/{id_of(case, one['id'])}", score(one), ehr)
    return ada


async def put(http, url, sent, ehr):
    answer = await http.put(url, json=sent, headers=ehr)
    assert answer.status_code == 201, answer.text


async def correct(http, assessment_id, record, ehr):
    """A correction is a change of the record that it corrects."""
    url = f"/v1/assessments/{assessment_id}"
    etag = (await http.get(url, headers=ehr)).headers["ETag"]
    sent = {"total": record["value"], "taken_at": record["t"]}
    answer = await http.patch(url, json=sent, headers={**ehr, "If-Match": etag})
    assert answer.status_code == 200, answer.text


def in_words_of_the_case(case, answer):
    """The answer under the names and ids of the case."""
    names = {id_of(case, one["id"]): one["id"] for one in case["input"]["infusions"]}
    numbers = {course["course_id"]: course["number"] for course in answer["courses"]}
    for course in answer["courses"]:
        course["index"] = course["number"]
    for episode in answer["episodes"]:
        episode["infusion_id"] = names[episode["infusion_id"]]
        episode["course"] = numbers[episode["course_id"]]
        episode["index_in_course"] = episode["number_in_course"]
        for part in filter(None, (episode, episode["onset"], episode["remission"])):
            part |= {name.removesuffix("_days"): value for name, value in part.items()}
    return answer


@pytest.mark.parametrize("case", EXPRESSED, ids=name_of)
async def test_a_reference_case_comes_out_as_written(http, make, case):
    ehr = await (await make.clinic()).ehr()
    ada = await record(http, case, ehr)
    asked = {key: case["input"][key] for key in ("as_of", "known_at") if key in case["input"]}

    answer = await http.get(f"{ada}/relief", params=asked, headers=ehr)

    assert answer.status_code == 200
    found = in_words_of_the_case(case, answer.json())
    assert not list(differences(case["expected"], found)), case["why"]


def test_every_case_is_put_through_or_says_why_not():
    assert NOT_EXPRESSED.keys() <= {case["name"] for case in CASES}
