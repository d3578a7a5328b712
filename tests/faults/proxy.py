"""A wire between the service and its PostgreSQL that can be cut, and made slow."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit, urlunsplit

COMMIT = b"COMMIT"


@dataclass
class Wire:
    """Passes bytes on, for as long as it is let."""

    host: str
    """Of the database; a socket's folder begins with a slash."""
    its_port: int
    port: int = 0
    """Where the wire is taken up."""
    delay: float = 0.0
    """Seconds that each answer of the database takes longer."""
    free: asyncio.Event = field(default_factory=asyncio.Event)
    """Cleared, nothing passes at all."""
    cut_before: int = 0
    """So many commits are cut off before the database hears of them."""
    cut_after: int = 0
    """So many are cut off after: it commits, and nobody hears of it."""
    cuts: int = 0
    writers: set = field(default_factory=set)

    async def serve(self, reader, writer) -> None:
        """One connection."""
        there_reader, there = await self.reached()
        ends = {writer, there}
        self.writers |= ends
        try:
            async with asyncio.TaskGroup() as group:
                up = group.create_task(self.up(reader, there))
                down = group.create_task(self.down(there_reader, writer))
                await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
                for task in (up, down):
                    task.cancel()
        finally:
            self.writers -= ends
            for end in ends:
                end.close()

    async def reached(self):
        if self.host.startswith("/"):
            return await asyncio.open_unix_connection(f"{self.host}/.s.PGSQL.{self.its_port}")
        return await asyncio.open_connection(self.host, self.its_port)

    async def up(self, reader, there) -> None:
        """What the service says."""
        while data := await chunk(reader):
            await self.free.wait()
            commits = COMMIT in data
            if commits and self.cut_before:
                self.cut_before, self.cuts = self.cut_before - 1, self.cuts + 1
                return
            there.write(data)
            if commits and self.cut_after:
                self.cut_after, self.cuts = self.cut_after - 1, self.cuts + 1
                await there.drain()
                return

    async def down(self, reader, writer) -> None:
        """What the database says."""
        while data := await chunk(reader):
            await self.free.wait()
            if self.delay:
                await asyncio.sleep(self.delay)
            writer.write(data)

    def cut(self) -> None:
        """Every connection, whatever it is at."""
        for writer in list(self.writers):
            writer.transport.abort()
        self.cuts += 1


async def chunk(reader) -> bytes:
    try:
        return await reader.read(65536)
    except ConnectionError:
        return b""


@asynccontextmanager
async def wired(url: str) -> AsyncIterator[tuple[Wire, str]]:
    """A wire to the server that a URL names, and the URL that goes by it."""
    parts = urlsplit(url)
    query = parse_qs(parts.query)
    host = query["host"][0] if "host" in query else parts.hostname
    wire = Wire(host, int(query["port"][0] if "port" in query else parts.port or 5432))
    wire.free.set()
    server = await asyncio.start_server(wire.serve, "127.0.0.1", 0)
    wire.port = server.sockets[0].getsockname()[1]
    login = parts.netloc.rpartition("@")[0]
    yield wire, urlunsplit(parts._replace(netloc=f"{login}@127.0.0.1:{wire.port}", query=""))
    server.close()
    wire.cut()
