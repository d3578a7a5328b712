"""Which processes are PostgreSQL's, at work in one folder.

A process id alone says nothing: after a crash or in a new container it may be someone else's.
Every process of a server has the cluster as its working directory and is called postgres, also
those that outlived their postmaster.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

NAME = "postgres"
POLL_SECONDS = 0.02


def at_work_in(folder: Path) -> set[int]:
    """The process ids of PostgreSQL in `folder`. Zombies don't count."""
    if sys.platform == "linux":
        pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdecimal())
        return {pid for pid in pids if is_at_work_in(pid, folder)}
    return _listed(folder, "-c", NAME)


def is_at_work_in(pid: int, folder: Path) -> bool:
    """Whether this process is PostgreSQL in `folder`."""
    if sys.platform == "linux":
        process = Path("/proc", str(pid))
        try:
            return (process / "comm").read_text() == f"{NAME}\n" and folder.samefile(
                process / "cwd"
            )
        except OSError:
            return False
    return bool(_listed(folder, "-c", NAME, "-p", str(pid)))


def exists(pid: int) -> bool:
    """Whether there is a process of this id, whatever it is."""
    try:
        os.kill(pid, 0)
    except (ProcessLookupError, PermissionError) as error:
        return isinstance(error, PermissionError)
    return True


def send(pids: Iterable[int], number: signal.Signals) -> None:
    """Signal those of the processes that are still there."""
    for pid in pids:
        with suppress(ProcessLookupError):
            os.kill(pid, number)


def have_left(folder: Path, *, within_seconds: float) -> bool:
    """Whether PostgreSQL has left `folder`, or does so in time."""
    deadline = time.monotonic() + within_seconds
    while at_work_in(folder):
        if time.monotonic() > deadline:
            return False
        time.sleep(POLL_SECONDS)
    return True


def _listed(folder: Path, *which: str) -> set[int]:
    """As `lsof` has it, which macOS brings along: p and n lines are a process and its folder."""
    said = subprocess.run(  # noqa: S603 - a fixed program
        ["/usr/sbin/lsof", "-a", "-d", "cwd", *which, "-F", "pn"],
        capture_output=True,
        text=True,
        env={"LC_ALL": "en_US.UTF-8"},  # else it escapes other letters than English ones
        check=False,  # it fails when it finds nothing
    )
    pids, pid = set(), 0
    for line in said.stdout.splitlines():
        if line.startswith("p"):
            pid = int(line[1:])
        elif line == f"n{folder}":
            pids.add(pid)
    return pids
