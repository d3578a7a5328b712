"""Pages: a limit, an opaque cursor that remembers the last key, and the links between them."""

import base64
import binascii
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar
from uuid import UUID

import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.kit.errors import Invalid

LIMIT = 50
"""A page, unless the caller says otherwise."""

MOST = 200
"""The largest page."""

Limit = Annotated[int, Field(ge=1, le=MOST, description="How many items at most")]


Item = TypeVar("Item")


class Page(BaseModel, Generic[Item]):
    """One page of a list: follow next_cursor until it is null."""

    model_config = ConfigDict(extra="forbid")

    items: list[Item]
    next_cursor: str | None

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """PatientPage, not Page_PatientOut_: client generators make classes of it."""
        return str(params[0].__name__).removesuffix("Out") + "Page"


def cursor_of(*key: datetime | str | UUID) -> str:
    """An opaque cursor: the key of the last row shown."""
    return base64.urlsafe_b64encode(orjson.dumps(key, default=str)).decode().rstrip("=")


def key_of(cursor: str) -> list[str]:
    """The key in a cursor, or 422: a cursor is only ever one we made."""
    try:
        key = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        key = None
    if not isinstance(key, list) or not all(
        isinstance(part, str) and "\x00" not in part for part in key
    ):
        raise Invalid(("/cursor", "is not a cursor that this list gave"))
    return key


def instant_key(cursor: str) -> tuple[datetime, UUID]:
    """The (instant, id) in the cursor of a list in the order of time."""
    key = key_of(cursor)
    try:
        at, record_id = key
        return datetime.fromisoformat(at).astimezone(UTC), UUID(record_id)
    except (ValueError, OverflowError):
        raise Invalid(("/cursor", "is not a cursor that this list gave")) from None


def page_body(items: Sequence[str], next_cursor: str | None) -> bytes:
    """The JSON of a page whose items PostgreSQL has already written."""
    tail = b"null" if next_cursor is None else orjson.dumps(next_cursor)
    return b'{"items":[' + ",".join(items).encode() + b'],"next_cursor":' + tail + b"}"
