"""One process that does background work, and nothing else."""

import asyncio
import logging

import uvloop

from app import worker
from app.cli.signals import told_to_stop
from app.config import Settings
from app.kit.db import open_pool

log = logging.getLogger(__name__)

CONNECTIONS = 4
"""Background work never waits behind requests, nor they behind it."""


def work(settings: Settings, login_url: str, rests: float = worker.RESTS_ALONE) -> None:
    """Do background work until told to stop."""

    async def main() -> None:
        stop = asyncio.Event()
        with told_to_stop(stop.set):
            few = settings.model_copy(update={"pool_size": CONNECTIONS})
            pool = await open_pool(login_url, few)
            try:
                log.info("working")
                await worker.run(pool, settings, stop, rests)
            finally:
                await pool.close()

    uvloop.run(main())
