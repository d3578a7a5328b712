import asyncio

from tests.infusions.makers import fetch, given, made, patch, planned, post, running
from tests.makers import at


async def places(http, headers, *sessions):
    """The course and the number in it of each session, as they now are."""
    now = [await fetch(http, headers, one["id"]) for one in sessions]
    return [(one["course_id"], one["number_in_course"]) for one in now]


async def courses_of(http, headers, patient_id):
    answer = await http.get(f"/v1/patients/{patient_id}/courses", headers=headers)
    return answer.json()["items"]


async def test_a_late_arrival_renumbers_and_ids_survive(http, nurse, ada):
    third = await made(http, nurse, ada, given(days=1))
    second = await made(http, nurse, ada, given(days=4))

    first = await made(http, nurse, ada, given(days=8))

    course = third["course_id"]
    assert await places(http, nurse, first, second, third) == [
        (course, 1),
        (course, 2),
        (course, 3),
    ]
    [told] = await courses_of(http, nurse, ada)
    assert (told["id"], told["started_at"], told["number"]) == (course, first["started_at"], 1)


async def test_more_than_ninety_days_begin_a_new_course(http, nurse, ada):
    old = await made(http, nurse, ada, given(days=91.5))
    new = await made(http, nurse, ada, given(days=1))

    assert old["course_id"] != new["course_id"]
    assert (old["number_in_course"], new["number_in_course"]) == (1, 1)
    assert [one["number"] for one in await courses_of(http, nurse, ada)] == [1, 2]


async def test_a_clinician_says_where_a_course_begins(http, nurse, ada):
    old = await made(http, nurse, ada, given(days=4))
    new = await made(http, nurse, ada, given(days=1))

    cut = await patch(http, nurse, new, {"starts_course": True})
    joined = await patch(http, nurse, cut.json(), {"starts_course": None})

    assert cut.json()["course_id"] != old["course_id"]
    assert cut.json()["number_in_course"] == 1
    assert (joined.json()["course_id"], joined.json()["number_in_course"]) == (old["course_id"], 2)
    assert len(await courses_of(http, nurse, ada)) == 1


async def test_a_voided_session_leaves_no_gap_in_the_numbers(http, nurse, ada):
    first = await made(http, nurse, ada, given(days=8))
    second = await made(http, nurse, ada, given(days=4))

    await post(http, nurse, f"/v1/infusions/{first['id']}/void", {"reason": "slip"})

    assert await places(http, nurse, first, second) == [(None, None), (first["course_id"], 1)]


async def test_a_course_ends_with_its_last_session(http, nurse, ada):
    session = await made(http, nurse, ada, given())

    await post(http, nurse, f"/v1/infusions/{session['id']}/void", {"reason": "slip"})

    assert await courses_of(http, nurse, ada) == []


async def test_a_session_is_in_a_course_from_its_start(http, nurse, ada):
    earlier = await made(http, nurse, ada, given(days=4))
    plan = await made(http, nurse, ada, planned())

    started = (await post(http, nurse, f"/v1/infusions/{plan['id']}/start")).json()

    assert (plan["course_id"], plan["number_in_course"]) == (None, None)
    assert (started["course_id"], started["number_in_course"]) == (earlier["course_id"], 2)


async def test_a_session_that_gave_nothing_is_in_no_course(http, nurse, ada):
    nothing = await made(http, nurse, ada, given(days=4, status="stopped", dose_mg=0))
    unknown = await made(http, nurse, ada, given(days=2, status="stopped", dose_mg=None))
    begun = await made(http, nurse, ada, running())
    cancelled = (await post(http, nurse, f"/v1/infusions/{begun['id']}/cancel")).json()

    assert [one["number_in_course"] for one in (nothing, unknown, begun, cancelled)] == [
        None,
        1,
        2,
        None,
    ]


async def test_a_corrected_start_and_dose_move_a_session_in_its_course(http, nurse, ada):
    first = await made(http, nurse, ada, given(days=8))
    second = await made(http, nurse, ada, given(days=4))

    swapped = await patch(http, nurse, second, {"started_at": at(days=12)})
    nothing = await patch(http, nurse, swapped.json(), {"dose_mg": 0})

    assert (swapped.json()["number_in_course"], swapped.json()["version"]) == (1, 2)
    assert nothing.json()["number_in_course"] is None
    assert await places(http, nurse, first) == [(first["course_id"], 1)]


async def test_parallel_sessions_of_one_patient_are_numbered_one_after_the_other(http, nurse, ada):
    sessions = await asyncio.gather(
        *(made(http, nurse, ada, given(days=days)) for days in range(1, 13))
    )

    found = await places(http, nurse, *sessions)

    assert len({course for course, _ in found}) == 1
    assert [number for _, number in found] == list(range(12, 0, -1))


async def test_a_new_number_is_no_change_in_the_history(http, nurse, ada):
    session = await made(http, nurse, ada, given(days=1))
    for days in (4, 8, 12):
        await made(http, nurse, ada, given(days=days))
    noted = await patch(http, nurse, session, {"note": "slept"})

    told = await http.get(f"/v1/infusions/{session['id']}/history", headers=nurse)

    assert noted.json()["number_in_course"] == 4
    items = told.json()["items"]
    assert [one["version"] for one in items] == [1, 2]
    assert [one["field"] for one in items[1]["changes"]] == ["note"]
