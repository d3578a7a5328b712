from datetime import datetime, timedelta

import pytest

from app.alerts.tables import Level
from app.kit import clock
from tests.alerts.makers import raised
from tests.makers import NOW, at, patient
from tests.rules.everything import hired
from tests.worklist.makers import one, settled, treated, worklist

LOST = {3: 8, 10: 7, 17: 12}
FADING = {3: 2, 10: 4, 17: 7}
HOLDING = {3: 4, 10: 3, 17: 4}


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def ehr(clinic):
    return await clinic.ehr()


def reasons(item):
    return [reason["reason"] for reason in item["reasons"]]


@pytest.mark.parametrize(
    ("totals", "state", "wanted"),
    [
        (LOST, "lost", ["relief_lost"]),
        (FADING, "fading", ["fading"]),
        (HOLDING, "holding", []),
    ],
)
async def test_it_says_how_relief_is_doing(http, ehr, totals, state, wanted):
    ada = await treated(http, ehr, totals)

    item = await one(http, ehr, ada)

    assert (item["state"], reasons(item)) == (state, wanted)
    for reason in item["reasons"]:
        assert datetime.fromisoformat(reason["since"]) == NOW - timedelta(days=3)
        assert len(reason["record_ids"]) == 1
        assert "PHQ-9" in reason["sentence"]


async def test_a_fact_moves_a_patient_on_the_list(http, ehr):
    ada = await treated(http, ehr, LOST)
    before = await one(http, ehr, ada)

    url = f"/v1/patients/{ada}/assessments"
    sent = {"instrument": "PHQ-9", "taken_at": NOW.isoformat(), "total": 3}
    again = {"drug": "ketamine", "route": "iv", "status": "completed", "dose_mg": 40}
    start = (NOW - timedelta(days=1)).isoformat()
    await http.post(
        f"/v1/patients/{ada}/infusions", json=again | {"started_at": start}, headers=ehr
    )
    await http.post(url, json=sent, headers=ehr)
    after = await one(http, ehr, ada)

    assert (before["rank"], after["rank"]) == (4, 12)
    assert after["computed_at"] > before["computed_at"]


async def test_the_most_urgent_comes_first_and_pages_agree(http, clinic, ehr):
    pool = http.state["pool"]
    wanted = []
    for level in (Level.EMERGENCY, Level.STOP, Level.WARN):
        wanted.append(await patient(http, ehr))
        await raised(pool, clinic, wanted[-1], level)
    wanted.append(await treated(http, ehr, LOST))
    wanted.append(await treated(http, ehr, FADING))
    wanted.append(await treated(http, ehr, {3: 4}))
    wanted.append(await patient(http, ehr))
    await settled(http)

    pages, cursor = [], None
    while cursor is not None or not pages:
        asked = {"limit": 2} | ({"cursor": cursor} if cursor else {})
        page = (await http.get("/v1/worklist", params=asked, headers=ehr)).json()
        pages.append([item["patient_id"] for item in page["items"]])
        cursor = page["next_cursor"]

    assert [one for page in pages for one in page] == wanted
    assert [len(page) for page in pages] == [2, 2, 2, 1]


async def test_it_is_narrowed_by_reason_and_by_clinician(http, clinic, ehr):
    somebody = str(await hired(clinic))
    lost = await treated(http, ehr, LOST, responsible_clinician_id=somebody)
    fading = await treated(http, ehr, FADING)
    nothing = await patient(http, ehr)
    await settled(http)

    async def listed(**asked):
        return [item["patient_id"] for item in await worklist(http, ehr, **asked)]

    assert await listed(reason="relief_lost") == [lost]
    assert await listed(reason="fading") == [fading]
    assert await listed(reason="nothing") == [nothing]
    assert await listed(clinician_id=somebody) == [lost]


async def test_only_the_active_are_listed(http, clinic, ehr):
    staff = await clinic.staff()
    gone = await patient(http, ehr, active=False)
    dead = await patient(http, ehr, deceased_on="2026-01-01")
    wrong, here = await patient(http, ehr), await patient(http, ehr)
    await http.post(f"/v1/patients/{wrong}/void", json={"reason": "twice"}, headers=staff)
    await settled(http)

    listed = [item["patient_id"] for item in await worklist(http, staff)]

    assert listed == [here]
    assert {gone, dead, wrong}.isdisjoint(listed)


async def test_an_alert_that_was_acknowledged_comes_last_and_a_closed_one_is_gone(
    http, clinic, ehr
):
    ada, staff = await patient(http, ehr), await clinic.staff()
    alert = await raised(http.state["pool"], clinic, ada, Level.STOP)

    told = [await one(http, staff, ada)]
    for word in ("acknowledge", "close"):
        await http.post(f"/v1/alerts/{alert}/{word}", json={}, headers=staff)
        told.append(await one(http, staff, ada))

    assert [item["rank"] for item in told] == [2, 11, 12]
    assert [item["alerts"] for item in told] == [{"stop": 1}, {}, {}]
    assert told[0]["reasons"][0]["record_ids"] == [str(alert)]


async def test_answers_are_overdue_once_a_questionnaire_has_closed(http, ehr):
    answered = await treated(http, ehr, {3: 4, 14: 3}, days=15)
    silent = await treated(http, ehr, {3: 4}, days=15)

    items = [await one(http, ehr, ada) for ada in (answered, silent)]

    assert [reasons(item) for item in items] == [[], ["answers_overdue"]]


async def test_a_screening_that_expires_is_due_for_review(http, ehr):
    ada = await treated(http, ehr, {3: 4, 14: 3}, days=15)
    told = {"kind": "pregnancy", "result": "negative", "answered_at": at(40)}
    await http.post(f"/v1/patients/{ada}/screenings", json=told, headers=ehr)

    due = await one(http, ehr, ada)
    again = {"kind": "pregnancy", "result": "negative", "answered_at": at(1)}
    await http.post(f"/v1/patients/{ada}/screenings", json=again, headers=ehr)
    done = await one(http, ehr, ada)

    assert (reasons(due), reasons(done)) == (["review_due"], [])
    assert "pregnancy" in due["reasons"][0]["sentence"]


async def test_what_the_clock_alone_changes_needs_no_worker(http, ehr, monkeypatch):
    ada = await treated(http, ehr, {3: 2, 18: 7}, days=20)
    now = await one(http, ehr, ada)

    later = clock.now() + timedelta(days=30)
    monkeypatch.setattr(clock, "now", lambda: later)
    (then,) = await worklist(http, ehr)

    assert (now["state"], then["state"]) == ("fading", "unknown")
    assert (reasons(now), reasons(then)) == (["fading"], ["answers_overdue"])
    assert now["computed_at"] == then["computed_at"]
