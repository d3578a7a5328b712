"""How often one caller may ask: a bucket of requests each, that fills again all the time.

Fields as in draft-ietf-httpapi-ratelimit-headers. A bucket is one process's: with several of them a
caller may ask as many times as often.
"""

from collections.abc import Callable
from time import monotonic
from uuid import UUID

from app.kit.errors import TooMany

WINDOW_SECONDS = 60

BUCKETS = 10_000
"""Before there are more, those that are full again are forgotten: they would be made the same."""

Key = tuple[UUID, UUID]
Header = tuple[bytes, bytes]


class Rates:
    """The buckets of a process."""

    def __init__(self, per_minute: int, now: Callable[[], float] = monotonic) -> None:
        self.most = per_minute
        self.policy = b'"default";q=%d;w=%d' % (per_minute, WINDOW_SECONDS)
        self._per_second = per_minute / WINDOW_SECONDS
        self._now = now
        self._left: dict[Key, tuple[float, float]] = {}
        """How many requests were left at an instant."""

    def take(self, key: Key, headers: list[Header]) -> None:
        """Take one of a caller's requests, and say in the answer's headers what is left.

        0 a minute is no limit, and nothing is said. Raises TooMany when none is left.
        """
        if not self.most:
            return
        now = self._now()
        if key not in self._left and len(self._left) >= BUCKETS:
            self._forget(now)
        left, since = self._left.get(key, (self.most, now))
        left = min(self.most, left + (now - since) * self._per_second)
        wait = 0 if left >= 1 else int((1 - left) / self._per_second) + 1
        left -= 0 if wait else 1
        self._left[key] = left, now
        # The draft's t: when there will be more than r says. At most a minute, until all is there.
        more_in = wait or int((self.most - left) / self._per_second) + 1
        headers.append((b"ratelimit-policy", self.policy))
        headers.append((b"ratelimit", b'"default";r=%d;t=%d' % (left, more_in)))
        if wait:
            raise TooMany(wait)

    def __len__(self) -> int:
        """How many callers are remembered."""
        return len(self._left)

    def _forget(self, now: float) -> None:
        self._left = {
            key: (left, since)
            for key, (left, since) in self._left.items()
            if left + (now - since) * self._per_second < self.most
        }
