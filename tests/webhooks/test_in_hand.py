import asyncio
from datetime import timedelta

import httpx
import pytest

from app.kit import clock
from app.webhooks import delivery
from tests.alerts.makers import raised
from tests.makers import patient
from tests.webhooks.outbox import waits


@pytest.mark.parametrize(
    "error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError]
)
async def test_a_pager_out_of_reach_is_tried_again(error, clinic, ada, pool, paging, owner):
    async def broken(request):
        raise error("no route to the pager")

    await raised(pool, clinic, ada)

    async with httpx.AsyncClient(transport=httpx.MockTransport(broken)) as client:
        await delivery.deliver_due(pool, paging, client, clock.now())

    (wait,) = await waits(owner)
    assert 3 < wait < 6


async def test_a_pager_that_never_answers_is_left_after_the_timeout(
    clinic, ada, pool, paging, owner, monkeypatch
):
    async def silent(request):
        await asyncio.Event().wait()

    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.05)
    await raised(pool, clinic, ada)

    async with httpx.AsyncClient(transport=httpx.MockTransport(silent)) as client:
        await delivery.deliver_due(pool, paging, client, clock.now())

    (wait,) = await waits(owner)
    assert 3 < wait < 6


async def test_no_transaction_is_open_while_the_pager_takes_its_time(
    clinic, ada, pool, paging, owner, migrated
):
    seen = []

    async def slow(request):
        open_ = (
            "SELECT count(*) FROM pg_stat_activity WHERE usename = $1 AND xact_start IS NOT NULL"
        )
        seen.append(await owner.value(open_, migrated.login))
        return httpx.Response(200)

    await raised(pool, clinic, ada)

    async with httpx.AsyncClient(transport=httpx.MockTransport(slow)) as client:
        await delivery.deliver_due(pool, paging, client, clock.now())

    assert seen == [0]


async def test_a_worker_that_dies_with_a_row_in_hand_leaves_it_to_the_next(
    clinic, ada, pool, paging, pager, deliver
):
    in_hand = asyncio.Event()
    lost = []

    async def silent(request):
        lost.append(request.headers["webhook-id"])
        in_hand.set()
        await asyncio.Event().wait()

    await raised(pool, clinic, ada)
    now = clock.now()
    async with httpx.AsyncClient(transport=httpx.MockTransport(silent)) as client:
        dying = asyncio.create_task(delivery.deliver_due(pool, paging, client, now))
        await in_hand.wait()
        dying.cancel()
        await asyncio.gather(dying, return_exceptions=True)

    too_soon = await deliver(now + timedelta(seconds=59))
    later = await deliver(now + timedelta(seconds=61))

    assert (too_soon, later) == (0, 1)
    assert pager.ids() == lost


async def test_the_answer_to_an_attempt_that_was_given_up_changes_nothing(
    clinic, ada, pool, paging, deliver, owner
):
    """A worker that froze past its claim must not undo what the next one recorded."""
    frozen, thaw = asyncio.Event(), asyncio.Event()

    async def freezing(request):
        frozen.set()
        await thaw.wait()
        return httpx.Response(500)

    await raised(pool, clinic, ada)
    now = clock.now()
    async with httpx.AsyncClient(transport=httpx.MockTransport(freezing)) as client:
        first = asyncio.create_task(delivery.deliver_due(pool, paging, client, now))
        await frozen.wait()
        await deliver(now + timedelta(seconds=61))
        thaw.set()
        await first

    assert await waits(owner) == []
    assert await owner.value("SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL") == 1


async def test_workers_share_the_work_and_send_nothing_twice(clinic, ada, pool, pager, deliver):
    for _ in range(50):
        await raised(pool, clinic, ada)

    tried = await asyncio.gather(*(deliver() for _ in range(6)))

    assert sum(tried) == 50
    assert len(set(pager.ids())) == len(pager.ids()) == 50


async def test_one_clinics_failing_row_does_not_keep_another_from_being_recorded(
    clinic, ada, pool, pager, deliver, owner
):
    pager.statuses = [500]
    await raised(pool, clinic, ada)
    await raised(pool, clinic, ada)

    await deliver()

    assert len(await waits(owner)) == 1
    assert await owner.value("SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL") == 1


async def test_a_clinic_with_many_alerts_does_not_hold_up_another(
    http, make, clinic, ada, pool, pager, deliver, monkeypatch
):
    monkeypatch.setattr(delivery, "IN_HAND", 4)
    south = await make.clinic()
    eve = await patient(http, await south.staff())
    for _ in range(6):
        await raised(pool, clinic, ada)
    await raised(pool, south, eve)

    await deliver()

    told = [message["data"]["patient_id"] for message in pager.messages()]
    assert sorted(told) == sorted([ada, ada, eve])
