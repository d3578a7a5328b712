"""`afterglow doctor`: what is configured, reachable and migrated. Never a secret."""

import argparse
import asyncio
import os
import shutil
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from app.cli.settings import read_settings
from app.config import Settings
from app.kit import clock
from app.kit.failed import Failed
from app.kit.logs import start_logs
from app.kit.migrate import head
from app.kit.places import Place, check_login, look, opened

FREE_BYTES = 1024**3
"""Less room than this on the disk is too little: PostgreSQL stops when there is none."""

CLOCK_OFF = 5.0
"""Seconds. A database whose clock is further off than this puts records in the wrong order."""

BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock that is right says it is earlier."""


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at."""

    what: str
    says: str
    right: bool = True

    def __str__(self) -> str:
        """A line."""
        return f"{'ok  ' if self.right else 'BAD '} {self.what:<9} {self.says}"


def doctor(_: argparse.Namespace) -> int:
    """Look at everything; 1 if something is wrong."""
    start_logs("ERROR", json=False)
    wrong = False
    for finding in findings():
        sys.stdout.write(f"{finding}\n")
        sys.stdout.flush()
        wrong = wrong or not finding.right
    return int(wrong)


def findings() -> Iterator[Finding]:
    """Each thing, as it is found."""
    try:
        settings = read_settings()
    except Failed as failed:
        yield Finding("settings", str(failed), right=False)
        return
    yield Finding("settings", configured(settings))
    yield from data_dir(settings.data_dir)
    yield alerts(settings)
    yield own_clock()
    yield from database(settings)


def configured(settings: Settings) -> str:
    """Where it listens and how much it takes on."""
    tls = ", TLS in front" if settings.tls_in_front else ""
    return (
        f"listens on {settings.host} port {settings.port}{tls}; processes: {settings.workers}, "
        f"with {settings.pool_size} database connections each"
    )


def data_dir(folder: Path) -> Iterator[Finding]:
    """The data directory: whose, closed to others, with room."""
    folder = folder.resolve()
    if not folder.exists():
        yield Finding("data", f"{folder} is not made yet")
        return
    mode = stat.S_IMODE(folder.stat().st_mode)
    listed = bool(mode & (stat.S_IRGRP | stat.S_IROTH | stat.S_IWGRP | stat.S_IWOTH))
    writable = os.access(folder, os.W_OK | os.X_OK)
    says = f"{folder}, mode {mode:04o}"
    says += ": others can look into it" if listed else "" if writable else ": we can't write there"
    yield Finding("data", says, right=writable and not listed)
    free = shutil.disk_usage(folder).free
    yield Finding("disk", f"{free / 1024**3:.1f} GiB free", right=free > FREE_BYTES)


def alerts(settings: Settings) -> Finding:
    """Where alerts go, and which key signs them."""
    if not settings.alert_url:
        return Finding("alerts", "are sent nowhere: AFTERGLOW_ALERT_URL is not set")
    host = urlsplit(settings.alert_url).hostname
    key = f"the key in {settings.data_dir / 'alert_secret'}, made when it is first needed"
    if settings.alert_secret:
        key = "the key in AFTERGLOW_ALERT_SECRET"
    return Finding("alerts", f"go to {host}, signed with {key}")


def own_clock() -> Finding:
    """What time we think it is."""
    now = clock.now()
    return Finding("clock", f"{now:%Y-%m-%d %H:%M:%S} UTC", right=now > BUILT)


def database(settings: Settings) -> Iterator[Finding]:
    """The database: reachable, migrated, and who gets in as what."""
    embedded = not (settings.database_url or settings.owner_url)
    if embedded and not (settings.data_dir / "postgres" / "PG_VERSION").exists():
        yield Finding("database", "embedded, not made yet: `afterglow migrate`", right=False)
        return
    try:
        with opened(settings) as place:
            yield from asyncio.run(_asked(place))
    except Failed as failed:
        yield Finding("database", str(failed), right=False)


async def _asked(place: Place) -> list[Finding]:
    state = await look(place)
    where = "embedded" if place.embedded else "yours, by URL"
    newest = head()
    migrated = Finding(
        "migrated",
        f"to {state.revision or 'nothing'}, and this version brings {newest}"
        + ("" if state.revision == newest else ": `afterglow migrate`"),
        right=state.revision is not None and state.revision >= newest,
    )
    found = [
        Finding("database", f"PostgreSQL {state.version}, {where}, reachable"),
        migrated,
        Finding("skew", f"its clock is {state.off:.1f} s off ours", right=state.off < CLOCK_OFF),
    ]
    try:
        await check_login(place)
    except Failed as failed:
        return [*found, Finding("roles", str(failed), right=False)]
    return [*found, Finding("roles", f"the service logs in as {place.login}, which owns nothing")]
