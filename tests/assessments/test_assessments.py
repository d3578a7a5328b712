from uuid import uuid4

import pytest

from app.kit import clock
from tests.assessments.makers import add, alerts, chart, phq9
from tests.makers import at


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
