import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from app.relief import fitting
from app.relief.fitting import fit_due, is_due
from app.science.forecast.parameters import shipped
from tests.relief.test_forecast import accept, relief
from tests.worklist.makers import treated

TWO_AT_NIGHT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
NOON = TWO_AT_NIGHT + timedelta(hours=10)


def known(episodes=200, fitted_episodes=200, hours=24, *, changed=True):
    return {
        "time_zone": "America/Denver",
        "episodes": episodes,
        "fitted_episodes": fitted_episodes,
        "fitted_at": TWO_AT_NIGHT - timedelta(hours=hours),
        "changed": changed,
    }


@pytest.mark.parametrize(
    ("told", "now", "due"),
    [
        (known(), TWO_AT_NIGHT, True),
        (known(), NOON, False),
        (known(changed=False), TWO_AT_NIGHT, False),
        (known(hours=1), TWO_AT_NIGHT, False),
        (known(episodes=219), NOON, False),
        (known(episodes=220), NOON, True),
        (known(fitted_episodes=None), NOON, True),
        (known(episodes=19, fitted_episodes=None), TWO_AT_NIGHT, False),
    ],
)
def test_a_clinic_is_fitted_at_night_or_after_many_new_infusions(told, now, due):
    assert is_due(told, now) is due


async def test_a_fit_is_kept_and_used_and_not_repeated(http, make, owner, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_EPISODES", 3)
    pool, stop, clinic = http.state["pool"], asyncio.Event(), await make.clinic()
    ehr = await clinic.ehr()
    ada, *_ = [await treated(http, ehr, {3: 3, 8: 4, 15: last}) for last in (11, 12, 4)]

    unasked = await fit_due(pool, stop)
    await accept(http, clinic)
    before = (await relief(http, ehr, ada))["forecast"]
    first, again = await fit_due(pool, stop), await fit_due(pool, stop)
    after = (await relief(http, ehr, ada))["forecast"]

    assert (unasked, first, again) == (0, 1, 0)
    kept = await owner.rows("SELECT version, patients, episodes FROM forecast_fits")
    assert [tuple(row) for row in kept] == [(after["parameters_version"], 3, 3)]
    assert before["parameters_version"] == shipped().version != after["parameters_version"]


async def test_told_to_stop_it_leaves_the_fit_and_no_process_behind(http, make, owner, monkeypatch):
    monkeypatch.setattr(fitting, "LEAST_EPISODES", 1)
    clinic, stop = await make.clinic(), asyncio.Event()
    await treated(http, await clinic.ehr(), {3: 3})
    await accept(http, clinic)
    begun = []

    async def stopped(*args):
        stop.set()
        async for line in records(*args):
            yield line

    async def start(*args, **more):
        begun.append(await create(*args, **more))
        return begun[-1]

    records, create = fitting.records, asyncio.create_subprocess_exec
    monkeypatch.setattr(fitting, "records", stopped)
    monkeypatch.setattr(fitting.asyncio, "create_subprocess_exec", start)
    fits = await fit_due(http.state["pool"], stop)

    assert fits == 0
    assert [one.returncode is not None for one in begun] == [True]
    assert await owner.value("SELECT count(*) FROM forecast_fits") == 0


async def test_a_fit_of_an_older_model_is_passed_over(http, make, owner):
    clinic = await make.clinic()
    ehr = await clinic.ehr()
    ada = await treated(http, ehr, {3: 3})
    await accept(http, clinic)
    now = datetime.now(UTC)
    old = {"version": "joint-0", "fitted_at": now, "cut_off_at": now, "parameters": '{"mu": 3}'}
    sizes = {"patients": 9, "episodes": 90, "diagnostics": "{}"}
    await owner.insert("forecast_fits", clinic_id=clinic.id, id=clinic.id, **old, **sizes)

    told = (await relief(http, ehr, ada))["forecast"]

    assert told["parameters_version"] == shipped().version
