from itertools import product
from uuid import uuid4

import pytest

from tests.infusions.makers import (
    fetch,
    given,
    made,
    patch,
    planned,
    pointers,
    post,
    problem,
    running,
)
from tests.makers import NOW, at, patient

FROM = {
    "planned": planned(),
    "in_progress": running(),
    "completed": given(),
    "stopped": given(status="stopped"),
    "cancelled": planned(status="cancelled"),
}

TO = {
    "in_progress": ("start", {}),
    "completed": ("complete", {"started_at": at(hours=1), "ended_at": at(), "dose_mg": 40}),
    "stopped": ("stop", {}),
    "cancelled": ("cancel", {}),
}

LEGAL = {
    ("planned", "in_progress"),
    ("planned", "completed"),
    ("planned", "cancelled"),
    ("in_progress", "completed"),
    ("in_progress", "stopped"),
    ("in_progress", "cancelled"),
}


async def outcomes(http, nurse, move, ways):
    """What becomes of each move, of a patient of its own."""
    found = {}
    for was, to in ways:
        session = await made(http, nurse, await patient(http, nurse), FROM[was])
        moved = await move(session, was, to)
        now = await fetch(http, nurse, session["id"])
        refused = moved.status_code != 200
        assert refused or (moved.json(), now["status"]) == (now, to)
        assert now == session if refused else now["version"] == (1 if was == to else 2)
        found[was, to] = problem(moved) if refused else 200
    return found


def expected(ways):
    """Legal moves and repeats pass, all others are illegal."""
    return {
        (was, to): 200 if was == to or (was, to) in LEGAL else (409, "illegal-move")
        for was, to in ways
    }


async def test_each_move_is_made_repeated_or_refused(http, nurse):
    ways = list(product(FROM, TO))

    async def move(session, was, to):
        verb, body = TO[to]
        return await post(http, nurse, f"/v1/infusions/{session['id']}/{verb}", body)

    assert await outcomes(http, nurse, move, ways) == expected(ways)


async def test_a_patch_of_the_status_is_the_same_move(http, nurse):
    ways = list(product(FROM, FROM))

    async def move(session, was, to):
        begun = was == "planned" and to not in ("planned", "cancelled")
        ended = was != to and to in ("completed", "stopped")
        along = {"started_at": at(hours=1)} if begun else {}
        along |= {"ended_at": at(), "dose_mg": 40} if ended else {}
        return await patch(http, nurse, session, {"status": to, **along})

    assert await outcomes(http, nurse, move, ways) == expected(ways)


@pytest.mark.parametrize("verb", ["start", "stop", "complete", "cancel"])
async def test_a_move_again_answers_the_first_one(http, nurse, ada, verb):
    session = await made(http, nurse, ada, planned() if verb in ("start", "cancel") else running())
    url = f"/v1/infusions/{session['id']}/{verb}"

    first = await post(http, nurse, url)
    again = await post(http, nurse, url, {"nonsense": 1})

    assert (first.status_code, again.status_code) == (200, 200)
    assert (first.json(), first.headers["etag"]) == (again.json(), again.headers["etag"])


async def test_a_move_takes_no_body_and_no_if_match(http, nurse, ada):
    session = await made(http, nurse, ada, running())

    stopped = await http.post(f"/v1/infusions/{session['id']}/stop", headers=nurse)

    assert stopped.json()["status"] == "stopped"
    assert stopped.json()["ended_at"] is not None
    assert stopped.json()["dose_mg"] is None
    assert stopped.json()["number_in_course"] == 1


async def test_a_stop_is_not_refused_because_the_start_lies_ahead(http, nurse, ada):
    session = await made(http, nurse, ada, running(hours=-2))

    stopped = await post(http, nurse, f"/v1/infusions/{session['id']}/stop")

    assert stopped.json()["ended_at"] == stopped.json()["started_at"]


