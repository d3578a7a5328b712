"""Bodies that have arrived and are judged when their turn comes. No framework here."""

import re
from collections.abc import Iterable
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from app.kit.errors import Invalid, Malformed, MatchRequired

Sent = TypeVar("Sent", bound=BaseModel)


def written(value: Any) -> bytes:
    """A value as JSON: instants in UTC with Z, ids as text (asyncpg has a UUID of its own)."""
    return orjson.dumps(value, default=str, option=orjson.OPT_UTC_Z)


def pointer(location: Iterable[int | str]) -> str:
    """Where pydantic found it, as an RFC 6901 pointer.

    >>> pointer(("answers", 3))
    '/answers/3'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in location)


def invalid(error: ValidationError) -> Invalid:
    """What pydantic found, without the values it found it in."""
    return Invalid(*((pointer(found["loc"]), told(found)) for found in error.errors()))


def told(found: Any) -> str:
    """A finding in words that repeat nothing the caller sent."""
    if found["type"] == "extra_forbidden":
        return "is not a field of this"
    return str(found["msg"]).removeprefix("Value error, ")


class Unread(Generic[Sent]):
    """A body that has arrived and is not yet judged.

    The contract checks 401, 403, 404, 412 and 409 before 422, so an action reads the body when its
    turn comes.
    """

    def __init__(self, model: type[Sent], raw: bytes) -> None:
        self.model = model
        self.raw = raw

    def json(self) -> Any:
        """The JSON value. Raises Malformed for what is no JSON (NaN and lone surrogates too)."""
        try:
            return orjson.loads(self.raw or b"{}")
        except orjson.JSONDecodeError:
            raise Malformed("The body is not valid JSON in UTF-8.") from None

    def object(self) -> dict[str, Any]:
        """The JSON object. Raises Malformed or Invalid."""
        value = self.json()
        if not isinstance(value, dict):
            raise Invalid(("", "must be a JSON object"))
        return value

    def read(self) -> Sent:
        """The body as its model. Raises Malformed or Invalid, which names no value sent."""
        return parse(self.model, self.object())


def parse(model: type[Sent], value: Any) -> Sent:
    """A JSON value as a model, or Invalid."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise invalid(error) from None


_ETAG = re.compile(r'^\s*(?:W/)?"?(\d{1,9})"?\s*$')


def expected(header: str | None) -> int | None:
    """The version a change expects; None for one that never matches. Raises MatchRequired."""
    if header is None:
        raise MatchRequired
    found = _ETAG.match(header)
    return int(found.group(1)) if found else None
