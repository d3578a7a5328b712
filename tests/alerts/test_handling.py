import asyncio
from uuid import uuid4

import pytest

from app.alerts.tables import Level
from tests.alerts.makers import raised
from tests.makers import patient


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def nurse(clinic):
    return await clinic.staff("nurse")


@pytest.fixture
async def ada(http, nurse):
    return await patient(http, nurse)


@pytest.fixture
def pool(http):
    return http.state["pool"]


async def test_twenty_who_acknowledge_at_once_get_the_answer_of_the_first(
    http, clinic, nurse, ada, pool, owner
):
    alert_id = await raised(pool, clinic, ada)
    url = f"/v1/alerts/{alert_id}/acknowledge"

    answers = await asyncio.gather(
        *(http.post(url, json={"note": f"seen by {n}"}, headers=nurse) for n in range(20))
    )

    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.text for answer in answers}) == 1
    assert {answer.headers["etag"] for answer in answers} == {'"2"'}
    assert await owner.value("SELECT count(*) FROM history WHERE kind = 'alerts'") == 1


async def test_acknowledging_says_who_when_and_what(http, clinic, ada, pool):
    staff_id = uuid4()
    nurse = await clinic.staff("nurse", staff_id)
    alert_id = await raised(pool, clinic, ada)

    answer = await http.post(
        f"/v1/alerts/{alert_id}/acknowledge",
        json={"note": "called her", "outcome": "safe at home"},
        headers=nurse,
    )

    seen = answer.json()
    assert (seen["status"], seen["acknowledged_by"]) == ("acknowledged", str(staff_id))
    assert seen["acknowledged_at"] >= seen["raised_at"]
    assert (seen["acknowledge_note"], seen["outcome"]) == ("called her", "safe at home")
    assert answer.json() == (await http.get(f"/v1/alerts/{alert_id}", headers=nurse)).json()


async def test_closing_needs_no_body_and_acknowledges_in_the_same_breath(
    http, clinic, nurse, ada, pool
):
    alert_id = await raised(pool, clinic, ada)

    answer = await http.post(f"/v1/alerts/{alert_id}/close", headers=nurse)

    closed = answer.json()
    assert (answer.status_code, closed["status"], closed["version"]) == (200, "closed", 2)
    assert closed["closed_by"] == closed["acknowledged_by"]
    assert closed["closed_at"] == closed["acknowledged_at"]


async def test_closing_keeps_who_had_acknowledged_and_what_came_of_it(
    http, clinic, nurse, ada, pool
):
    other = await clinic.staff("clinician")
    alert_id = await raised(pool, clinic, ada)
    url = f"/v1/alerts/{alert_id}"
    first = await http.post(f"{url}/acknowledge", json={"outcome": "safe"}, headers=other)

    closed = (await http.post(f"{url}/close", json={"note": "done"}, headers=nurse)).json()

    assert closed["acknowledged_by"] == first.json()["acknowledged_by"]
    assert closed["acknowledged_by"] != closed["closed_by"]
    assert (closed["close_note"], closed["outcome"]) == ("done", "safe")


async def test_what_is_closed_stays_as_it_was_closed(http, clinic, nurse, ada, pool):
    alert_id = await raised(pool, clinic, ada)
    url = f"/v1/alerts/{alert_id}"
    first = await http.post(f"{url}/close", json={"note": "done"}, headers=nurse)

    again = await http.post(f"{url}/close", json={"note": "other"}, headers=nurse)
    acknowledged = await http.post(f"{url}/acknowledge", json={}, headers=nurse)

    assert (again.status_code, acknowledged.status_code) == (200, 200)
    assert first.json() == again.json() == acknowledged.json()


@pytest.mark.parametrize(
    ("role", "level", "status"),
    [
        ("nurse", Level.INFO, 200),
        ("nurse", Level.WARN, 200),
        ("nurse", Level.STOP, 403),
        ("nurse", Level.EMERGENCY, 403),
        ("clinician", Level.STOP, 200),
        ("clinician", Level.EMERGENCY, 200),
        ("admin", Level.EMERGENCY, 200),
    ],
)
async def test_a_stop_or_an_emergency_is_a_clinicians_to_close(
    http, clinic, ada, pool, role, level, status
):
    someone = await clinic.staff(role)
    alert_id = await raised(pool, clinic, ada, level)
    url = f"/v1/alerts/{alert_id}"

    seen = await http.post(f"{url}/acknowledge", json={}, headers=someone)
    closed = await http.post(f"{url}/close", json={}, headers=someone)

    assert (seen.status_code, closed.status_code) == (200, status)
    left = (await http.get(url, headers=someone)).json()["status"]
    assert left == ("closed" if status == 200 else "acknowledged")


