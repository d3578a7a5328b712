"""Reading and writing files in folders that may be another user's.

Root never follows a symbolic link there: it could lead anywhere.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def open_private(path: Path, flags: int = 0) -> int:
    """Open for writing a file that is its folder's owner's alone, made if missing.

    Root makes it the owner's too, who else could not come back to it.
    """
    flags |= os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags | os.O_EXCL, 0o600)
    except FileExistsError:
        return os.open(path, flags, 0o600)
    if os.geteuid() == 0:
        owner = path.parent.stat()
        os.fchown(descriptor, owner.st_uid, owner.st_gid)
    return descriptor


@contextmanager
def opened(path: Path) -> Iterator[int]:
    """A private file, closed at the end."""
    descriptor = open_private(path)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def write(path: Path, text: str) -> None:
    """Write a private file, down to the disk."""
    with os.fdopen(open_private(path, os.O_TRUNC), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def read(path: Path) -> str:
    """The text of a file, none if there is no such file."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    except FileNotFoundError:
        return ""
    with os.fdopen(descriptor, errors="replace") as file:
        return file.read()


def sync(folder: Path) -> None:
    """Bring to the disk which files a folder has."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
