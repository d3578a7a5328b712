import asyncio

from tests.infusions.makers import (
    given,
    made,
    patch,
    planned,
    post,
    problem,
    running,
)
from tests.makers import at


async def test_a_session_within_twelve_hours_may_be_a_duplicate(http, nurse, ada):
    first = await made(http, nurse, ada, given(hours=12))
    url = f"/v1/patients/{ada}/infusions"

    near = await post(http, nurse, url, given(hours=1))
    other_drug = await post(http, nurse, url, given(hours=1, drug="esketamine", route="intranasal"))
    far = await post(http, nurse, url, given(hours=24.1))

    assert problem(near) == (409, "possible-duplicate-session")
    assert near.json()["existing_id"] == first["id"]
    assert (other_drug.status_code, far.status_code) == (201, 201)


async def test_a_session_said_to_be_separate_is_no_duplicate(http, nurse, ada):
    first = await made(http, nurse, ada, given(hours=6))

    second = await made(http, nurse, ada, given(hours=1, separate_from=[first["id"]]))
    moved = await patch(http, nurse, first, {"started_at": at(hours=5.5)})

    assert second["separate_from"] == [first["id"]]
    assert moved.status_code == 200


async def test_neither_cancelled_nor_voided_sessions_are_duplicates(http, nurse, ada):
    await made(http, nurse, ada, planned(status="cancelled"))
    voided = await made(http, nurse, ada, given(hours=3))
    await post(http, nurse, f"/v1/infusions/{voided['id']}/void", {"reason": "wrong patient"})

    assert (await made(http, nurse, ada, given(hours=1)))["number_in_course"] == 1


async def test_moving_a_start_next_to_another_session_is_refused(http, nurse, ada):
    first = await made(http, nurse, ada, given(days=3))
    second = await made(http, nurse, ada, given(days=1))
    plan = await made(http, nurse, ada, planned(scheduled_at=at(days=-3)))
    start = {"started_at": first["started_at"]}

    moved = await patch(http, nurse, second, {**start, "ended_at": None})
    started = await post(http, nurse, f"/v1/infusions/{plan['id']}/start", start)

    assert problem(moved) == problem(started) == (409, "possible-duplicate-session")
    assert moved.json()["existing_id"] == started.json()["existing_id"] == first["id"]


async def test_a_patient_has_one_session_in_progress(http, nurse, ada):
    first = await made(http, nurse, ada, running())

    second = await post(http, nurse, f"/v1/patients/{ada}/infusions", running(drug="esketamine"))

    assert problem(second) == (409, "session-in-progress")
    assert second.json()["existing_id"] == first["id"]


async def test_parallel_starts_make_one_session_in_progress(http, nurse, ada, owner):
    plans = [
        await made(http, nurse, ada, planned(scheduled_at=at(days=-days))) for days in range(1, 6)
    ]

    answers = await asyncio.gather(
        *(post(http, nurse, f"/v1/infusions/{one['id']}/start") for one in plans)
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 4
    sql = "SELECT count(*) FROM infusions WHERE status = 'in_progress'"
    assert await owner.value(sql) == 1


async def test_a_plan_without_a_time_is_no_duplicate(http, nurse, ada):
    await made(http, nurse, ada, planned(scheduled_at=None))

    assert (await made(http, nurse, ada, given(hours=1)))["status"] == "completed"


async def test_a_start_may_say_that_it_is_separate(http, nurse, ada):
    first = await made(http, nurse, ada, given(hours=6))
    plan = await made(http, nurse, ada, planned(scheduled_at=at(days=-2)))
    url = f"/v1/infusions/{plan['id']}/start"

    doubted = await post(http, nurse, url)
    why = [{"rule": "INT-MIN", "reason": "the morning's was stopped at once"}]
    started = await post(http, nurse, url, {"separate_from": [first["id"]], "reasons": why})

    assert problem(doubted) == (409, "possible-duplicate-session")
    assert started.json()["separate_from"] == [first["id"]]
