"""The chairs that are open in browsers, looked at together for what changed at them.

One statement for each clinic whose chairs are open, however many browsers show them; no connection
is held in between. What a browser is told is a number that rose: it fetches the rest itself.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from uuid import UUID

from app.access import queries as access
from app.chair.queries import marks
from app.kit.db import Pool
from app.kit.errors import Unavailable
from app.kit.logs import described
from app.kit.stopping import stopping

log = logging.getLogger(__name__)

LOOK_EVERY_SECONDS = 0.6
"""With what a page takes to fetch the news, the other device is shown them within a second."""

BEAT_SECONDS = 4.0
"""A browser that hears nothing for three beats knows that it is alone."""

SESSION_SECONDS = 5.0
"""A stream ends so soon after its session."""

SHARE = 4
"""One in so many of the connections of a process may be a stream."""

OF_ONE_SESSION = 12
"""Streams of one browser: it opens six to a host by itself."""


@dataclass(eq=False, slots=True)
class Listener:
    """A browser that shows a chair."""

    clinic_id: UUID
    infusion_id: UUID
    session: bytes
    """The hash of its token."""
    mark: int | None = None
    ended: bool = False
    news: asyncio.Event = field(default_factory=asyncio.Event)

    def tell(self, mark: int | None) -> None:
        """Note where the chair is, and wake whoever waits for news of it."""
        if mark != self.mark:
            self.mark = mark
            self.news.set()

    def end(self) -> None:
        """Nothing more comes."""
        self.ended = True
        self.news.set()


class OpenChairs:
    """The open chairs of one process."""

    def __init__(self, pool: Pool, max_connections: int) -> None:
        self._pool = pool
        self._most = max(1, max_connections // SHARE)
        self._listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None

    def make_room(self, session: bytes) -> None:
        """Raise Unavailable where one more stream would take what others need."""
        own = sum(one.session == session for one in self._listeners)
        if own >= OF_ONE_SESSION or len(self._listeners) >= self._most:
            raise Unavailable("Too many chairs are open at once.", seconds=10)

    async def follow(
        self, clinic_id: UUID, infusion_id: UUID, session: bytes
    ) -> AsyncIterator[bytes]:
        """News of a chair as server-sent events, until its session ends or the service stops."""
        listener = Listener(clinic_id, infusion_id, session)
        self._listeners.add(listener)
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_on())
        told: int | None = None
        try:
            yield b"retry: 1000\n\n"
            while not listener.ended:
                with suppress(TimeoutError):
                    async with asyncio.timeout(BEAT_SECONDS):
                        await listener.news.wait()
                listener.news.clear()
                news, told = listener.mark != told, listener.mark
                kind = b"changed" if news else b"beat"
                yield b"event: %s\ndata: %d\n\n" % (kind, told or 0)
        finally:
            self._listeners.discard(listener)

    async def _look_on(self) -> None:
        asked = monotonic()
        try:
            while self._listeners and not stopping.told:
                await self._look()
                if monotonic() - asked > SESSION_SECONDS:
                    await self._end_the_signed_out()
                    asked = monotonic()
                await asyncio.sleep(LOOK_EVERY_SECONDS)
        except Exception as error:  # noqa: BLE001  # whatever it is: the browsers ask again
            log.warning("open chairs are not told of news", extra={"error": described(error)})
        finally:
            self._looking = None
            for one in self._listeners:
                one.end()

    async def _look(self) -> None:
        by_clinic: dict[UUID, set[UUID]] = defaultdict(set)
        for one in self._listeners:
            by_clinic[one.clinic_id].add(one.infusion_id)
        for clinic_id, ids in by_clinic.items():
            async with self._pool.confined(clinic_id) as db:
                found = await marks(db, ids)
            for one in self._listeners:
                if one.clinic_id == clinic_id and one.infusion_id in ids:
                    one.tell(found.get(one.infusion_id))

    async def _end_the_signed_out(self) -> None:
        sessions = {one.session for one in self._listeners}
        async with self._pool.connection() as connection:
            for session in sessions:
                if await access.viewer_of(connection, session) is None:
                    for one in self._listeners:
                        if one.session == session:
                            one.end()

    async def close(self) -> None:
        """End every stream."""
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError):
                await self._looking
