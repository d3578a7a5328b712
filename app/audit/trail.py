"""Rows of the audit that are on disk before their answers leave, many sharing one commit.

Whoever comes while nobody is writing is written at once. Whoever comes while a commit is under way
goes with the next one. While connections are short the writer keeps its own: a row that waited for
one would hold up an answer that is ready.
"""

import asyncio
from contextlib import suppress

from app.audit import queries
from app.audit.entries import Entry
from app.kit.db import Connection, Pool

APART_SECONDS = 0.003
"""From the beginning of a commit to that of the next, at least: one costs what ten rows do."""

KEPT_FOR = 10
"""How many times it looks in vain before it gives its connection back, however short they are."""

Waiting = tuple[Entry, asyncio.Future[None]]


class Trail:
    """The audit of one process."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._waiting: list[Waiting] = []
        self._writer: asyncio.Task[None] | None = None

    async def add(self, entry: Entry) -> None:
        """Keep a row; it is on disk when this returns. Raises what the database does.

        It is written by a task of its own: a caller who leaves takes no one along.
        """
        kept: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append((entry, kept))
        if self._writer is None:
            self._writer = asyncio.create_task(self._write())
        await kept

    async def _write(self) -> None:
        try:
            async with self._pool.connection() as connection:
                await self._commit_all(connection)
        except Exception as error:  # noqa: BLE001  # each of those who wait is told
            tell(self._taken(), error)
        finally:
            self._writer = asyncio.create_task(self._write()) if self._waiting else None

    async def _commit_all(self, connection: Connection) -> None:
        """Commit until nobody waits, and a little longer where connections are short."""
        loop, in_vain = asyncio.get_running_loop(), 0
        while self._waiting or (self._pool.is_short and in_vain < KEPT_FOR):
            began, in_vain = loop.time(), in_vain + 1
            if batch := self._taken():
                in_vain = 0
                if not await committed(connection, batch):
                    return
            if self._waiting or self._pool.is_short:
                await asyncio.sleep(max(0, began + APART_SECONDS - loop.time()))

    def _taken(self) -> list[Waiting]:
        batch, self._waiting = self._waiting, []
        return batch

    async def close(self) -> None:
        """Finish what was begun."""
        while self._writer is not None:
            with suppress(asyncio.CancelledError):
                await self._writer


async def committed(connection: Connection, batch: list[Waiting]) -> bool:
    """Keep some rows, and tell those who wait for it; whether they were kept."""
    try:
        await queries.append(connection, [entry for entry, _ in batch])
    except Exception as error:  # noqa: BLE001  # each of those who wait is told
        tell(batch, error)
        return False
    tell(batch)
    return True


def tell(batch: list[Waiting], error: Exception | None = None) -> None:
    """Let those go on who wait; one who left waits no more."""
    for _, kept in batch:
        if not kept.done():
            if error is None:
                kept.set_result(None)
            else:
                kept.set_exception(error)
