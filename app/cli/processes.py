"""Processes under this one: several that answer requests at one socket, one for background work.

Each is told to stop by a SIGTERM of ours alone: Ctrl-C reaches all of a terminal's processes, and
they would hear it twice. When this one is gone, however it went, they end too.
"""

import logging
import multiprocessing
import os
import shutil
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from app.config import Settings
from app.kit.failed import Failed
from app.kit.logs import start_logs

log = logging.getLogger(__name__)

SPAWN = multiprocessing.get_context("spawn")

METRICS_FILES = "PROMETHEUS_MULTIPROC_DIR"
"""Where each process keeps its numbers; read when prometheus_client is first imported."""

AGAIN_SECONDS = 1.0
"""After background work ended by itself, until it is begun anew."""

GIVES_WAY = 10
"""How much nicer than others a process that nobody waits for is."""

OVERTIME_SECONDS = 10
"""Beyond what running requests get. Then a process that doesn't end is ended."""


def run(settings: Settings, login_url: str, sock: socket.socket, ready: Callable[[], None]) -> None:
    """Answer requests until told to stop. Raises Failed when a process can't begin."""
    clean_metrics(settings.data_dir)
    crew = Crew(settings, login_url, sock)
    try:
        crew.begin()
        ready()
        crew.look_after()
    except KeyboardInterrupt:
        log.info("stopping")
    finally:
        crew.end()


def clean_metrics(data_dir: Path) -> None:
    """An empty folder for the numbers of this run."""
    folder = data_dir.resolve() / "metrics"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ[METRICS_FILES] = str(folder)


class Crew:
    """The processes that answer requests."""

    def __init__(self, settings: Settings, login_url: str, sock: socket.socket) -> None:
        self.settings = settings
        self.login_url = login_url
        self.sock = sock
        self.members: dict[int, BaseProcess] = {}

    def begin(self) -> None:
        """Start all, and wait until each takes requests. Raises Failed."""
        told = [self.start(place) for place in range(self.settings.workers)]
        for heard in told:
            await_ready(heard)

    def start(self, place: int) -> Connection:
        """Start one. It says when it is ready."""
        heard, saying = SPAWN.Pipe(duplex=False)
        member = SPAWN.Process(
            target=serve,
            args=(self.settings, self.login_url, self.sock, saying),
            name=f"afterglow-{place}",
        )
        member.start()
        saying.close()
        self.members[place] = member
        return heard

    def look_after(self) -> None:
        """Start each anew that ends by itself. Ends by KeyboardInterrupt or Failed."""
        while True:
            ended = wait([member.sentinel for member in self.members.values()])
            for place, member in list(self.members.items()):
                if member.sentinel in ended:
                    member.join()
                    log.error("a process ended by itself", extra={"code": member.exitcode})
                    forget_metrics(member)
                    await_ready(self.start(place))

    def end(self) -> None:
        """Let all finish what they began, and see them gone."""
        # Impatience must not leave a process behind: a second Ctrl-C has them end at once.
        hurry = signal.signal(signal.SIGINT, lambda *_: self.tell(signal.SIGTERM))
        self.tell(signal.SIGTERM)
        deadline = time.monotonic() + self.settings.shutdown_seconds + OVERTIME_SECONDS
        for member in self.members.values():
            member.join(max(0.0, deadline - time.monotonic()))
        self.tell(signal.SIGKILL)
        for member in self.members.values():
            member.join()
        signal.signal(signal.SIGINT, hurry)

    def tell(self, number: signal.Signals) -> None:
        """Signal those that are still there."""
        for member in self.members.values():
            if member.pid and member.is_alive():
                os.kill(member.pid, number)


def await_ready(heard: Connection) -> None:
    """Wait until a process takes requests. Raises Failed when it ended before."""
    with heard:
        try:
            heard.recv()
        except EOFError:
            raise Failed("A process could not begin to serve; the log says why.") from None


def forget_metrics(member: BaseProcess) -> None:
    """What a process that is gone measured of itself no longer counts; what it counted does."""
    import_module("prometheus_client.multiprocess").mark_process_dead(member.pid)


def serve(settings: Settings, login_url: str, sock: socket.socket, saying: Any) -> None:
    """Answer requests in a process of the crew."""
    begin_as_child(settings)

    def ready() -> None:
        saying.send(None)
        saying.close()

    import_module("app.cli.process").run(settings, login_url, sock, ready)


def begin_as_child(settings: Settings) -> None:
    """Leave Ctrl-C to the parent, keep to its log, and end when it is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    start_logs(settings.log_level)
    threading.Thread(target=end_with_parent, daemon=True).start()


def end_with_parent() -> None:
    """Stop when the process that looks after us is gone."""
    parent = multiprocessing.parent_process()
    assert parent is not None, "the crew are children"
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


@contextmanager
def beside(settings: Settings, login_url: str) -> Iterator[None]:
    """Background work in a process of its own, begun anew whenever it ends by itself.

    Whatever it works out, no answer waits for it to be done with an interpreter.
    """
    heard, saying = SPAWN.Pipe(duplex=False)
    keeper = threading.Thread(target=keep_at_work, args=(settings, login_url, heard))
    keeper.start()
    try:
        yield
    finally:
        saying.close()
        keeper.join()


def keep_at_work(settings: Settings, login_url: str, heard: Connection) -> None:
    """See that somebody works until `heard` is closed; then let them finish, and see them gone."""
    while True:
        member = SPAWN.Process(target=work, args=(settings, login_url), name="afterglow-work")
        member.start()
        told = wait([heard, member.sentinel])
        if heard in told:
            break
        member.join()
        log.error("background work ended by itself", extra={"code": member.exitcode})
        if wait([heard], AGAIN_SECONDS):
            break
    member.terminate()
    member.join(settings.shutdown_seconds + OVERTIME_SECONDS)
    member.kill()
    member.join()


def work(settings: Settings, login_url: str) -> None:
    """Do background work beside processes that answer: who waits for an answer comes first."""
    begin_as_child(settings)
    os.nice(GIVES_WAY)
    working = import_module("app.cli.working")
    working.work(settings, login_url, import_module("app.worker").RESTS_BESIDE_REQUESTS)
