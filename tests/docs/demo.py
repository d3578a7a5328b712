"""A demo clinic that is served, and a shell to try a document's commands in."""

import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from app.kit.postgres import Server, find
from app.kit.postgres.programs import program
from tests.docs.documents import Block

URL = "http://127.0.0.1:8000"
"""Where the documents say that the demo clinic is."""

SERVER = "db.clinic.example"
"""What the documents call your PostgreSQL; here it is the demo clinic's."""

NOT_RUN = {
    "make ": "installs and serves; its targets are looked up in the Makefile",
    "docker ": "no container engine is at hand",
    "afterglow serve": "serves until it is stopped; its arguments are parsed",
    "afterglow demo": "is what serves while the documents are tried",
    "afterglow worker": "works until it is stopped",
}
"""Commands that are checked otherwise, and why."""

END = "\x1e"
"""Printed after each block, to part their outputs."""


@dataclass(frozen=True)
class Demo:
    """A demo clinic that is served, its data in `.afterglow` of `folder`."""

    url: str
    folder: Path

    def run(self, commands: list[Block]) -> list[str]:
        """Run blocks in one shell; what each printed. The first that fails is named."""
        script = "set -euo pipefail\n" + "".join(self.tried(block) for block in commands)
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=environment(self.folder),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=240,
        )
        outputs = done.stdout.split(END)
        if done.returncode:
            failed = commands[min(len(outputs), len(commands)) - 1]
            said = f"{outputs[-1]}\n{done.stderr}"
            raise AssertionError(f"the block at line {failed.line} failed:\n{failed.text}\n{said}")
        return outputs[:-1]

    def tried(self, block: Block) -> str:
        """A block as it is run here."""
        text = self.here(block.text)
        if block.language == "sql":
            psql = f"{program('psql')} -q -X -v ON_ERROR_STOP=1 '{self.server.url('postgres')}'"
            text = f"{psql} <<'SQL'\n{text}SQL\n"
        lines = [":" if is_not_run(line) else line for line in text.splitlines()]
        fail = "fail-with-body" if block.answers is None else ""
        return "\n".join([f"echo '{fail}' > .curlrc", *lines, f"printf '{END}'", ""])

    def here(self, text: str) -> str:
        """The text with the addresses that the documents name replaced by ours."""
        text = text.replace(URL, self.url)
        server = self.server
        where = rf"/\1?host={server.socket_dir}&port={server.port}"
        return re.sub(rf"{re.escape(SERVER)}(?::\d+)?/(\w+)", where, text)

    @property
    def server(self) -> Server:
        server = find(self.folder / ".afterglow")
        assert server is not None, "the demo clinic is served"
        return server


def is_not_run(line: str) -> bool:
    return any(line.startswith(start) for start in NOT_RUN)


def environment(folder: Path) -> dict[str, str]:
    """Ours, as someone has it who has just cloned: no settings, the programs at hand."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AFTERGLOW_")}
    path = f"{Path(sys.executable).parent}{os.pathsep}{kept.get('PATH', '')}"
    return kept | {"PATH": path, "CURL_HOME": str(folder), "HOME": str(folder)}


@contextmanager
def served(folder: Path) -> Iterator[Demo]:
    """The demo clinic, made and served in `folder`, and stopped as by Ctrl-C."""
    process = subprocess.Popen(
        [str(Path(sys.executable).with_name("afterglow")), "demo", "--port", "0"],
        cwd=folder,
        env=environment(folder),
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            url = url_of(process)
            # What it logs from now on is read too, or it would wait for us.
            logs = threading.Thread(target=process.stderr.read)
            logs.start()
            yield Demo(url, folder)
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=60)
        logs.join()


def url_of(process: "subprocess.Popen[str]") -> str:
    """Where it is ready; what it said, should it end before."""
    said = []
    for line in process.stderr:
        said.append(line)
        if line.startswith("{") and (told := orjson.loads(line))["message"] == "ready":
            return str(told["url"])
    raise AssertionError("the demo clinic did not start:\n" + "".join(said))
