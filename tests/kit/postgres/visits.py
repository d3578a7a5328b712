"""Processes that use a server as Afterglow's commands do, to be ended in every way there is."""

import asyncio
import os
import pwd
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import asyncpg

from app.kit.postgres import processes

VISIT = """
import os, sys
from pathlib import Path
from app.kit.postgres import running
if len(sys.argv) > 2:  # after the imports: what we run may be closed to that user
    os.setgroups([])
    os.setgid(int(sys.argv[3]))
    os.setuid(int(sys.argv[2]))
print("begun", flush=True)
with running(Path(sys.argv[1])) as server:
    print(server.url("postgres"), flush=True)
    sys.stdin.read()
"""


class Visit:
    """One process within `running`, in a session of its own as if in a terminal."""

    def __init__(self, data_dir: Path, *, user: str = "") -> None:
        found = pwd.getpwnam(user) if user else None
        ids = [str(found.pw_uid), str(found.pw_gid)] if found else []
        self.process = subprocess.Popen(
            [sys.executable, "-c", VISIT, data_dir, *ids],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        assert self.process.stdout.readline() == "begun\n", self.process.stderr.read()

    def __enter__(self):
        return self

    def __exit__(self, *error: object) -> None:
        self.leave()

    def url(self) -> str:
        """Where the server is, once it runs."""
        return self.process.stdout.readline().strip() or self.process.stderr.read()

    def leave(self) -> None:
        self.process.communicate()

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.communicate()

    def kill(self, *, with_children: bool = False) -> None:
        """What nothing can be done about. The server is in a session of its own: no child here."""
        (os.killpg if with_children else os.kill)(self.process.pid, signal.SIGKILL)
        self.process.communicate()


def sql(url: str, *statements: str) -> list[tuple]:
    """The rows of the last statement."""

    async def run():
        connection = await asyncpg.connect(url)
        try:
            return [await connection.fetch(statement) for statement in statements]
        finally:
            await connection.close()

    return [tuple(row) for row in asyncio.run(run())[-1]]


def at_work(data_dir: Path) -> set[int]:
    return processes.at_work_in(data_dir / "postgres")


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


def wait_until(condition: Callable[[], object], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.001)
