"""Callers who ask, wait for the answer, check it, and ask again: HTTP/1.1, kept alive.

Written on the bare protocol, as an HTTP library would take more of the two cores than what it
measures.
"""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass

END = b"\r\n\r\n"
LENGTH = b"content-length: "


class Wrong(Exception):
    """An answer that is not the one expected: what was measured is worth nothing."""


@dataclass(frozen=True)
class Asked:
    """What is sent, and whether an answer is right: its status and its items."""

    requests: Iterator[bytes]
    status: bytes
    mark: bytes
    items: int

    def check(self, head: bytes, body: bytes) -> None:
        found = body.count(self.mark)
        if head[9:12] != self.status or found != self.items:
            raise Wrong(f"{head[:15]!r} with {found} items, not {self.items}: {body[:600]!r}")


class Caller(asyncio.Protocol):
    """One connection that asks until it is told that time is up."""

    def __init__(self, asked: Asked, now: Callable[[], float]) -> None:
        self.asked = asked
        self.now = now
        self.answered = 0
        self.until = 0.0
        self.buffer = bytearray()
        self.wanted = 0
        self.head = b""
        self.ended = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport

    def ask_until(self, until: float) -> asyncio.Future[int]:
        """Begin; the future is the number of answers."""
        self.until, self.answered = until, 0
        self.ended = asyncio.get_running_loop().create_future()
        self.ask()
        return self.ended

    def ask(self) -> None:
        self.transport.write(next(self.asked.requests))

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        if not self.wanted and (end := self.buffer.find(END)) >= 0:
            self.head = bytes(self.buffer[:end]).lower()
            at = self.head.find(LENGTH) + len(LENGTH)
            self.wanted = end + len(END) + int(self.head[at:].split(b"\r\n", 1)[0])
            self.body_at = end + len(END)
        if self.wanted and len(self.buffer) >= self.wanted:
            self.take()

    def take(self) -> None:
        """An answer is whole."""
        body = bytes(self.buffer[self.body_at : self.wanted])
        self.buffer.clear()
        self.wanted = 0
        self.answered += 1
        try:
            self.asked.check(self.head, body)
        except Wrong as wrong:
            self.ended.set_exception(wrong)
            return
        if self.now() < self.until:
            self.ask()
        else:
            self.ended.set_result(self.answered)

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_exception(Wrong(f"the connection was closed: {error}"))


async def rate(port: int, asked: Asked, callers: int, seconds: float, warm_up: float) -> float:
    """Requests per second, after a warm-up on the same connections."""
    loop = asyncio.get_running_loop()
    made = [
        await loop.create_connection(lambda: Caller(asked, loop.time), "127.0.0.1", port)
        for _ in range(callers)
    ]
    callers_ = [caller for _, caller in made]
    await asyncio.gather(*(caller.ask_until(loop.time() + warm_up) for caller in callers_))
    began = loop.time()
    answers = await asyncio.gather(*(caller.ask_until(began + seconds) for caller in callers_))
    took = loop.time() - began
    for transport, caller in made:
        caller.ended.cancel()
        transport.close()
    return sum(answers) / took
