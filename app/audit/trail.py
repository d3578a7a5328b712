"""Rows of the audit that are on disk before their answers leave, many sharing one commit.

Whoever comes while nobody is writing writes at once. Whoever comes while a commit is under way
waits for the next one, which takes everyone along.
"""

import asyncio
from contextlib import suppress

from app.audit import queries
from app.audit.entries import Entry
from app.kit.db import Pool

GATHER_SECONDS = 0.004
"""How long the next commit waits for more, while rows keep coming: a commit costs what ten rows do.
Nobody waits who comes alone."""


class Trail:
    """The audit of one process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: list[tuple[Entry, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, entry: Entry) -> None:
        """Keep a row; it is on disk when this returns. Raises what the database does."""
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, kept))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        """Write until nobody waits. A task of its own: a caller who leaves takes no one along."""
        try:
            while self._waiting:
                batch, self._waiting = self._waiting, []
                await self._commit(batch)
                if self._waiting:
                    await asyncio.sleep(GATHER_SECONDS)
        finally:
            self._writer = None

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
        if self._writer is not None:
            with suppress(asyncio.CancelledError):
                await self._writer
