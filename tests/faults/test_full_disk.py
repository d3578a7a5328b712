"""A disk that fills up stops Afterglow from keeping more, and loses nothing of what it kept."""

import asyncio
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import httpx

from app.kit.places import DATABASE
from app.kit.postgres import find
from tests.cli.processes import Service, afterglow
from tests.faults.checks import Told, broken
from tests.faults.load import phones_of, under_load, until

DISK = "400m"
REFUSED_SECONDS = 60


@contextmanager
def a_small_disk():
    """A file system of its own, in memory; where none can be made this file is not collected."""
    with tempfile.TemporaryDirectory(prefix="afterglow-test-") as folder:
        mount = ["mount", "-t", "tmpfs", "-o", f"size={DISK},mode=755", "tmpfs", folder]
        subprocess.run(mount, capture_output=True, check=True)
        try:
            Path(folder).chmod(0o755)  # PostgreSQL runs as another user
            yield Path(folder)
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


def fill(file: Path) -> None:
    """Take what is left of the disk."""
    with file.open("wb", buffering=0) as ballast:
        try:
            while ballast.write(bytes(65536)):
                pass
        except OSError:
            pass


async def send_into(service, phones, told, ballast) -> int:
    """How many were refused while the disk was full."""
    refused = 0

    async def counted(response):
        nonlocal refused
        refused += response.status_code == 503

    async with (
        httpx.AsyncClient(
            base_url=service.url, timeout=30, event_hooks={"response": [counted]}
        ) as client,
        under_load(client, phones, told),
    ):
        await until(told, 2 * len(phones))
        await asyncio.to_thread(fill, ballast)
        async with asyncio.timeout(REFUSED_SECONDS):
            while refused < len(phones):
                await asyncio.sleep(0.05)
                # What the database frees meanwhile is taken too.
                await asyncio.to_thread(fill, ballast.with_name(f"more-{refused}"))
        for file in (ballast, *ballast.parent.glob("more-*")):
            file.unlink()
        await until(told, 2 * len(phones))
    return refused


def test_a_disk_that_fills_up_and_is_emptied_again():
    told = Told()
    with a_small_disk() as disk:
        data_dir = disk / "data"
        service = Service(data_dir)
        try:
            phones = phones_of(service, data_dir, 6)
            url = find(data_dir).url(DATABASE)
            refused = asyncio.run(send_into(service, phones, told, disk / "ballast"))
            found = asyncio.run(broken(url, told))
        finally:
            if service.process.poll() is None:
                service.stop()
        audit = afterglow(data_dir, "audit", "verify").stdout

    assert refused >= 6
    assert found == []
    assert audit.startswith("north: whole"), audit
