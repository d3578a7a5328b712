"""Background work: deliver, pass on alerts, follow the facts, fit, seal the audit, forget.

Any number may run at once.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import timedelta

import httpx

from app.access import queries as access
from app.alerts.escalation import escalate_due
from app.audit.actions import note_heads, seal_waiting
from app.config import Settings
from app.kit import clock
from app.kit.db import Pool
from app.relief.fitting import fit_due
from app.webhooks import queries as outbox
from app.webhooks.delivery import deliver_due
from app.worklist.following import follow

__all__ = ["deliver_due", "run"]

log = logging.getLogger(__name__)

EVERY_SECONDS = 1.0
"""How often it looks for work. Looking costs one look-up in an index of what is due alone."""

LONGEST_SECONDS = 60.0
"""It never waits longer, however often it failed."""

ESCALATE_SECONDS = 15.0
"""How often it looks for alerts that nobody acknowledged: limits are minutes."""

FIT_SECONDS = 600.0
"""How often it asks whether a clinic's forecast is to be fitted anew."""

FORGET_EVERY = timedelta(hours=1)

FORGOTTEN_AT_ONCE = 10_000
"""Changes deleted in one transaction: a second's work at most."""

RESTS_BESIDE_REQUESTS = 4.0
"""Reckoning takes at most a fifth of a core that others are answered with."""

RESTS_ALONE = 0.0
"""A process of its own has nobody to wait for."""


async def run(
    pool: Pool, settings: Settings, stop: asyncio.Event, rests: float = RESTS_BESIDE_REQUESTS
) -> None:
    """Work until `stop` is set; then finish what is in hand, and end.

    Each duty has its own pace: a pager that takes its time keeps no patient from being looked at.
    `rests` is how many times as long as it reckoned, or sealed, it lets others run.
    """
    async with httpx.AsyncClient() as client, asyncio.TaskGroup() as duties:
        for work, seconds in (
            (lambda: deliver_due(pool, settings, client, clock.now()), EVERY_SECONDS),
            (lambda: follow(pool, rests), EVERY_SECONDS),
            (lambda: escalate_due(pool, clock.now()), ESCALATE_SECONDS),
            (lambda: fit_due(pool, stop), FIT_SECONDS),
            (lambda: seal_waiting(pool, rests), EVERY_SECONDS),
            (lambda: note_heads(pool), FORGET_EVERY.total_seconds()),
            (lambda: forget(pool), FORGET_EVERY.total_seconds()),
            (lambda: forget_changes(pool, settings), FORGET_EVERY.total_seconds()),
        ):
            duties.create_task(keep_at(work, seconds, stop))


async def keep_at(
    work: Callable[[], Awaitable[int | None]], seconds: float, stop: asyncio.Event
) -> None:
    """Work again and again, resting so long where there was nothing to do.

    Whatever fails is logged and tried again, more and more slowly: the database may be restarting.
    """
    failures = 0
    while not stop.is_set():
        done = None
        try:
            done = await work()
            failures = 0
        except Exception as error:  # noqa: BLE001  # the next alert must still go out
            failures += 1
            log.error("the worker failed", extra={"error": type(error).__name__})  # noqa: TRY400  # what the database said may hold values
        if failures:
            await rest(stop, min(EVERY_SECONDS * 2 ** min(failures, 10), LONGEST_SECONDS))
        elif not done:
            await rest(stop, seconds)


async def forget(pool: Pool) -> None:
    """Delete answers to Idempotency-Keys, tokens and failed attempts that no longer count."""
    async with pool.connection() as connection:
        await access.forget_expired(connection, clock.now())


async def forget_changes(pool: Pool, settings: Settings) -> int:
    """Delete changes that were told long enough ago; how many, of which there may be more."""
    before = clock.now() - timedelta(days=settings.keep_changes_days)
    async with pool.connection() as connection:
        return await outbox.forget_changes(connection, before, FORGOTTEN_AT_ONCE)


async def rest(stop: asyncio.Event, seconds: float) -> None:
    """Wait so long, or until `stop` is set."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await stop.wait()
