"""Background work: deliver what is due, forget what has expired. Any number may run at once."""

import asyncio
import logging
from contextlib import suppress
from datetime import timedelta

import httpx

from app.access import queries as access
from app.config import Settings
from app.kit import clock
from app.kit.db import Pool
from app.webhooks.delivery import deliver_due

__all__ = ["deliver_due", "run"]

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
"""How often it looks for work. Looking costs one look-up in an index of what is due alone."""

LONGEST_SECONDS = 60.0
"""It never waits longer, however often it failed."""

FORGET_EVERY = timedelta(hours=1)


async def run(pool: Pool, settings: Settings, stop: asyncio.Event) -> None:
    """Work until `stop` is set; then finish the deliveries in hand, and end.

    Whatever fails is logged and tried again, more and more slowly: the database may be restarting.
    """
    forget_at, failures = clock.now(), 0
    async with httpx.AsyncClient() as client:
        while not stop.is_set():
            now, tried = clock.now(), 0
            try:
                tried = await deliver_due(pool, settings, client, now)
                if now >= forget_at:
                    await forget(pool)
                    forget_at = now + FORGET_EVERY
                failures = 0
            except Exception as error:  # noqa: BLE001  # the next alert must still go out
                failures += 1
                log.error("the worker failed", extra={"error": type(error).__name__})  # noqa: TRY400  # what the database said may hold values
            if not tried:
                await rest(stop, min(EVERY_SECONDS * 2 ** min(failures, 10), LONGEST_SECONDS))


async def forget(pool: Pool) -> None:
    """Delete answers to Idempotency-Keys, tokens and failed attempts that no longer count."""
    async with pool.connection() as connection:
        await access.forget_expired(connection, clock.now())


async def rest(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop` is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
