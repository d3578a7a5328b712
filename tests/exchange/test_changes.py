import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from app import worker
from app.exchange import changes as following
from app.exchange.kinds import BY_TABLE
from app.kit import clock
from app.kit.migrate import run_migrate
from tests.conftest import LOGIN_PASSWORD
from tests.exchange.makers import assessment_item, changes, every_change, told
from tests.infusions.makers import given
from tests.makers import at, patient


async def weigh(http, headers, patient_id, **fields):
    body = {"measured_at": at(hours=1), "heart_rate_bpm": 80} | fields
    answer = await http.post(f"/v1/patients/{patient_id}/vitals", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_every_version_is_told_once_in_order_with_the_record_as_it_now_is(http, ehr, ada):
    reading = await weigh(http, ehr, ada)
    place = f"/v1/vitals/{reading['id']}"
    await http.patch(place, json={"heart_rate_bpm": 90}, headers=ehr | {"If-Match": '"1"'})
    await http.post(f"{place}/void", json={"reason": "another's"}, headers=ehr)

    items, _ = await every_change(http, ehr, limit=1)

    assert told(items) == [
        ("patient", ada, 1, "created"),
        ("vitals", reading["id"], 1, "created"),
        ("vitals", reading["id"], 2, "changed"),
        ("vitals", reading["id"], 3, "voided"),
    ]
    now = (await http.get(place, headers=ehr)).json()
    assert [one["data"] for one in items[1:]] == [now] * 3
    assert [one["path"] for one in items] == [f"/v1/patients/{ada}"] + [place] * 3
    assert {one["patient_id"] for one in items} == {ada}


async def test_a_reader_who_comes_back_is_told_what_is_new_and_only_that(http, ehr, ada):
    _, cursor = await every_change(http, ehr)
    reading = await weigh(http, ehr, ada)

    page = await changes(http, ehr, cursor=cursor)
    again = await changes(http, ehr, cursor=page["next_cursor"])
    from_the_item = await changes(http, ehr, cursor=page["items"][0]["cursor"])

    assert told(page["items"]) == [("vitals", reading["id"], 1, "created")]
    assert again["items"] == from_the_item["items"] == []


async def test_what_one_request_wrote_is_told_in_the_order_it_was_written(http, ehr, ada):
    session = {"id": str(uuid4()), "url": f"/v1/patients/{ada}/infusions"}
    await http.put(f"{session['url']}/{session['id']}", json=given(days=1), headers=ehr)
    thoughts = assessment_item(ada, days=0.01, answers=[0] * 8 + [2])
    named = {"kind", "id", "patient_id"}
    body = {name: value for name, value in thoughts.items() if name not in named}
    await http.put(f"/v1/patients/{ada}/assessments/{thoughts['id']}", json=body, headers=ehr)

    items, _ = await every_change(http, ehr)

    kinds = [one["kind"] for one in items]
    assert kinds == ["patient", "course", "infusion", "assessment", "alert"]


async def test_only_the_kinds_that_are_asked_for_are_told(http, ehr, ada):
    await weigh(http, ehr, ada)

    page = await changes(http, ehr, kinds="vitals,assessment")
    unknown = await http.get("/v1/changes?kinds=poem", headers=ehr)

    assert [one["kind"] for one in page["items"]] == ["vitals"]
    assert unknown.status_code == 422


async def test_another_clinic_is_told_nothing(http, make, ada):
    other = await (await make.clinic()).ehr()

    assert (await changes(http, other))["items"] == []


async def test_a_phone_and_an_ehr_that_only_writes_may_not_follow(http, clinic, ada):
    for headers in (await clinic.phone(ada), await clinic.ehr("write")):
        assert (await http.get("/v1/changes", headers=headers)).status_code == 403


@pytest.fixture
async def slow(http, clinic, ada):
    """A transaction that has told of a change and stays open until it is let go."""
    pool, opened, release = http.state["pool"], asyncio.Event(), asyncio.Event()

    async def hold():
        async with pool.confined(clinic.id, actor=uuid4()) as db:
            await db.connection.execute(
                "UPDATE patients SET version = 2, active = false WHERE id = $1", UUID(ada)
            )
            opened.set()
            await release.wait()

    task = asyncio.create_task(hold())
    await opened.wait()
    yield release, task
    release.set()
    await task


async def test_what_commits_late_is_told_late_and_what_came_after_it_waits(http, ehr, ada, slow):
    release, task = slow
    _, cursor = await every_change(http, ehr)
    reading = await weigh(http, ehr, await patient(http, ehr))
    seen, early = await every_change(http, ehr, cursor=cursor)
    release.set()
    await task
    late, cursor = await every_change(http, ehr, cursor=early)

    assert seen == []
    assert told(late)[0] == ("patient", ada, 2, "changed")
    assert [one["kind"] for one in late] == ["patient", "patient", "vitals"]
    assert late[-1]["id"] == reading["id"]
    assert (await changes(http, ehr, cursor=cursor))["items"] == []


async def test_many_writers_and_a_reader_at_once_and_nothing_is_skipped_or_told_twice(
    http, ehr, clinic
):
    patients = [await patient(http, ehr) for _ in range(4)]
    done, seen, kept = asyncio.Event(), [], []

    async def write(one):
        kept.extend([(await weigh(http, ehr, one))["id"] for _ in range(15)])

    async def read():
        cursor, last = None, False
        while not last:
            last = done.is_set()
            asked = {"limit": 7, "kinds": "vitals"} | ({"cursor": cursor} if cursor else {})
            items, cursor = await every_change(http, ehr, **asked)
            seen.extend(one["id"] for one in items)

    reader = asyncio.create_task(read())
    await asyncio.gather(*(write(one) for one in patients))
    done.set()
    await reader

    assert len(seen) == len(set(seen)) == 60
    assert set(seen) == set(kept)


async def test_who_waits_is_told_when_it_happens_and_holds_no_connection(
    http, ehr, ada, monkeypatch
):
    monkeypatch.setattr(following, "LOOK_EVERY_SECONDS", 0.02)
    _, cursor = await every_change(http, ehr)
    waiting = [
        asyncio.create_task(changes(http, ehr, cursor=cursor, wait=20))
        for _ in range(2 * http.state["settings"].pool_size)
    ]

    async with asyncio.timeout(15):
        reading = await weigh(http, ehr, ada)
        pages = await asyncio.gather(*waiting)

    assert {one["id"] for page in pages for one in page["items"]} == {reading["id"]}


async def test_who_waits_in_vain_is_answered_in_time_with_a_cursor_that_goes_on(
    http, ehr, ada, monkeypatch
):
    monkeypatch.setattr(following, "LOOK_EVERY_SECONDS", 0.01)

    page = await changes(http, ehr, cursor="now", wait=0.05)
    reading = await weigh(http, ehr, ada)

    assert page["items"] == []
    later = await changes(http, ehr, cursor=page["next_cursor"], wait=10)
    assert told(later["items"]) == [("vitals", reading["id"], 1, "created")]


@pytest.mark.parametrize("cursor", ["", "x", "W10", "WyIxIiwiMiIsIjMiXQ"])
async def test_a_cursor_of_somebody_elses_making_is_refused(http, ehr, cursor):
    answer = await http.get("/v1/changes", params={"cursor": cursor}, headers=ehr)

    assert answer.status_code == 422


async def test_what_is_older_than_is_kept_is_forgotten_and_its_cursor_says_how_to_start_over(
    http, ehr, ada, owner, pool_of_worker
):
    _, cursor = await every_change(http, ehr)
    await weigh(http, ehr, ada)
    await owner.connection.execute("UPDATE outbox SET written_at = now() - interval '401 days'")
    await weigh(http, ehr, ada)

    await worker.forget_changes(pool_of_worker, http.state["settings"])

    answer = await http.get("/v1/changes", params={"cursor": cursor}, headers=ehr)
    assert answer.status_code == 410
    assert answer.json()["type"] == "/problems/cursor-expired"
    assert "cursor=now" in answer.json()["detail"]
    assert len((await changes(http, ehr))["items"]) == 1


async def test_what_is_still_to_be_delivered_is_never_forgotten(
    http, ehr, ada, owner, pool_of_worker
):
    body = {"instrument": "PHQ-9", "taken_at": at(hours=1), "answers": [0] * 8 + [2]}
    await http.post(f"/v1/patients/{ada}/assessments", json=body, headers=ehr)
    await owner.connection.execute("UPDATE outbox SET written_at = now() - interval '401 days'")

    await worker.forget_changes(pool_of_worker, http.state["settings"])

    assert [row["kind"] for row in await owner.rows("SELECT kind FROM outbox")] == ["alerts"]


@pytest.fixture
def pool_of_worker(http):
    return http.state["pool"]


async def test_a_cursor_from_before_a_restore_has_expired_and_the_old_changes_come_first(
    http, ehr, ada, owner, migrated
):
    _, cursor = await every_change(http, ehr)
    await owner.connection.execute("UPDATE outbox SET xid = xid + 1000000")
    await owner.connection.execute("UPDATE feed SET place = 'restored'")

    await asyncio.to_thread(run_migrate, migrated.owner_url, migrated.login, LOGIN_PASSWORD)
    reading = await weigh(http, ehr, ada)

    answer = await http.get("/v1/changes", params={"cursor": cursor}, headers=ehr)
    assert answer.status_code == 410
    items, _ = await every_change(http, ehr)
    assert told(items) == [
        ("patient", ada, 1, "created"),
        ("vitals", reading["id"], 1, "created"),
    ]


async def test_a_cursor_of_a_transaction_that_is_still_to_come_has_expired(http, ehr, ada, owner):
    epoch = await owner.value("SELECT epoch FROM feed")
    place = following.Place(2**40, UUID(int=0))

    answer = await http.get(
        "/v1/changes", params={"cursor": following.cursor(epoch, place)}, headers=ehr
    )

    assert answer.status_code == 410


async def test_every_table_that_tells_is_a_kind_that_is_told(owner):
    tables = await owner.rows(
        "SELECT tgrelid::regclass::text AS name FROM pg_trigger WHERE tgname = 'tell_of_new'"
    )

    assert {row["name"] for row in tables} == set(BY_TABLE)


async def test_what_an_import_tells_of_years_ago_is_kept_as_long_as_news(
    http, ehr, ada, pool_of_worker, owner
):
    with clock.at(clock.now() - timedelta(days=1000)):
        await weigh(http, ehr, ada, measured_at=at(days=1000))

    await worker.forget_changes(pool_of_worker, http.state["settings"])

    assert len((await changes(http, ehr, kinds="vitals"))["items"]) == 1
