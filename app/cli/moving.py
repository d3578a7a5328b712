"""`afterglow export` and `import`: a whole clinic out of one Afterglow, and into another."""

import argparse
import asyncio
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from uuid import UUID

from app import tables
from app.cli.adding import as_owner, clinic_of
from app.cli.settings import read_settings
from app.config import Settings
from app.exchange.arriving import Came, read, take_clinic, take_items
from app.exchange.leaving import leave
from app.exchange.queries.whole import at_one_moment
from app.kit.db import open_pool
from app.kit.failed import Failed
from app.kit.logs import start_logs
from app.kit.places import Place, opened, prepare

assert tables.metadata, "every table leaves with a clinic"

TOLD = 20
"""How many of the lines that were refused are named."""


def export(args: argparse.Namespace) -> None:
    """Write a clinic to a file that only its owner can read."""
    start_logs("WARNING", json=False)
    with opened(read_settings()) as place, _output(args.file) as file:
        lines = asyncio.run(_export(place, args.clinic, file))
    sys.stderr.write(f"afterglow: {lines} lines hold the whole clinic. Keep them as safe.\n")


async def _export(place: Place, slug: str, file: IO[bytes]) -> int:
    await prepare(place)
    lines = 0
    async with as_owner(place) as db:
        await at_one_moment(db)
        async for line in leave(await clinic_of(db, slug)):
            file.write(line + b"\n")
            lines += 1
    return lines


@contextmanager
def _output(name: str) -> Iterator[IO[bytes]]:
    """Where to write; a file takes the place of another only when it is complete."""
    if name == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(name)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with open(unfinished, "wb", opener=_private) as file:
            yield file
        unfinished.replace(path)
    except OSError as error:
        raise Failed(f"{name} can't be written: {error.strerror}.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def import_(args: argparse.Namespace) -> int:
    """Read a clinic, or items of batches, into a clinic; 1 where any line was refused."""
    start_logs("WARNING", json=False)
    settings = read_settings()
    with opened(settings) as place, _input(args.file) as file:
        came = asyncio.run(_import(settings, place, args.clinic, file))
    sys.stderr.write(f"afterglow: {came.sentence}\n")
    for number, why in came.refused[:TOLD]:
        sys.stderr.write(f"afterglow: line {number}: {why}\n")
    return int(bool(came.refused))


async def _import(settings: Settings, place: Place, slug: str, file: IO[bytes]) -> Came:
    await prepare(place)
    lines = read(file)
    first = next(lines, None)
    if first is None:
        raise Failed("The file is empty.")
    async with as_owner(place) as db:
        at_clinic = await clinic_of(db, slug)
        if first[1].get("kind") == "clinic":
            return await take_clinic(at_clinic, first[1], lines)
    return await _take_items(settings, place, at_clinic.clinic_id, [first, *lines])


async def _take_items(
    settings: Settings, place: Place, clinic_id: UUID, lines: list[tuple[int, dict[str, object]]]
) -> Came:
    pool = await open_pool(place.login_url, settings)
    try:
        return await take_items(pool, clinic_id, lines)
    finally:
        await pool.close()


@contextmanager
def _input(name: str) -> Iterator[IO[bytes]]:
    if name == "-":
        yield sys.stdin.buffer
        return
    try:
        with Path(name).open("rb") as file:
            yield file
    except OSError as error:
        raise Failed(f"{name} can't be read: {error.strerror}.") from None
