"""Many reads share a commit, and nobody waits for nothing."""

import asyncio

import pytest

from app.audit import queries
from app.audit.trail import Trail
from app.kit.errors import Unavailable
from app.kit.ids import new_id
from tests.audit.makers import left
from tests.makers import NOW


def row(clinic):
    told = {"caller": "staff", "role": "nurse", "method": "GET", "route": "/", "act": "read"}
    return told | {"clinic_id": clinic.id, "id": new_id(), "at": NOW, "status": 200}


@pytest.fixture
def commits(monkeypatch):
    """How many rows each commit kept."""
    found, append = [], queries.append

    async def counted(connection, entries):
        await append(connection, entries)
        found.append(len(entries))

    monkeypatch.setattr(queries, "append", counted)
    return found


async def test_rows_that_come_together_share_commits_whatever_their_clinic(
    http, make, owner, commits
):
    north, south, trail = await make.clinic(), await make.clinic(), Trail(http.state["pool"])

    await asyncio.gather(*(trail.add(row(clinic)) for clinic in (north, south) for _ in range(20)))

    assert sum(commits) == 40
    assert len(commits) <= 2
    assert len(await left(owner, north)) == len(await left(owner, south)) == 20


async def test_each_is_told_when_a_commit_fails_and_the_next_one_goes_on(
    http, make, owner, monkeypatch
):
    clinic, trail, append = await make.clinic(), Trail(http.state["pool"]), queries.append

    async def full(connection, entries):
        raise Unavailable

    monkeypatch.setattr(queries, "append", full)
    came = await asyncio.gather(*(trail.add(row(clinic)) for _ in range(3)), return_exceptions=True)
    monkeypatch.setattr(queries, "append", append)
    await trail.add(row(clinic))

    assert [type(one) for one in came] == [Unavailable] * 3
    assert len(await left(owner, clinic)) == 1


async def test_a_caller_who_leaves_takes_no_one_along(http, make, owner):
    clinic, trail = await make.clinic(), Trail(http.state["pool"])
    one, other = (asyncio.create_task(trail.add(row(clinic))) for _ in range(2))
    await asyncio.sleep(0)

    one.cancel()
    await other
    await trail.close()

    assert len(await left(owner, clinic)) == 2


async def test_rows_are_kept_while_every_connection_is_short(http, make, owner):
    pool = http.state["pool"]
    clinic, trail = await make.clinic(), Trail(pool)

    async def asked():
        async with pool.confined(clinic.id) as db:
            await db.connection.execute("SELECT pg_sleep(0.002)")
        await trail.add(row(clinic))

    await asyncio.gather(*(asked() for _ in range(60)))
    await trail.close()

    assert len(await left(owner, clinic)) == 60
