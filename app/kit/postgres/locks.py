"""Files that hold locks. The kernel lets go of a lock when its process dies, however it dies."""

import fcntl
import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from app.kit.postgres.files import opened

log = logging.getLogger(__name__)


@contextmanager
def alone(path: Path) -> Iterator[int]:
    """Be the only one to hold this file, after waiting for it. Gives the file's descriptor."""
    with opened(path) as lock:
        if not now_alone(lock):
            log.info("Waiting for another Afterglow process that starts or stops the database")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock


def together(lock: int) -> None:
    """Hold this file with any number of others."""
    fcntl.flock(lock, fcntl.LOCK_SH)


def now_alone(lock: int) -> bool:
    """Whether we could become the only one to hold this file, without waiting.

    When not, the hold that we had may be gone too.
    """
    with suppress(BlockingIOError):
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
