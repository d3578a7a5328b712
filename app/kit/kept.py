"""Secrets that Afterglow makes for itself and keeps in the data directory."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from app.kit.postgres.files import read, sync, write


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in a file that only its owner can read; made if there is none.

    Of processes that make it at the same time one wins, and all get its secret.
    """
    found = read(path).strip()
    if found:
        return found
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}.new")
    write(unfinished, make())
    with suppress(FileExistsError):
        path.hardlink_to(unfinished)
    unfinished.unlink()
    sync(path.parent)
    return read(path).strip()
