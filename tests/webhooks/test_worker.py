import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import httpx
import pytest

from app import worker
from app.kit import clock
from app.kit.db import open_pool
from app.kit.ids import new_id
from tests.alerts.makers import raised
from tests.makers import patient

LIMIT_SECONDS = 20


@pytest.fixture
def quick(monkeypatch):
    """A worker that hardly rests."""
    monkeypatch.setattr(worker, "EVERY_SECONDS", 0.01)
    monkeypatch.setattr(worker, "LONGEST_SECONDS", 0.05)


@asynccontextmanager
async def working(pool, settings, monkeypatch, answer):
    """A worker, with its pager, that is told to stop and has ended when the block ends."""
    client = httpx.AsyncClient
    transport = httpx.MockTransport(answer)
    monkeypatch.setattr(worker.httpx, "AsyncClient", lambda: client(transport=transport))
    stop = asyncio.Event()
    running = asyncio.create_task(worker.run(pool, settings, stop))
    try:
        yield stop
    finally:
        stop.set()
        async with asyncio.timeout(LIMIT_SECONDS):
            await running


@pytest.mark.usefixtures("quick")
async def test_it_delivers_what_is_raised_while_it_runs(
    clinic, ada, pool, paging, pager, monkeypatch
):
    came = asyncio.Event()

    async def answer(request):
        came.set()
        return await pager.answer(request)

    async with working(pool, paging, monkeypatch, answer), asyncio.timeout(LIMIT_SECONDS):
        alert_id = await raised(pool, clinic, ada)
        await came.wait()

    assert [one["data"]["alert_id"] for one in pager.messages()] == [str(alert_id)]


@pytest.mark.usefixtures("quick")
async def test_it_goes_on_when_the_database_has_cut_every_connection(
    clinic, ada, pool, paging, pager, monkeypatch, owner, migrated
):
    first, second = asyncio.Event(), asyncio.Event()

    async def answer(request):
        (second if first.is_set() else first).set()
        return await pager.answer(request)

    async with working(pool, paging, monkeypatch, answer), asyncio.timeout(LIMIT_SECONDS):
        await raised(pool, clinic, ada)
        await first.wait()
        cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1"
        await owner.rows(cut, migrated.login)
        async with pool_again(migrated, paging) as other:
            await raised(other, clinic, ada)
        await second.wait()

    assert len(set(pager.ids())) == 2


@asynccontextmanager
async def pool_again(migrated, settings):
    """Another process's connections."""
    pool = await open_pool(migrated.login_url, settings)
    yield pool
    await pool.close()


@pytest.mark.usefixtures("quick")
async def test_it_goes_on_whatever_fails_and_logs_no_value(
    clinic, ada, pool, paging, pager, monkeypatch, caplog
):
    came = asyncio.Event()
    deliver = worker.deliver_due
    failures = [ConnectionRefusedError("host 10.0.0.1"), ValueError("Key (name)=(Ada)")]

    async def failing(*args):
        if failures:
            raise failures.pop()
        return await deliver(*args)

    async def answer(request):
        came.set()
        return await pager.answer(request)

    monkeypatch.setattr(worker, "deliver_due", failing)
    await raised(pool, clinic, ada)
    async with working(pool, paging, monkeypatch, answer), asyncio.timeout(LIMIT_SECONDS):
        await came.wait()

    told = [record for record in caplog.records if record.levelname == "ERROR"]
    assert [record.error for record in told] == ["ValueError", "ConnectionRefusedError"]
    assert "Ada" not in caplog.text


async def test_told_to_stop_it_finishes_the_delivery_in_hand(
    clinic, ada, pool, paging, monkeypatch, owner
):
    in_hand, answered = asyncio.Event(), asyncio.Event()

    async def answer(request):
        in_hand.set()
        await answered.wait()
        return httpx.Response(200)

    await raised(pool, clinic, ada)
    async with working(pool, paging, monkeypatch, answer) as stop:
        async with asyncio.timeout(LIMIT_SECONDS):
            await in_hand.wait()
        stop.set()
        answered.set()

    assert await owner.value("SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL") == 1


async def test_told_to_stop_while_it_rests_it_ends_at_once(pool, paging, pager, monkeypatch, owner):
    monkeypatch.setattr(worker, "EVERY_SECONDS", 3600.0)
    monkeypatch.setattr(worker, "LONGEST_SECONDS", 3600.0)
    resting = asyncio.Event()
    rest = worker.rest

    async def rested(*args):
        resting.set()
        await rest(*args)

    monkeypatch.setattr(worker, "rest", rested)

    async with working(pool, paging, monkeypatch, pager.answer):
        await resting.wait()


async def test_it_waits_longer_after_each_failure_and_never_over_the_longest(
    pool, paging, pager, monkeypatch
):
    waits, enough = [], asyncio.Event()

    async def broken(*args):
        raise OSError

    async def rested(stop, seconds):
        waits.append(seconds)
        if len(waits) == 8:
            stop.set()
            enough.set()

    async def busy(*args):
        await enough.wait()
        return 1

    monkeypatch.setattr(worker, "deliver_due", broken)
    monkeypatch.setattr(worker, "rest", rested)
    others = ("follow", "escalate_due", "fit_due", "seal_waiting", "note_heads")
    for other in (*others, "forget", "forget_changes"):
        monkeypatch.setattr(worker, other, busy)

    async with working(pool, paging, monkeypatch, pager.answer), asyncio.timeout(LIMIT_SECONDS):
        await enough.wait()

    assert waits == [2, 4, 8, 16, 32, 60, 60, 60]


async def test_it_forgets_what_has_expired_and_nothing_else(http, clinic, nurse, pool, owner):
    now = clock.now()
    key = {"fingerprint": b"", "status": 201, "body": "{}"}
    for hours, word in ((25, "old"), (23, "new")):
        at = now - timedelta(hours=hours)
        told = {"clinic_id": clinic.id, "id": new_id()}
        await owner.insert("idempotency_keys", **told, **key, location=word, created_at=at)
        await owner.insert("attempts", key=word.encode(), failures=1, last_at=at)
    device_id = await owner.insert(
        "devices",
        clinic_id=clinic.id,
        id=new_id(),
        patient_id=UUID(await patient(http, nurse)),
        name="phone",
        held_by="patient",
        enrolled_at=now,
        last_seen_at=now,
        used_generation=0,
    )
    for minutes, word in ((-1, b"old"), (1, b"new")):
        times = {"issued_at": now, "expires_at": now + timedelta(minutes=minutes)}
        own = {"clinic_id": clinic.id, "sha256": sha256(word).digest(), **times}
        await owner.insert("refresh_tokens", id=new_id(), device_id=device_id, generation=1, **own)
        whose = {"caller": "staff", "subject_id": new_id(), "role": "nurse", "scope": ""}
        await owner.insert("tokens", id=new_id(), **whose, **own)

    await worker.forget(pool)

    left = {
        "idempotency_keys": "location",
        "attempts": "convert_from(key, 'UTF8')",
    }
    for table, column in left.items():
        assert [row[0] for row in await owner.rows(f"SELECT {column} FROM {table}")] == ["new"]
    for table in ("tokens", "refresh_tokens"):
        kept = await owner.rows(f"SELECT sha256 FROM {table}")
        assert sha256(b"new").digest() in {row[0] for row in kept}
        assert sha256(b"old").digest() not in {row[0] for row in kept}
