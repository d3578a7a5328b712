"""`afterglow migrate`, `backup`, `restore`."""

import argparse
import asyncio
import sys
from pathlib import Path

from app.cli.settings import read_settings
from app.kit import dumps
from app.kit.logs import start_logs
from app.kit.places import opened, prepare


def migrate(_: argparse.Namespace) -> None:
    """Bring the database to this version, and make its roles."""
    start_logs("WARNING", json=False)
    with opened(read_settings()) as place:
        asyncio.run(prepare(place))
    sys.stderr.write("afterglow: the database is migrated.\n")


def backup(args: argparse.Namespace) -> None:
    """Write the database to a file, while the service runs or not."""
    start_logs("WARNING", json=False)
    with opened(read_settings()) as place:
        dumps.backup(place.owner_url, Path(args.file))
    sys.stderr.write(f"afterglow: {args.file} holds the whole database. Keep it as safe.\n")


def restore(args: argparse.Namespace) -> None:
    """Read a backup into an empty database, then migrate and make the roles it did not hold."""
    start_logs("WARNING", json=False)
    with opened(read_settings()) as place:
        dumps.restore(place.owner_url, Path(args.file))
        asyncio.run(prepare(place))
    sys.stderr.write(f"afterglow: {args.file} is restored and migrated.\n")
