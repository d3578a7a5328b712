"""One process that answers requests, does background work, or both."""

import asyncio
import gc
import logging
import signal
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager

import uvicorn
import uvloop

from app import worker
from app.cli.connections import bounded
from app.config import Settings
from app.kit.db import open_pool
from app.kit.logs import log_lost_errors
from app.kit.stopping import stopping
from app.main import create_app

log = logging.getLogger(__name__)

STOP_SIGNALS = (signal.SIGINT, signal.SIGTERM)

WORKER_CONNECTIONS = 4
"""The background worker never waits behind requests, nor they behind it."""


class Service(uvicorn.Server):
    """Uvicorn that leaves signals to us and says when it takes requests."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take requests, and say so."""
        await super().startup(sockets)
        settle()
        self.ready()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Ours are set on the event loop, so that a stop on request is a success."""
        yield

    def stop(self) -> None:
        """Finish what was begun, and end; told again, end at once."""
        if not self.should_exit:
            log.info("stopping")
        self.force_exit = self.should_exit
        self.should_exit = stopping.told = True


def settle() -> None:
    """Leave what the start has made out of garbage collection, and collect less often.

    It lives as long as the process. Walking it again and again took a tenth of a check-in.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def run(
    settings: Settings,
    login_url: str,
    sock: socket.socket,
    *,
    background: bool,
    ready: Callable[[], None],
) -> None:
    """Answer requests until told to stop."""

    async def main() -> None:
        service = Service(configured(settings, login_url), ready)
        with told_to_stop(service.stop):
            if not background:
                await service.serve([sock])
                return
            async with working(settings, login_url):
                await service.serve([sock])

    uvloop.run(main())


def work(settings: Settings, login_url: str) -> None:
    """Do background work until told to stop."""

    async def main() -> None:
        stop = asyncio.Event()
        with told_to_stop(stop.set):
            async with working(settings, login_url, worker.RESTS_ALONE):
                log.info("working")
                await stop.wait()

    uvloop.run(main())


@contextmanager
def told_to_stop(stop: Callable[[], None]) -> Iterator[None]:
    """Call `stop` when told to, in the event loop."""
    loop = asyncio.get_running_loop()
    log_lost_errors(loop)
    for number in STOP_SIGNALS:
        if signal.getsignal(number) is not signal.SIG_IGN:
            loop.add_signal_handler(number, stop)
    yield


def configured(settings: Settings, login_url: str) -> uvicorn.Config:
    """How uvicorn serves."""
    return uvicorn.Config(
        create_app(settings, login_url),
        http=bounded(settings),
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=settings.tls_in_front,
        forwarded_allow_ips=settings.proxies,
        timeout_keep_alive=settings.keep_alive_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


@asynccontextmanager
async def working(
    settings: Settings, login_url: str, rests: float = worker.RESTS_BESIDE_REQUESTS
) -> AsyncIterator[None]:
    """Background work, beside what the block does; ended in order with it."""
    stop = asyncio.Event()
    few = settings.model_copy(update={"pool_size": WORKER_CONNECTIONS})
    pool = await open_pool(login_url, few)
    task = asyncio.create_task(worker.run(pool, settings, stop, rests))
    try:
        yield
    finally:
        stop.set()
        await task
        await pool.close()
