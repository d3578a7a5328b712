"""The first and last that happens to a request: its id, its limits, its line in the log.

One ASGI middleware, as each layer costs every request. It is inside Starlette's own outermost one
and outside of everything else.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import perf_counter
from typing import Any

from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.config import Settings
from app.kit.errors import BodyTooLarge, BodyTooSlow, Broken, Refusal, Unavailable
from app.kit.ids import new_id
from app.kit.logs import described, write_line
from app.kit.metrics import UNAUDITED, count
from app.kit.problems import problem

log = logging.getLogger(__name__)

CLIENT_LEFT = 499
"""The log's word, nginx's, for a client that did not wait for its answer."""

UNMATCHED = "unmatched"
"""The route of a request for nothing we have: its path could be anything."""


UNKEPT = (b"cache-control", b"no-store")
"""No cache on the way nor disk of a browser keeps a chart. An answer that may be kept says so."""


Record = Callable[[Scope, int], Awaitable[None]]
"""Keeps that a request is answered, and with which status."""


async def nowhere(_scope: Scope, _status: int) -> None:
    """Keep nothing, where nothing can be asked."""


class Edge:
    """Bounds bodies, gives each request an id, counts it and logs it without its content.

    `record` is waited for before the first byte of an answer: what can't be recorded isn't shown.
    """

    def __init__(self, app: ASGIApp, settings: Settings, record: Record = nowhere) -> None:
        self.app = app
        self.record = record
        self.max_bytes = settings.max_body_bytes
        self.seconds = settings.body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, whatever happens."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        visit = Visit(scope, receive, send, self.record)
        began = perf_counter()
        try:
            await self._answer(visit)
        finally:
            visit.tell(perf_counter() - began)

    async def _answer(self, visit: "Visit") -> None:
        length = announced(visit.scope)
        if length is not None:
            visit.bound(self.max_bytes, self.seconds)
            if length > self.max_bytes:
                await visit.refuse(BodyTooLarge())
                return
        receive = visit.its_receive if length is None else visit.receive
        try:
            await self.app(visit.scope, receive, visit.send)
        except Refusal as refusal:
            await visit.refuse(refusal)
        except ClientDisconnect:
            visit.status = CLIENT_LEFT
        except Exception as error:  # the last resort: a bug is a 500 with an id, and logged
            visit.error = error
            if visit.status:
                raise  # the answer has begun: uvicorn breaks it off
            await visit.refuse(Broken())


def announced(scope: Scope) -> int | None:
    """How long the body says it is, 0 if it doesn't say; None when there is none.

    A Content-Length that is no number never comes here: the parser refuses it.
    """
    for name, value in scope["headers"]:
        if name == b"content-length":
            return int(value) or None
        if name == b"transfer-encoding":
            return 0
    return None


class Visit:
    """One request on its way through."""

    __slots__ = (
        "answered",
        "complete",
        "deadline",
        "error",
        "headers",
        "its_receive",
        "its_send",
        "left",
        "record",
        "refusal",
        "request_id",
        "scope",
        "status",
    )

    def __init__(self, scope: Scope, receive: Receive, send: Send, record: Record) -> None:
        self.scope = scope
        self.record = record
        self.its_receive = receive
        self.its_send = send
        self.request_id = str(new_id())
        self.status = 0
        self.answered = False
        self.complete = True
        self.refusal: Refusal | None = None
        self.error: Exception | None = None
        state = scope.setdefault("state", {})
        state["request_id"] = self.request_id
        self.headers: list[tuple[bytes, bytes]] = []
        """What the answer says besides, whatever it is."""
        state["headers"] = self.headers

    def bound(self, most: int, seconds: float) -> None:
        """A body may be so long, and take so long."""
        self.complete = False
        self.left = most
        self.deadline = asyncio.get_running_loop().time() + seconds

    async def receive(self) -> Message:
        """The next part of the body. Raises BodyTooLarge and BodyTooSlow."""
        if self.complete:
            return await self.its_receive()
        try:
            async with asyncio.timeout_at(self.deadline):
                message = await self.its_receive()
        except TimeoutError:
            self.refusal = BodyTooSlow()
            raise self.refusal from None
        self.left -= len(message.get("body", b""))
        if self.left < 0:
            self.refusal = BodyTooLarge()
            raise self.refusal
        self.complete = not message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        """Pass an answer on with the request's id, unless the body broke a limit."""
        if self.answered:
            return
        if self.refusal is not None:
            # FastAPI turns what a form's body raises into a 400; the limit is what happened.
            await self.refuse(self.refusal)
            return
        if message["type"] == "http.response.start":
            if not await self.recorded(message["status"]):
                await self.refuse(Unavailable("The audit can't be written."), record=False)
                return
            self.status = message["status"]
            headers = message["headers"]
            headers.append((b"x-request-id", self.request_id.encode()))
            headers.extend(self.headers)
            if not any(name == b"cache-control" for name, _ in headers):
                headers.append(UNKEPT)
        await self.its_send(message)

    async def recorded(self, status: int) -> bool:
        """Whether an answer may leave. A refusal may whatever happens: it shows nothing."""
        try:
            await self.record(self.scope, status)
        except Exception as error:  # noqa: BLE001  # whatever it is, nothing is shown unrecorded
            log.error("a request was not audited", extra={"error": described(error)})  # noqa: TRY400  # what the database said may hold values
            UNAUDITED.inc()
            return status >= Refusal.status
        return True

    async def refuse(self, refusal: Refusal, *, record: bool = True) -> None:
        """Answer with a problem. What the client is still sending is read to its end first.

        Closing on a client that is sending would break its connection before it has read why.
        """
        if self.answered:
            return
        self.answered = True
        if record:
            await self.recorded(int(refusal.status))
        answer = problem(refusal, self.request_id)
        self.status = answer.status_code
        own = (b"x-request-id", self.request_id.encode())
        headers = [*answer.raw_headers, own, UNKEPT, *self.headers]
        if not self.complete:
            headers.append((b"connection", b"close"))
        start = {"type": "http.response.start", "status": self.status, "headers": headers}
        await self.its_send(start)
        body = {"type": "http.response.body", "body": answer.body, "more_body": not self.complete}
        await self.its_send(body)
        if not self.complete:
            await self._drain()
            await self.its_send({"type": "http.response.body", "body": b"", "more_body": False})

    async def _drain(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout_at(self.deadline):
                while (await self.its_receive()).get("more_body"):
                    pass

    def tell(self, seconds: float) -> None:
        """Count the request, and log it."""
        scope = self.scope
        route = scope.get("route")
        template = getattr(route, "path", UNMATCHED)
        status = self.status or int(Broken.status)
        count(scope["method"], template, status, seconds)
        facts: dict[str, Any] = {
            "method": scope["method"],
            "route": template,
            "status": status,
            "ms": round(seconds * 1000, 2),
            "request_id": self.request_id,
        }
        viewer = scope["state"].get("viewer")
        if viewer is not None:
            facts["caller_id"] = viewer.id
            facts["clinic_id"] = viewer.clinic_id
        if self.error is not None:
            log.error("request", extra={**facts, "error": described(self.error)})
        elif log.isEnabledFor(logging.INFO):
            write_line(log.name, "request", facts)
