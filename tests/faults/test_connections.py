"""What was acknowledged is kept, once, when the way to the database is cut, slow or stuck."""

import asyncio
from contextlib import asynccontextmanager
from uuid import uuid4

import httpx
import pytest

from app.audit.actions import seal_waiting
from app.config import Settings
from app.kit import db
from app.main import create_app
from tests.contract import hold
from tests.faults.checks import Told, broken
from tests.faults.load import check_in, under_load, until
from tests.faults.proxy import wired
from tests.makers import patient

PHONES = 6
POOL = 4


@pytest.fixture
async def far(http, migrated, make, monkeypatch):
    """A service whose database is at the end of a wire: the wire, a client, phones, the pool."""
    monkeypatch.setattr(db, "BEYOND_SECONDS", 0.2)
    clinic = await make.clinic()
    nurse = await clinic.staff()
    phones = [await clinic.phone(await patient(http, nurse)) for _ in range(PHONES)]
    async with wired(migrated.login_url) as (wire, url), service_on(url) as (client, pool):
        yield wire, client, phones, pool


@asynccontextmanager
async def service_on(url):
    impatient = Settings(pool_size=POOL, pool_wait_seconds=0.5, statement_timeout_seconds=1)
    service = create_app(impatient, url)
    async with service.router.lifespan_context(service) as state:

        async def with_state(scope, receive, send):
            await service({**scope, "state": dict(state)}, receive, send)

        hooks = {"response": [hold]}
        transport = httpx.ASGITransport(with_state)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://afterglow", event_hooks=hooks
        ) as client:
            yield client, state["pool"]


@pytest.mark.parametrize("moment", ["cut_before", "cut_after"])
async def test_a_connection_lost_in_the_middle_of_a_commit(far, migrated, moment):
    wire, client, phones, pool = far
    told = Told()

    async with under_load(client, phones, told):
        for _ in range(10):
            setattr(wire, moment, 2)
            await until(told, 10)
    await seal_waiting(pool)

    assert wire.cuts >= 20
    assert await broken(migrated.owner_url, told) == []


async def test_an_item_whose_own_commit_is_lost_too_is_told_once_and_as_unavailable(far):
    wire, client, (phone, *_), _ = far
    wire.cut_before = 2  # of all items together, then of each

    answer = await client.post("/v1/check-ins", json=check_in(str(uuid4())), headers=phone)

    assert wire.cuts == 2
    assert [one["status"] for one in answer.json()["results"]] == ["unavailable"]


async def test_every_connection_cut_at_any_moment(far, migrated):
    wire, client, phones, pool = far
    told = Told()

    async with under_load(client, phones, told):
        for more in range(1, 21):
            await until(told, more % 7 + 1)
            wire.cut()
        await until(told, 2 * PHONES)
    await seal_waiting(pool)

    assert await broken(migrated.owner_url, told) == []


async def test_a_slow_database(far, migrated):
    wire, client, phones, pool = far
    told = Told()

    async with under_load(client, phones, told):
        wire.delay = 0.05
        await until(told, 4 * PHONES)
        wire.delay = 0.0
        await until(told, 2 * PHONES)
    await seal_waiting(pool)

    assert await broken(migrated.owner_url, told) == []


async def test_a_database_that_is_stuck_is_told_as_unavailable_and_then_all_goes_on(far, migrated):
    wire, client, phones, pool = far
    told = Told()

    async with under_load(client, phones, told):
        await until(told, PHONES)
        wire.free.clear()
        answers = await asyncio.gather(*(client.get("/readyz") for _ in range(2 * POOL)))
        wire.free.set()
        await until(told, 2 * PHONES)
    await seal_waiting(pool)

    assert {answer.status_code for answer in answers} == {503}
    assert await broken(migrated.owner_url, told) == []


async def test_a_free_connection_that_is_stuck_is_given_up(far):
    wire, client, *_ = far
    assert (await client.get("/readyz")).status_code == 200
    wire.free.clear()

    answer = await client.get("/readyz")

    wire.free.set()
    assert answer.status_code == 503
    assert (await client.get("/readyz")).status_code == 200
