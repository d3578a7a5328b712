"""Fitting a clinic's forecasts to its own patients: at night, and after many new infusions.

It takes seconds of reckoning, so a process of its own does that; this one only hands the records
on. An old fit is never changed, and neither is what a decision was shown.
"""

import asyncio
import logging
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson

from app.clinics.queries import forecast_accepted
from app.kit import clock
from app.kit.bodies import written
from app.kit.db import Pool, Row
from app.kit.ids import new_id
from app.relief import actions, queries
from app.science.relief import SCALES

log = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]

LEAST_EPISODES = 20
"""With fewer infusions a clinic's own parameters would be the shipped ones."""

ENOUGH_NEW = 0.1
"""So large a share of new infusions doesn't wait for the night; and not fewer than the least."""

NIGHT = range(1, 5)
"""Hours at the clinic."""

A_DAY = timedelta(hours=20)

AT_ONCE = 20
"""Patients read in one transaction."""


async def fit_due(pool: Pool, stop: asyncio.Event) -> int:
    """Fit the clinics that need it, one after the other; how many. One worker at a time does."""
    fits = 0
    async with pool.connection() as held:
        if not await queries.hold_fitting(held):
            return 0
        try:
            for clinic_id in await queries.clinics_that_forecast(held):
                if not stop.is_set() and await fit_one(pool, clinic_id, stop):
                    fits += 1
        finally:
            await queries.release_fitting(held)
    return fits


async def fit_one(pool: Pool, clinic_id: UUID, stop: asyncio.Event) -> bool:
    """Fit a clinic if that is due, and keep what came of it; whether it was."""
    now = clock.now()
    async with pool.confined(clinic_id) as db:
        if await forecast_accepted(db) is None:
            return False
        known = await queries.what_to_fit(db)
    if known is None or not is_due(known, now):
        return False
    found = await fitted(pool, clinic_id, stop)
    if found is None:
        return False
    async with pool.confined(clinic_id) as db:
        kept = {"id": new_id(), "fitted_at": clock.now(), "cut_off_at": now}
        await queries.add_fit(db, **kept, episodes=known["episodes"], **found)
    told = {"clinic_id": str(clinic_id), "version": found["version"]}
    log.info("a clinic's forecast was fitted", extra=told)
    return True


def is_due(known: Row, now: datetime) -> bool:
    """Whether a clinic is to be fitted: at night if anything is new, or when much is."""
    episodes, before = known["episodes"], known["fitted_episodes"]
    if episodes < LEAST_EPISODES:
        return False
    if before is None or episodes - before >= max(LEAST_EPISODES, before * ENOUGH_NEW):
        return True
    is_night = now.astimezone(ZoneInfo(known["time_zone"])).hour in NIGHT
    changed: bool = known["changed"]
    return is_night and changed and now - known["fitted_at"] >= A_DAY


async def fitted(pool: Pool, clinic_id: UUID, stop: asyncio.Event) -> dict[str, Any] | None:
    """The parameters of a clinic, reckoned by another process; None when told to stop."""
    async with reckoning() as process:
        assert process.stdin is not None
        assert process.stdout is not None
        async for line in records(pool, clinic_id):
            if stop.is_set():
                return None
            process.stdin.write(line)
            await process.stdin.drain()
        process.stdin.close()
        answer = asyncio.ensure_future(process.stdout.read())
        stopped = asyncio.ensure_future(stop.wait())
        await asyncio.wait({answer, stopped}, return_when=asyncio.FIRST_COMPLETED)
        stopped.cancel()
        if not answer.done():
            answer.cancel()
            return None
        found: dict[str, Any] = orjson.loads(answer.result())
        return found


@asynccontextmanager
async def reckoning() -> AsyncIterator[asyncio.subprocess.Process]:
    """The other process, gone when the block ends."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app.relief.refit",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()


async def records(pool: Pool, clinic_id: UUID) -> AsyncIterator[bytes]:
    """The records of everybody who was treated, a line each, as science.relief takes them."""
    async with pool.confined(clinic_id) as db:
        patients = await queries.treated(db)
    wanted = list(SCALES)
    for first in range(0, len(patients), AT_ONCE):
        lines = []
        async with pool.confined(clinic_id) as db:
            for patient_id in patients[first : first + AT_ONCE]:
                row = await actions.records(db, patient_id, wanted)
                case = actions.case(row, wanted) | {"patient_id": str(patient_id)}
                lines.append(written(case) + b"\n")
        for line in lines:
            yield line
