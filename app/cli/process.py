"""One process that answers requests."""

import gc
import logging
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
import uvloop

from app.cli.connections import bounded
from app.cli.signals import told_to_stop
from app.config import Settings
from app.kit.stopping import stopping
from app.main import create_app

log = logging.getLogger(__name__)


class Service(uvicorn.Server):
    """Uvicorn that leaves signals to us and says when it takes requests."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Take requests, and say so."""
        for sock in sockets or ():
            # Its connections take this over: they must not hold the port when we start again.
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
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


def run(settings: Settings, login_url: str, sock: socket.socket, ready: Callable[[], None]) -> None:
    """Answer requests until told to stop."""

    async def main() -> None:
        service = Service(configured(settings, login_url), ready)
        with told_to_stop(service.stop):
            await service.serve([sock])

    uvloop.run(main())


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
