"""The programs, each in a process of its own, served alike: python -m bench.programs."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import uvicorn

from bench import limit, plain
from bench.filling import CLINIC_ID, Clinic
from bench.tasks import LIMIT, OURS, PROGRAMS, UNAUDITED

ROOT = Path(__file__).parents[1]
POOL = 10
READY_SECONDS = 60
SERVE = "from app.cli import main; main()"
UNRECORDED = "import app.main; from app.kit.limits import nowhere; app.main.record = nowhere; "
"""Goes before, for the program that keeps no row of what is read."""


@dataclass(frozen=True)
class Program:
    """A program that runs."""

    name: str
    clinic: Clinic
    port: int
    process: subprocess.Popen[bytes]

    @property
    def mib(self) -> float:
        """The memory that the process holds which answers."""
        return held("-p", self.process.pid)

    @property
    def mib_beside(self) -> float:
        """The memory that the processes hold which it began, for background work."""
        return held("--ppid", self.process.pid)


def held(which: str, pid: int) -> float:
    """The memory of some processes, in MiB."""
    command = ["ps", "-o", "rss=", which, str(pid)]
    told = subprocess.run(command, capture_output=True, check=True, text=True)
    return sum(map(int, told.stdout.split())) / 1024


@contextmanager
def running_all(clinics: list[Clinic]) -> Iterator[list[Program]]:
    """Every program on every clinic, ready to answer."""
    with ExitStack() as stack:
        begun = [
            stack.enter_context(begin(name, clinic))
            for clinic in clinics
            for name in (*PROGRAMS, UNAUDITED)
        ]
        for program in begun:
            wait_for(program)
        yield begun


@contextmanager
def begin(name: str, clinic: Clinic) -> Iterator[Program]:
    """One program, ended when the block ends."""
    port = free_port()
    process = subprocess.Popen(
        command(name, clinic, port), cwd=ROOT, env=environment(name, clinic), stdout=sys.stderr
    )
    try:
        yield Program(name, clinic, port, process)
    finally:
        process.terminate()
        process.wait()


def command(name: str, clinic: Clinic, port: int) -> list[str]:
    """Afterglow is what `afterglow serve` starts, background work included."""
    if name in OURS:
        code = UNRECORDED + SERVE if name == UNAUDITED else SERVE
        return [sys.executable, "-c", code, "serve", "--port", str(port)]
    told = (name, str(port), clinic.owner_url, str(CLINIC_ID))
    return [sys.executable, "-m", "bench.programs", *told]


def environment(name: str, clinic: Clinic) -> dict[str, str]:
    """Afterglow's settings, none of them from whoever measures."""
    own = {key: value for key, value in os.environ.items() if not key.startswith("AFTERGLOW_")}
    if name in OURS:
        own |= {
            "AFTERGLOW_DATABASE_URL": clinic.login_url,
            "AFTERGLOW_OWNER_URL": clinic.owner_url,
            "AFTERGLOW_POOL_SIZE": str(POOL),
            "AFTERGLOW_LOG_LEVEL": "WARNING",
        }
    return own


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def wait_for(program: Program) -> None:
    """Until it takes connections."""
    ends = time.monotonic() + READY_SECONDS
    while time.monotonic() < ends and program.process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", program.port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return
    raise SystemExit(f"{program.name} did not start, or not in {READY_SECONDS} seconds")


def main(name: str, port: str, owner_url: str, clinic_id: str) -> None:
    """Serve one of the programs that Afterglow is compared with, as Afterglow is served."""
    create_app = limit.create_app if name == LIMIT else plain.create_app
    uvicorn.run(
        create_app(owner_url, UUID(clinic_id), POOL),
        host="127.0.0.1",
        port=int(port),
        loop="uvloop",
        http="httptools",
        ws="none",
        access_log=False,
        log_level="warning",
        server_header=False,
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
