"""Start and stop the server of a cluster."""

import logging
import os
import signal
import subprocess
import threading
import time
from pathlib import Path

from app.kit.postgres import processes, sockets
from app.kit.postgres.accounts import Account, account_for, let_through
from app.kit.postgres.cluster import Cluster, check_version, create
from app.kit.postgres.failed import PostgresFailed
from app.kit.postgres.files import open_private, opened, read, write
from app.kit.postgres.programs import environment, major, program
from app.kit.postgres.server import Server, postmaster, reached
from app.kit.postgres.settings import SETTINGS

log = logging.getLogger(__name__)

TELL_SECONDS = 5
STOP_SECONDS = 60
"""How long the server may write what it has in memory. Then it is stopped at once, loses nothing,
and recovers at the next start."""

QUIT_SECONDS = 5
LOG_TAIL_LINES = 20
LOG_BYTES = 1_000_000

Process = subprocess.Popen[bytes]


def find_or_start(cluster: Cluster, max_connections: int, start_lock: int) -> Server:
    """The server of the cluster, started unless it runs.

    One that starts, recovers or stops is waited for. Call it with the start lock held.
    """
    rotate(cluster.log)
    if postmaster(cluster) and (found := wait_for(cluster, None)):
        return found
    account = account_for(cluster.folder, cluster.data_dir)
    let_through(cluster.folder, account)
    let_through(program("postgres"), account)
    version = major(account)
    create(cluster, account, start_lock)
    check_version(cluster, version)
    end_processes(cluster)
    if started := wait_for(cluster, start(cluster, account, max_connections)):
        return started
    raise PostgresFailed(
        f"The database in {cluster.folder} did not start. Its log ends with:\n{tail(cluster)}"
    )


def start(cluster: Cluster, account: Account, max_connections: int) -> Process:
    """Start the server, and don't wait for it.

    It gets a session of its own: Ctrl-C in the terminal reaches us, not it.
    """
    socket_dir = sockets.make_folder(cluster, account)
    _forget(cluster.folder / "postmaster.pid")
    _forget(socket_dir / f"{sockets.SOCKET}.lock")
    settings = {
        **SETTINGS,
        "max_connections": str(max_connections),
        "unix_socket_directories": str(socket_dir),
    }
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    with os.fdopen(open_private(cluster.log, os.O_APPEND), "ab") as said:
        process = subprocess.Popen(  # noqa: S603 - a fixed program
            [program("postgres"), "-D", cluster.folder, *options],
            cwd=cluster.folder,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            start_new_session=True,
            **account.run_as(),
        )
    threading.Thread(target=process.wait, name="postgres", daemon=True).start()
    return process


def wait_for(cluster: Cluster, process: Process | None) -> Server | None:
    """The server once it takes connections, or None if it ends before.

    Recovery after a crash takes what it takes: as long as there is a postmaster, so is it waited
    for.
    """
    began = told = time.monotonic()
    while postmaster(cluster) or (process and process.poll() is None):
        if found := reached(cluster):
            return found
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            log.warning(
                "The database in %s is not ready after %d s. It said last: %s",
                cluster.folder,
                told - began,
                tail(cluster, 1),
            )
        time.sleep(processes.POLL_SECONDS)
    return None


def stop(cluster: Cluster) -> None:
    """Stop the server and wait until all its processes have ended."""
    found = postmaster(cluster)
    if found and processes.is_at_work_in(found.pid, cluster.folder):
        processes.send([found.pid], signal.SIGINT)
        processes.have_left(cluster.folder, within_seconds=STOP_SECONDS)
    end_processes(cluster)
    sockets.remove_folder(cluster)


def end_processes(cluster: Cluster) -> None:
    """End what is at work in the cluster, at once.

    Processes that outlive their postmaster keep the next from starting.
    """
    for number in (signal.SIGQUIT, signal.SIGKILL):
        processes.send(processes.at_work_in(cluster.folder), number)
        if processes.have_left(cluster.folder, within_seconds=QUIT_SECONDS):
            return
    raise PostgresFailed(
        f"Processes that work in {cluster.folder} don't end: "
        f"{sorted(processes.at_work_in(cluster.folder))}. End them, and start Afterglow again."
    )


def tail(cluster: Cluster, lines: int = LOG_TAIL_LINES) -> str:
    """The last that the server said."""
    return "\n".join(read(cluster.log).splitlines()[-lines:])


def rotate(log_file: Path) -> None:
    """Keep a long log as `postgres.log.1` and begin anew.

    The server appends to the file that it has open, so that is emptied, not replaced.
    """
    with opened(log_file) as current:
        if os.fstat(current).st_size > LOG_BYTES:
            write(log_file.with_name(f"{log_file.name}.1"), read(log_file))
            os.truncate(current, 0)


def _forget(lock: Path) -> None:
    """Remove a lock of a server that has gone if its process id is now another program's.

    PostgreSQL sees to all other locks itself, but takes that program for a server.
    """
    pid = read(lock).partition("\n")[0].strip()
    if pid.isdecimal() and processes.exists(int(pid)):
        log.info("Process %s is not PostgreSQL: removing %s", pid, lock)
        lock.unlink()