READING, HANDLING = "reads", "handles"


async def callers(clinic, ada):
    """Each kind of caller, with what they may do with alerts."""
    return [
        (await clinic.staff("clinician"), {READING, HANDLING}),
        (await clinic.staff("nurse"), {READING, HANDLING}),
        (await clinic.staff("admin"), {READING, HANDLING}),
        (await clinic.staff("auditor"), set()),
        (await clinic.phone(ada), set()),
        (await clinic.ehr("read"), {READING}),
        (await clinic.ehr("write"), set()),
        (await clinic.ehr("read write"), {READING}),
    ]


async def test_who_may_read_and_who_may_handle(http, clinic, ada, pool):
    alert_id = await raised(pool, clinic, ada)
    one = f"/v1/alerts/{alert_id}"
    reading = ["/v1/alerts", f"/v1/patients/{ada}/alerts", one, f"{one}/history"]

    for headers, may in await callers(clinic, ada):
        read = {(await http.get(url, headers=headers)).status_code for url in reading}
        asked = [f"{one}/acknowledge", f"{one}/close"]
        handled = {(await http.post(url, json={}, headers=headers)).status_code for url in asked}

        assert read == {200 if READING in may else 403}
        assert handled == {200 if HANDLING in may else 403}


async def test_an_alert_of_another_clinic_does_not_exist(http, clinic, make, ada, pool):
    alert_id = await raised(pool, clinic, ada)
    elsewhere = await (await make.clinic()).staff("clinician")
    one = f"/v1/alerts/{alert_id}"

    found = [await http.get(url, headers=elsewhere) for url in (one, f"{one}/history")]
    tried = [
        await http.post(f"{one}/{verb}", json={}, headers=elsewhere)
        for verb in ("acknowledge", "close")
    ]
    of_patient = await http.get(f"/v1/patients/{ada}/alerts", headers=elsewhere)
    listed = await http.get(f"/v1/alerts?patient_id={ada}", headers=elsewhere)

    assert {a.status_code for a in (*found, *tried, of_patient)} == {404}
    assert listed.json() == {"items": [], "next_cursor": None}


async def test_a_field_nobody_knows_is_refused_and_nothing_changes(http, clinic, nurse, ada, pool):
    alert_id = await raised(pool, clinic, ada)
    one = f"/v1/alerts/{alert_id}"

    answer = await http.post(f"{one}/acknowledge", json={"noted": "x"}, headers=nurse)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/noted"
    assert (await http.get(one, headers=nurse)).json()["status"] == "open"


async def test_the_list_narrows_by_status_level_rule_and_patient(http, clinic, nurse, ada, pool):
    max_ = await patient(http, nurse)
    warn = await raised(pool, clinic, ada, Level.WARN, rule="weight")
    stop = await raised(pool, clinic, ada, Level.STOP)
    other = await raised(pool, clinic, max_, Level.STOP)
    await http.post(f"/v1/alerts/{stop}/acknowledge", json={}, headers=nurse)

    async def found(query):
        answer = await http.get(f"/v1/alerts?{query}", headers=nurse)
        return [one["id"] for one in answer.json()["items"]]

    assert await found("") == [str(other), str(stop), str(warn)]
    assert await found("status=open") == [str(other), str(warn)]
    assert await found("level=stop&status=acknowledged") == [str(stop)]
    assert await found("rule=weight") == [str(warn)]
    assert await found(f"patient_id={max_}") == [str(other)]
    assert (await http.get("/v1/alerts?level=loud", headers=nurse)).status_code == 422


async def test_pages_follow_each_other_while_alerts_are_raised(http, clinic, nurse, ada, pool):
    raised_ids = [str(await raised(pool, clinic, ada)) for _ in range(5)]

    seen, url = [], f"/v1/patients/{ada}/alerts?limit=2"
    while url:
        answer = await http.get(url, headers=nurse)
        seen += [one["id"] for one in answer.json()["items"]]
        url = answer.links.get("next", {}).get("url")
        await raised(pool, clinic, ada)

    assert seen == raised_ids[::-1]


async def test_history_says_who_knew_and_when(http, clinic, nurse, ada, pool):
    staff_id = uuid4()
    grace = await clinic.staff("clinician", staff_id)
    alert_id = await raised(pool, clinic, ada, Level.EMERGENCY)
    await http.post(f"/v1/alerts/{alert_id}/acknowledge", json={"note": "on it"}, headers=grace)

    told = (await http.get(f"/v1/alerts/{alert_id}/history", headers=nurse)).json()["items"]

    assert [one["version"] for one in told] == [1, 2]
    assert told[1]["by"] == str(staff_id)
    assert {"field": "status", "before": "open", "after": "acknowledged"} in told[1]["changes"]
