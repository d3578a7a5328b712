"""See to it that the server is there for as long as it is used, whatever kills it."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from app.kit.postgres import locks
from app.kit.postgres.cluster import Cluster
from app.kit.postgres.control import find_or_start
from app.kit.postgres.failed import PostgresFailed
from app.kit.postgres.server import postmaster

log = logging.getLogger(__name__)

LOOK_SECONDS = 0.5
"""How often to look, which reads a file and asks the kernel: requests are told 503 for about so
long when the server dies."""


@contextmanager
def watched(cluster: Cluster, max_connections: int) -> Iterator[None]:
    """Start the server again whenever it has died, until the block ends."""
    ended = threading.Event()
    watcher = threading.Thread(
        target=_watch, args=(cluster, max_connections, ended), name="watcher", daemon=True
    )
    watcher.start()
    try:
        yield
    finally:
        ended.set()
        watcher.join()


def _watch(cluster: Cluster, max_connections: int, ended: threading.Event) -> None:
    while not ended.wait(LOOK_SECONDS):
        if postmaster(cluster) is not None:
            continue
        try:
            with locks.alone(cluster.start_lock) as starting:
                if not ended.is_set() and postmaster(cluster) is None:
                    log.error("the database has died, and is started again")
                    find_or_start(cluster, max_connections, starting)
        except (OSError, PostgresFailed):
            log.exception("the database could not be started again")
