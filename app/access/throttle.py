"""Doors at which somebody keeps failing open more and more slowly."""

from dataclasses import dataclass
from datetime import timedelta

from app.access import queries
from app.kit import clock
from app.kit.db import Connection
from app.kit.errors import TooMany


@dataclass(frozen=True, slots=True)
class Doors:
    """How many failures are free, and how slow it then gets. [default]; no source sets these."""

    free: int = 5
    """Failures in a row at an account before it waits."""
    longest_seconds: int = 300
    """It never waits longer: an attacker must not lock a clinician out for the night."""
    forget_after: timedelta = timedelta(hours=1)
    """Failures this old don't count."""
    address_factor: int = 10
    """An address may stand for a whole clinic: it has this many times the free failures."""

    def seconds(self, failures: int, free: int) -> int:
        """How long to wait after so many failures.

        >>> doors = Doors()
        >>> [doors.seconds(n, 5) for n in (4, 5, 6, 20)]
        [0, 1, 2, 300]
        """
        over = failures - free
        return 0 if over < 0 else min(2 ** min(over, 30), self.longest_seconds)

    async def wait(self, connection: Connection, *keys: bytes) -> None:
        """Raise TooMany while a door is slow. The first key is the account's own."""
        now = clock.now()
        for place, key in enumerate(keys):
            row = await queries.failures_of(connection, key)
            if row is None or now - row["last_at"] > self.forget_after:
                continue
            free = self.free * (1 if place == 0 and len(keys) > 1 else self.address_factor)
            # A clock that was set back must not keep a door shut until it has caught up.
            last_at = min(row["last_at"], now)
            opens = last_at + timedelta(seconds=self.seconds(row["failures"], free))
            if opens > now:
                raise TooMany(max(1, int((opens - now).total_seconds()) + 1))
