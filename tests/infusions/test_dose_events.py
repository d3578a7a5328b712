import asyncio
from uuid import uuid4

import pytest

from app.infusions.schemas import DoseEventOut
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
from tests.makers import at

FORTY = [
    {"at": at(hours=1), "kind": "bolus", "dose_mg": 10},
    {"at": at(hours=1), "kind": "rate", "rate_mg_per_minute": 1},
    {"at": at(hours=5 / 6), "kind": "pause", "reason": "nausea"},
    {"at": at(hours=4 / 6), "kind": "resume"},
    {"at": at(hours=2 / 6), "kind": "stop"},
]
"""10 mg, then 1 mg a minute for 10 minutes and, after a pause, for 20."""


async def told(http, headers, session, *events):
    """Each event's answer."""
    url = f"/v1/infusions/{session['id']}/dose-events"
    return [await post(http, headers, url, event) for event in events]


async def test_events_are_kept_under_their_session_oldest_first(http, nurse, ada):
    session = await made(http, nurse, ada, given(minutes=50))

    answers = await told(http, nurse, session, *FORTY)

    assert {one.status_code for one in answers} == {201}
    listed = await http.get(f"/v1/infusions/{session['id']}/dose-events", headers=nurse)
    assert listed.json()["items"] == [one.json() for one in answers]
    first = DoseEventOut.model_validate(answers[0].json())
    assert (str(first.infusion_id), str(first.patient_id)) == (session["id"], ada)
    place = answers[0].headers["location"]
    assert place == f"/v1/dose-events/{first.id}"
    assert (await http.get(place, headers=nurse)).json() == answers[0].json()


async def test_an_event_is_put_once(http, nurse, ada):
    session = await made(http, nurse, ada, given())
    other = await made(http, nurse, ada, given(days=2))
    name, event = uuid4(), {"at": session["started_at"], "kind": "bolus", "dose_mg": 10}

    first, again, elsewhere = [
        await http.put(f"/v1/infusions/{one['id']}/dose-events/{name}", json=event, headers=nurse)
        for one in (session, session, other)
    ]

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert problem(elsewhere) == (409, "id-taken")


async def test_events_never_add_up_to_more_than_the_dose(http, nurse, ada):
    session = await made(http, nurse, ada, given(minutes=50, dose_mg=39))

    answers = await told(http, nurse, session, *FORTY)

    assert [one.status_code for one in answers] == [201, 201, 201, 201, 422]
    assert pointers(answers[-1]) == ["/dose_mg"]
    assert "40.0 mg" in answers[-1].json()["errors"][0]["detail"]


async def test_a_changed_event_is_added_up_anew(http, nurse, ada):
    session = await made(http, nurse, ada, given(minutes=50))
    bolus = (await told(http, nurse, session, *FORTY))[0].json()

    more = await patch(http, nurse, bolus, {"dose_mg": 11}, "dose-events")
    less = await patch(http, nurse, bolus, {"dose_mg": 9}, "dose-events")

    assert pointers(more) == ["/dose_mg"]
    assert (less.status_code, less.json()["version"]) == (200, 2)


async def test_events_that_change_at_once_are_added_up_one_after_the_other(http, nurse, ada):
    session = await made(http, nurse, ada, given(dose_mg=50))
    bolus = {"at": session["started_at"], "kind": "bolus", "dose_mg": 5}
    events = [one.json() for one in await told(http, nurse, session, *[bolus] * 6)]

    answers = await asyncio.gather(
        *(patch(http, nurse, event, {"dose_mg": 25}, "dose-events") for event in events)
    )

    assert sorted(one.status_code for one in answers) == [200] + [422] * 5


@pytest.mark.parametrize("verb", ["stop", "complete"])
async def test_the_dose_given_is_what_the_events_add_up_to(http, nurse, ada, verb):
    session = await made(http, nurse, ada, running(hours=1))
    await told(http, nurse, session, *FORTY)
    url = f"/v1/infusions/{session['id']}/{verb}"

    wrong = await post(http, nurse, url, {"dose_mg": 41})
    right = await post(http, nurse, url, {"dose_mg": 40.3})

    assert pointers(wrong) == ["/dose_mg"]
    assert "40.0 mg" in wrong.json()["errors"][0]["detail"]
    assert right.json()["dose_mg"] == 40.3


