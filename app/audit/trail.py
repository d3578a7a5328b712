"""Rows of the audit that are on disk before their answers leave, many sharing one commit.

Whoever comes while nobody is writing is written at once. Whoever comes while a commit is under way
goes with the next one, which gathers for a moment whoever else comes.
"""

import asyncio

from app.audit import queries
from app.audit.entries import Entry
from app.kit.db import Pool

GATHER_SECONDS = 0.003
"""How long a commit waits for more while others are under way: it costs what ten rows do."""

WRITERS = 3
"""Commits under way or gathering at one time, each with a connection of the pool."""


class Trail:
    """The audit of one process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._writers: set[asyncio.Task[None]] = set()
        self._gathering = False

    async def add(self, entry: Entry) -> None:
        """Keep a row; it is on disk when this returns. Raises what the database does.

        It is written by a task of its own: a caller who leaves takes no one along.
        """
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, kept))
        if not self._gathering and len(self._writers) < WRITERS:
            writer = asyncio.create_task(self._write(at_once=not self._writers))
            self._writers.add(writer)
            writer.add_done_callback(self._writers.discard)
            self._gathering = True
        await kept

    async def _write(self, *, at_once: bool) -> None:
        """Write until nobody waits. While a writer gathers, no other is begun."""
        while True:
            if not at_once:
                await asyncio.sleep(GATHER_SECONDS)
            batch, self._waiting = self._waiting, []
            at_once, self._gathering = False, False
            await self._commit(batch)
            if self._gathering or not self._waiting:
                return
            self._gathering = True

    async def _commit(self, batch: list[tuple[Entry, asyncio.Future[None]]]) -> None:
        try:
            async with self._pool.connection() as connection:
                await queries.append(connection, [entry for entry, _ in batch])
        except Exception as error:  # noqa: BLE001  # each of those who wait is told
            for _, kept in batch:
                if not kept.done():
                    kept.set_exception(error)
        else:
            for _, kept in batch:
                if not kept.done():
                    kept.set_result(None)

    async def close(self) -> None:
        """Finish what was begun."""
        await asyncio.gather(*self._writers)
