"""Afterglow as its operator meets it: a process with output, signals and an exit code."""

import json
import os
import queue
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 150
"""Only what is broken waits so long; a demo clinic takes a minute to fill on a loaded machine."""


@contextmanager
def a_data_dir() -> Iterator[Path]:
    """Not pytest's: it closes its folders to the user whom root runs PostgreSQL as."""
    folder = Path(tempfile.mkdtemp(prefix="afterglow-test-")).resolve()
    yield folder
    shutil.rmtree(folder)


def environment(data_dir: Path, **settings) -> dict[str, str]:
    """Of the environment's settings none but these."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AFTERGLOW_", "COVERAGE_"))}
    given = {f"AFTERGLOW_{name.upper()}": str(value) for name, value in settings.items()}
    return {**kept, "AFTERGLOW_DATA_DIR": str(data_dir), **given}


def afterglow(data_dir: Path, *args, **settings) -> subprocess.CompletedProcess[str]:
    """Run a command to its end."""
    return subprocess.run(
        [sys.executable, "-m", "app.cli", *args],
        env=environment(data_dir, **settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def made(data_dir: Path, *args, **settings):
    """What a command that makes something answers."""
    done = afterglow(data_dir, *args, "--json", **settings)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


class Service:
    """`afterglow serve`, or `demo`, on a free port."""

    def __init__(self, data_dir: Path, *args, command="serve", **settings) -> None:
        self.data_dir = data_dir
        self.told: list[str] = []
        self._lines: queue.Queue[str | None] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app.cli", command, "--port", "0", *args],
            env=environment(data_dir, **settings),
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        try:
            self.url = self.logged("ready")["url"]
        except BaseException:
            self.process.kill()
            self.process.wait()
            raise

    def _read(self) -> None:
        with self.process.stderr as lines:
            for line in lines:
                self._lines.put(line)
        self._lines.put(None)

    def _next_lines(self) -> Iterator[str]:
        """What it says on standard error, for as long as anyone's patience lasts."""
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            line = self._lines.get(timeout=max(0.01, deadline - time.monotonic()))
            assert line is not None, f"it ended, having said: {self.told}"
            self.told.append(line)
            yield line

    def logged(self, message: str, **facts):
        """The next line of the log that says so."""
        for line in self._next_lines():
            if line.startswith("{"):
                found = json.loads(line)
                if found["message"] == message and facts.items() <= found.items():
                    return found
        return None

    def said(self, last: str) -> str:
        """What it says to a person, to the line that has `last` in it."""
        text = ""
        for line in self._next_lines():
            text += "" if line.startswith("{") else line
            if last in line:
                break
        return text

    def request(self, method: str, path: str, **more) -> httpx.Response:
        return httpx.request(method, self.url + path, timeout=30, **more)

    def get(self, path: str, **more) -> httpx.Response:
        return self.request("GET", path, **more)

    def post(self, path: str, **more) -> httpx.Response:
        return self.request("POST", path, **more)

    @property
    def address(self) -> tuple[str, int]:
        url = httpx.URL(self.url)
        return url.host, url.port

    def family(self) -> set[int]:
        """Every process that came of this one, PostgreSQL's too."""
        parents = {}
        for entry in Path("/proc").iterdir():
            if entry.name.isdecimal():
                try:
                    after_name = (entry / "stat").read_text().rpartition(")")[2].split()
                except OSError:
                    continue
                if after_name[0] != "Z":
                    parents[int(entry.name)] = int(after_name[1])
        found = {self.process.pid}
        while more := {pid for pid, of in parents.items() if of in found} - found:
            found |= more
        return found

    def stop(self, number: signal.Signals = signal.SIGINT) -> int:
        """Its exit code."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Its exit code, once it has ended."""
        code = self.process.wait(PATIENCE_SECONDS)
        self._reader.join(PATIENCE_SECONDS)
        return code


@contextmanager
def serving(data_dir: Path, *args, **settings) -> Iterator[Service]:
    service = Service(data_dir, *args, **settings)
    try:
        yield service
    finally:
        if service.process.poll() is None:
            service.stop()


def left(pids: set[int]) -> set[int]:
    """Which of these processes are still there after a moment's patience."""
    deadline = time.monotonic() + 10
    while there := {pid for pid in pids if Path("/proc", str(pid)).exists()}:
        if time.monotonic() > deadline:
            return there
    return set()