async def test_an_appointment_becomes_completed_only_with_start_end_and_dose(http, nurse, ada):
    session = await made(http, nurse, ada, planned())
    whole = {"started_at": at(hours=1), "ended_at": at(), "dose_mg": 40}
    url = f"/v1/infusions/{session['id']}/complete"
    lacking = [{k: v for k, v in whole.items() if k != left_out} for left_out in whole]

    refused = [await post(http, nurse, url, body) for body in lacking]
    refused += [await patch(http, nurse, session, {"status": "completed"} | one) for one in lacking]

    assert [problem(one) for one in refused] == [(409, "illegal-move")] * 6
    assert (await post(http, nurse, url, whole)).json()["number_in_course"] == 1


@pytest.mark.parametrize(("dose", "status"), [(None, 200), (0, 200), (1, 409)])
async def test_a_session_in_progress_is_cancelled_only_when_nothing_was_given(
    http, nurse, ada, dose, status
):
    session = await made(http, nurse, ada, running(dose_mg=dose))

    answer = await post(http, nurse, f"/v1/infusions/{session['id']}/cancel")

    assert answer.status_code == status


async def test_a_dose_event_says_that_something_was_given(http, nurse, ada):
    session = await made(http, nurse, ada, running())
    url = f"/v1/infusions/{session['id']}"
    event = {"at": session["started_at"], "kind": "rate", "rate_mg_per_minute": 1}
    await post(http, nurse, f"{url}/dose-events", event)

    answer = await post(http, nurse, f"{url}/cancel", {"cancel_reason": "changed their mind"})

    assert problem(answer) == (409, "illegal-move")


async def test_a_start_says_when_why_and_how_heavy(http, nurse, ada):
    session = await made(http, nurse, ada, planned(chair="1"))
    reason = {"rule": "BP-PRE", "reason": "rested, second reading fine"}
    body = {"started_at": at(hours=0.5), "reasons": [reason], "weight_kg": 80, "chair": "2"}

    started = await post(http, nurse, f"/v1/infusions/{session['id']}/start", body)

    told = started.json()
    assert (told["weight_kg"], told["chair"], told["reasons"]) == (80, "2", [reason])
    assert told["effective_at"] == told["started_at"]
    assert told["scheduled_at"] == session["scheduled_at"]


async def test_a_session_ends_after_its_start(http, nurse, ada):
    session = await made(http, nurse, ada, running())

    answer = await post(
        http, nurse, f"/v1/infusions/{session['id']}/stop", {"ended_at": at(hours=1)}
    )

    assert pointers(answer) == ["/ended_at"]


async def test_what_contradicts_the_record_comes_before_what_contradicts_itself(http, nurse, ada):
    session = await made(http, nurse, ada, given())

    answer = await post(http, nurse, f"/v1/infusions/{session['id']}/start", {"nonsense": 1})

    assert problem(answer) == (409, "illegal-move")


async def test_a_session_that_is_not_there_is_404(http, nurse):
    answer = await post(http, nurse, f"/v1/infusions/{uuid4()}/stop")

    assert answer.status_code == 404


async def test_the_history_tells_each_move(http, nurse, ada):
    session = await made(http, nurse, ada, planned())
    url = f"/v1/infusions/{session['id']}"
    await post(http, nurse, f"{url}/start", {"started_at": at(hours=0.5)})
    await post(http, nurse, f"{url}/complete", {"dose_mg": 40})

    items = (await http.get(f"{url}/history", headers=nurse)).json()["items"]

    statuses = [one["record"]["status"] for one in items]
    assert statuses == ["planned", "in_progress", "completed"]
    changed = {one["field"] for one in items[2]["changes"]}
    assert changed == {"status", "ended_at", "dose_mg"}


async def test_a_start_may_not_lie_a_day_ahead(http, nurse, ada):
    session = await made(http, nurse, ada, planned())

    answer = await post(
        http, nurse, f"/v1/infusions/{session['id']}/start", {"started_at": at(hours=-25)}
    )

    assert pointers(answer) == ["/started_at"]
    assert NOW.isoformat()[:10] not in answer.text
