"""What routes need of HTTP: bodies read late, versions in headers, JSON sent as it comes."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Header, Request, Response

from app.kit.bodies import Sent, Unread
from app.kit.errors import WrongMediaType

JSON = "application/json"
MERGE_PATCH = "application/merge-patch+json"


def body(model: type[Sent], *media: str) -> Callable[..., Any]:
    """A dependency that gives the body unread; kit.openapi documents it by its model."""
    accepted = media or (JSON,)

    async def read(request: Request) -> Unread[Sent]:
        raw = await request.body()
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if raw and kind not in accepted:
            raise WrongMediaType(f"Send {' or '.join(accepted)}.")
        return Unread(model, raw)

    read.body_model = model  # type: ignore[attr-defined]  # read by kit.openapi
    read.body_media = accepted  # type: ignore[attr-defined]  # read by kit.openapi
    return read


def patch(model: type[Sent]) -> Callable[..., Any]:
    """A dependency that gives a merge patch (RFC 7396) unread."""
    return body(model, MERGE_PATCH, JSON)


def if_match(if_match: Annotated[str | None, Header(alias="If-Match")] = None) -> str | None:
    """The If-Match header as it came; `expected` judges it after the record was found."""
    return if_match


IfMatch = Annotated[str | None, Depends(if_match)]


told: ContextVar[tuple[int, str | None]] = ContextVar("told")
"""The status of the answer that `send` made for this request, and where it says a record is."""


def send(
    document: str | bytes, status: int = 200, *, version: int | None = None, **headers: str
) -> Response:
    """JSON that PostgreSQL wrote, as it came."""
    content = document.encode() if isinstance(document, str) else document
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    if version is not None:
        named["ETag"] = f'"{version}"'
    told.set((status, named.get("Location")))
    return Response(content, status, named, JSON)


def linked(request: Request, page: bytes, cursor: str | None) -> Response:
    """A page, with the link to the next one."""
    if cursor is None:
        return send(page)
    asked = urlencode({**request.query_params, "cursor": cursor})
    return send(page, Link=f'<{request.scope["path"]}?{asked}>; rel="next"')