@pytest.mark.parametrize("verb", ["stop", "complete"])
async def test_a_dose_left_out_is_what_the_events_add_up_to(http, nurse, ada, verb):
    session = await made(http, nurse, ada, running(hours=1))
    await told(http, nurse, session, *FORTY)

    ended = await post(http, nurse, f"/v1/infusions/{session['id']}/{verb}")

    assert ended.json()["dose_mg"] == pytest.approx(40)


async def test_a_dose_that_is_known_is_not_overwritten_by_the_sum(http, nurse, ada):
    session = await made(http, nurse, ada, running(hours=1, dose_mg=60))
    await told(http, nurse, session, *FORTY)

    ended = await post(http, nurse, f"/v1/infusions/{session['id']}/complete")

    assert pointers(ended) == ["/dose_mg"]


async def test_an_emergency_stop_is_never_refused_for_its_dose(http, nurse, ada):
    session = await made(http, nurse, ada, running(hours=1, dose_mg=60))
    await told(http, nurse, session, *FORTY)

    stopped = await post(http, nurse, f"/v1/infusions/{session['id']}/stop")

    assert (stopped.status_code, stopped.json()["dose_mg"]) == (200, pytest.approx(40))


async def test_a_rate_runs_to_the_end_of_the_session(http, nurse, ada):
    session = await made(http, nurse, ada, running(hours=1))
    await told(http, nurse, session, *FORTY[:2])

    ended = await post(
        http, nurse, f"/v1/infusions/{session['id']}/complete", {"ended_at": at(hours=0.5)}
    )

    assert ended.json()["dose_mg"] == pytest.approx(40)


async def test_a_corrected_dose_or_end_agrees_with_the_events(http, nurse, ada):
    session = await made(http, nurse, ada, given(minutes=30))
    await told(http, nurse, session, *FORTY[:2])

    dose = await patch(http, nurse, session, {"dose_mg": 45})
    end = await patch(http, nurse, session, {"ended_at": at(hours=0.25)})
    both = await patch(http, nurse, session, {"ended_at": at(hours=0.25), "dose_mg": 55})

    assert pointers(dose) == pointers(end) == ["/dose_mg"]
    assert both.status_code == 200
    assert (await fetch(http, nurse, session["id"]))["dose_mg"] == 55


async def test_voided_events_do_not_count(http, nurse, ada):
    session = await made(http, nurse, ada, given(dose_mg=10))
    bolus = {"at": session["started_at"], "kind": "bolus", "dose_mg": 10}
    [first] = await told(http, nurse, session, bolus)
    await post(http, nurse, f"/v1/dose-events/{first.json()['id']}/void", {"reason": "slip"})

    [second] = await told(http, nurse, session, bolus)

    assert second.status_code == 201


@pytest.mark.parametrize("body", [planned(), planned(status="cancelled")])
async def test_nothing_is_given_in_a_session_that_has_not_begun(http, nurse, ada, body):
    session = await made(http, nurse, ada, body)

    [answer] = await told(http, nurse, session, FORTY[0])

    assert problem(answer) == (409, "illegal-move")


SENSELESS = [
    {"kind": "bolus"},
    {"kind": "device"},
    {"kind": "rate"},
    {"kind": "rate", "rate_mg_per_minute": 1, "dose_mg": 1},
    {"kind": "pause", "rate_mg_per_minute": 1},
    {"kind": "stop", "dose_mg": 1},
    {"kind": "bolus", "dose_mg": 2001},
    {"kind": "drip", "dose_mg": 1},
]


async def test_an_event_says_how_much_where_its_kind_does(http, nurse, ada):
    session = await made(http, nurse, ada, running())

    answers = await told(http, nurse, session, *({"at": at()} | event for event in SENSELESS))

    assert [one.status_code for one in answers] == [422] * len(SENSELESS)


async def test_an_unknown_session_has_no_events(http, nurse, ada):
    url = f"/v1/infusions/{uuid4()}/dose-events"

    assert (await http.get(url, headers=nurse)).status_code == 404
    assert (await post(http, nurse, url, FORTY[0])).status_code == 404
