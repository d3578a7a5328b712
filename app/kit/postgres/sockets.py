"""The folder with the server's socket. Nobody but its owner may enter it."""

import hashlib
import os
import re
import socket
import stat
import tempfile
from contextlib import suppress
from pathlib import Path

from app.kit.postgres.accounts import Account, give, let_through
from app.kit.postgres.cluster import Cluster
from app.kit.postgres.failed import PostgresFailed

PORT = 5432
"""Nobody listens on it: it is a part of the socket's name."""

SOCKET = f".s.PGSQL.{PORT}"
SOCKET_PATH_BYTES = 103
"""The longest path of a socket that Linux (107) and macOS (103) both take."""

PLAIN_PATH = re.compile(r"[A-Za-z0-9_./@=~+-]+")
"""What needs no quotes, neither in a PostgreSQL setting nor in a URL."""


def make_folder(cluster: Cluster, account: Account) -> Path:
    """The folder for the socket of a server to be started.

    That is the cluster itself. When its path is too long for a socket, or has a space or a comma
    in it, that is a folder in the user's runtime directory or else in the temporary one.
    """
    path = str(cluster.folder / SOCKET)
    if len(path) <= SOCKET_PATH_BYTES and PLAIN_PATH.fullmatch(path):
        return cluster.folder
    folder = _runtime_dir() / _short_name(cluster)
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
        give(folder, account)
    let_through(folder, account)
    if not _is_private(folder, account.uid):
        raise PostgresFailed(
            f"{folder}, where the database's socket belongs, is not a folder of {account.name}'s "
            "with mode 0700: remove it, or choose a shorter path for the data directory."
        )
    return folder


def folder_of(cluster: Cluster, told: str) -> Path:
    """The folder with the socket, of which the server told where it is.

    It is believed only if that is the folder that `make_folder` makes, and still its owner's
    alone. A copy of a data directory tells of the socket of the original, and a container calls
    the folder by another name.
    """
    folder = Path(told)
    ours = folder.name == _short_name(cluster)
    if ours and _is_private(folder, cluster.folder.stat().st_uid):
        return folder
    return cluster.folder


def is_heard(folder: Path) -> bool:
    """Whether a server listens to the socket."""
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(folder / SOCKET))
        except OSError:
            return False
    return True


def remove_folder(cluster: Cluster) -> None:
    """Remove the folder of a server that was stopped, unless that is the cluster itself."""
    with suppress(OSError):
        (_runtime_dir() / _short_name(cluster)).rmdir()


def _short_name(cluster: Cluster) -> str:
    return f"afterglow-{hashlib.sha256(os.fsencode(cluster.data_dir)).hexdigest()[:16]}"


def _is_private(folder: Path, uid: int) -> bool:
    try:
        found = folder.lstat()
    except OSError:
        return False
    return found.st_uid == uid and found.st_mode == stat.S_IFDIR | stat.S_IRWXU


def _runtime_dir() -> Path:
    """Root's runtime directory is closed to the user that PostgreSQL runs as."""
    own = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.geteuid() and own and os.access(own, os.W_OK):
        return Path(own).resolve()
    return Path(tempfile.gettempdir()).resolve()
