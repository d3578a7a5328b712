"""Connections that can't be held open by saying or reading little, slowly; and not too many.

Uvicorn waits for ever for the rest of a request's head, however long, for a body that nobody reads,
and for a client that doesn't read its answer. What keeps a connection busy beyond that has its
limits in kit.limits.
"""

from typing import Any, ClassVar

from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.config import Settings
from app.kit.errors import Unavailable
from app.kit.limits import Edge

LONGEST_HEAD = 64 * 1024
"""Bytes of a request's line and headers; proxies let 8 to 32 thousand pass."""

LONGER_TO_READ = 4
"""How many times as long as for a body a client gets to take what waits for it."""


async def crowded(_scope: Scope, _receive: Receive, _send: Send) -> None:
    """Answer that there is no room, and hang up."""
    refusal = Unavailable("There are too many connections.")
    refusal.headers["Connection"] = "close"
    raise refusal


class Connection(HttpToolsProtocol):
    """A connection with a time by which it must have said what it wants."""

    seconds: ClassVar[float]
    patience: ClassVar[float]
    most: ClassVar[int]
    refusing: ClassVar[Any]

    undone = 0
    """Bytes that the parser has kept since it last told of something whole."""
    in_head = True

    def connection_made(self, transport: Any) -> None:
        """Expect a request."""
        super().connection_made(transport)
        self.breaking_off = self.loop.call_later(0, bool)
        self.due = self.loop.time() + self.seconds
        self.expect_more()

    def data_received(self, data: bytes) -> None:
        """Read on; what was read does not buy time, and the parser keeps only so much."""
        self.undone += len(data)
        super().data_received(data)
        if self.transport.is_closing():
            return
        if self.undone > LONGEST_HEAD:
            self.send_400_response("The head of the request is too long.")
        elif self.timeout_keep_alive_task is None:
            self.expect_more()

    def pause_writing(self) -> None:
        """Give the client a time to take what waits for it."""
        super().pause_writing()
        self.break_off_later()

    def resume_writing(self) -> None:
        """It took it."""
        super().resume_writing()
        self.breaking_off.cancel()

    def on_response_complete(self) -> None:
        """Go on, or close: that waits for the client too."""
        super().on_response_complete()
        if self.transport.is_closing():
            self.break_off_later()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection that says no more."""
        super().timeout_keep_alive_handler()
        self.break_off_later()

    def send_400_response(self, msg: str) -> None:
        """Answer what can't be read, and close."""
        super().send_400_response(msg)
        self.break_off_later()

    def break_off_later(self) -> None:
        """End the connection when it is time, read or not."""
        self.breaking_off.cancel()
        self.breaking_off = self.loop.call_later(self.patience, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing waits any more."""
        self.breaking_off.cancel()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Note when the request, its head and what nobody reads of its body, must be here."""
        super().on_message_begin()
        self.in_head = True
        self.due = self.loop.time() + self.seconds

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header. What follows a body is read by nobody, and not kept."""
        if self.in_head:
            super().on_header(name, value)

    def on_body(self, body: bytes) -> None:
        """Pass a part of a body on."""
        self.undone = 0
        super().on_body(body)

    def on_headers_complete(self) -> None:
        """Answer, or say that there is no room."""
        self.undone, self.in_head = 0, False
        self.app = self.config.loaded_app if len(self.connections) <= self.most else self.refusing
        super().on_headers_complete()

    def expect_more(self) -> None:
        """Hang up when it is time, unless a request is being answered then."""
        if self.cycle is None or self.cycle.response_complete:
            self.timeout_keep_alive_task = self.loop.call_at(
                self.due, self.timeout_keep_alive_handler
            )


def bounded(settings: Settings) -> type[Connection]:
    """Connections within what the settings allow."""
    refusing: ASGIApp = Edge(crowded, settings)
    limits = {
        "seconds": settings.body_seconds,
        "patience": settings.body_seconds * LONGER_TO_READ,
        "most": settings.max_connections,
        "refusing": staticmethod(refusing),
    }
    return type("Bounded", (Connection,), limits)
