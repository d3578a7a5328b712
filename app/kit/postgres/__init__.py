"""The PostgreSQL that Afterglow runs itself, one for each data directory.

Any number of processes use it. Each holds the users' lock together with the others while it does,
and takes the start lock alone to begin and to end. The first starts the server, the others find it
running, and the last stops it: who can take the users' lock alone is the last. The kernel releases
the locks of a process that is killed, so a server that it left is found by the next start, and
stopped by its end.

The locks and processes are those of Unix: Linux and macOS.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.kit.postgres import locks
from app.kit.postgres.cluster import Cluster
from app.kit.postgres.control import find_or_start, stop
from app.kit.postgres.failed import PostgresFailed
from app.kit.postgres.files import open_private
from app.kit.postgres.server import Server, ensure_database, reached
from app.kit.postgres.watching import watched

__all__ = ["PostgresFailed", "Server", "ensure_database", "find", "running"]


@contextmanager
def running(data_dir: Path, *, max_connections: int = 100) -> Iterator[Server]:
    """The server of this data directory, for as long as the block lasts.

    It is found or started, made if there is none, and started again if it dies. When the block
    ends, so does the server, unless another process still uses it. The number of connections is
    that of whoever starts it: say the same everywhere.

    Call it where no event loop runs. Raises PostgresFailed.
    """
    cluster = _cluster(data_dir)
    with _explained(cluster):
        cluster.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        using = open_private(cluster.users_lock)
    try:
        with _explained(cluster), locks.alone(cluster.start_lock) as starting:
            locks.together(using)
            server = find_or_start(cluster, max_connections, starting)
        with watched(cluster, max_connections):
            yield server
    finally:
        _leave(cluster, using)


def find(data_dir: Path) -> Server | None:
    """The server of this data directory if it runs and takes connections."""
    cluster = _cluster(data_dir)
    with _explained(cluster):
        return reached(cluster) if cluster.exists() else None


def _cluster(data_dir: Path) -> Cluster:
    if not str(data_dir).isprintable():
        raise PostgresFailed(
            f"PostgreSQL can't keep a database in {str(data_dir)!r}: choose a data directory "
            "whose path has no line breaks or other control characters."
        )
    return Cluster(data_dir.resolve())


def _leave(cluster: Cluster, using: int) -> None:
    try:
        with locks.alone(cluster.start_lock):
            if locks.now_alone(using):
                stop(cluster)
    finally:
        os.close(using)


@contextmanager
def _explained(cluster: Cluster) -> Iterator[None]:
    """Say of a file that can't be used which one and who we are."""
    try:
        yield
    except OSError as error:
        what = f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}"
        raise PostgresFailed(
            f"Can't keep a database in {cluster.data_dir}: {what}. "
            f"Run Afterglow as the owner of that folder (now as user {os.geteuid()}), or set "
            "AFTERGLOW_DATA_DIR to a folder that can be written."
        ) from error
