import asyncio

import pytest

from app.kit.db import open_pool
from app.kit.errors import Unavailable

A_SESSION = "SELECT pg_backend_pid()"


@pytest.fixture
async def pool(settings, migrated):
    few = settings.model_copy(update={"pool_size": 1, "pool_wait_seconds": 0.05})
    pool = await open_pool(migrated.login_url, few)
    yield pool
    await pool.close()


async def session(pool):
    async with pool.connection() as connection:
        return await connection.fetchval(A_SESSION)


async def test_a_connection_that_is_free_is_used_again(pool):
    sessions = {await session(pool) for _ in range(3)}

    assert len(sessions) == 1
    assert pool.size == (1, 1)


async def test_who_waits_gets_the_connection_that_is_given_back(pool):
    await session(pool)
    async with pool.connection():
        waiting = asyncio.create_task(session(pool))
        await asyncio.sleep(0)

    assert await waiting
    assert pool.size == (1, 1)


async def test_when_every_connection_is_busy_the_wait_has_an_end(pool):
    async with pool.connection():
        with pytest.raises(Unavailable):
            await session(pool)

    assert await session(pool)


async def test_a_connection_whose_caller_left_is_not_handed_on_while_it_is_busy(pool):
    async def leave_midway():
        async with asyncio.timeout(0.01), pool.connection() as connection:
            await connection.execute("BEGIN; SELECT pg_sleep(60)")

    with pytest.raises(TimeoutError):
        await leave_midway()

    async with pool.connection() as connection:
        assert not connection.is_in_transaction()
        assert await connection.fetchval(A_SESSION)


async def test_a_connection_that_the_server_cut_is_replaced(pool, owner):
    first = await session(pool)

    assert await owner.value("SELECT pg_terminate_backend($1, 5000)", first)
    await owner.value("SELECT 1")  # meanwhile the event loop hears of it

    assert await session(pool) != first
