"""The machine's clock jumps, back and ahead, and nothing is lost, doubled or shut for it."""

from datetime import timedelta

import pytest

from app.audit.actions import seal_waiting
from app.kit import clock
from tests.access.makers import hire, login
from tests.faults.checks import Told, broken
from tests.faults.load import under_load, until
from tests.makers import patient

JUMPS = [timedelta(), timedelta(days=-1), timedelta(days=400), timedelta(seconds=-90), timedelta()]


async def test_a_clock_that_jumps_loses_and_doubles_nothing(http, make, migrated):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    phones = [await clinic.phone(await patient(http, nurse)) for _ in range(3)]
    told = Told()

    for jump in JUMPS:
        with clock.at(clock.now() + jump):
            async with under_load(http, phones, told):
                await until(told, 6)
            await seal_waiting(http.state["pool"])

    assert await broken(migrated.owner_url, told) == []


@pytest.mark.parametrize("back", [timedelta(minutes=30), timedelta(days=30)])
async def test_a_clock_that_was_set_back_keeps_no_door_shut(http, make, owner, back):
    clinic = await make.clinic()
    await hire(owner, clinic)
    with clock.at(clock.now() + back):
        for n in range(6):
            await http.post("/v1/login", json=login(clinic, password=f"guess {n}"))

    refused = await http.post("/v1/login", json=login(clinic))

    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) <= 3
