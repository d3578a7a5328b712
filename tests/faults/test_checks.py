"""What the campaigns look for is found when it is there."""

from uuid import uuid4

import httpx
import pytest

from app.audit.actions import seal_waiting
from tests.faults.checks import Told, broken
from tests.faults.load import under_load, until
from tests.makers import patient

TAMPERINGS = {
    "an acknowledged check-in is lost": "DELETE FROM assessments",
    "a check-in has no alert, or two": "DELETE FROM alerts",
    "an alert is about nothing": "UPDATE alerts SET subject_id = gen_random_uuid()",
    "not in the outbox, or twice": "DELETE FROM outbox WHERE kind = 'alerts'",
    "the outbox tells of nothing": "UPDATE outbox SET record_id = gen_random_uuid()",
    "not in the audit, or twice": "UPDATE audit_events SET id = gen_random_uuid()",
    "positions have a gap": "DELETE FROM audit_events WHERE position = 1",
    "the audit's chain": "UPDATE audit_events SET status = 418",
}


@pytest.fixture
async def told(http, make):
    """What phones were told, and nothing failed."""
    clinic = await make.clinic()
    phone = await clinic.phone(await patient(http, await clinic.staff()))
    told = Told()
    async with under_load(http, [phone], told):
        await until(told, 2)
    await seal_waiting(http.state["pool"])
    return told


@pytest.mark.parametrize("promise", TAMPERINGS)
async def test_a_broken_promise_is_found(promise, told, owner, migrated):
    assert await broken(migrated.owner_url, told) == []

    await owner.untouchable(TAMPERINGS[promise])

    assert any(promise in one for one in await broken(migrated.owner_url, told))


async def test_a_check_in_that_nobody_sent_is_found(told, migrated):
    del told.acknowledged[(lost := next(iter(told.acknowledged)))]
    told.sent.remove(lost)

    found = await broken(migrated.owner_url, told)

    assert found == ["a check-in is there that nobody sent: 1"]


async def test_an_answer_that_is_neither_yes_nor_503_is_told(http, make, migrated):
    clinic = await make.clinic()
    told = Told(sent={str(uuid4())})

    async def broken_service(_):
        return httpx.Response(500, headers={"x-request-id": str(uuid4())})

    transport = httpx.MockTransport(broken_service)
    async with (
        httpx.AsyncClient(transport=transport, base_url="http://afterglow") as client,
        under_load(client, [await clinic.staff()], told),
    ):
        await until(told, 1)

    assert any("answered 500" in one for one in await broken(migrated.owner_url, told))
