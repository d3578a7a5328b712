"""Bodies that have arrived and are judged when their turn comes. No framework here."""

import re
from collections.abc import Iterable
from itertools import takewhile
from typing import Any, Generic, TypeVar

import orjson
from pydantic import BaseModel, ValidationError

from app.kit.errors import Invalid, Malformed, MatchRequired, Refusal

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


IN_OUR_WORDS = {
    "extra_forbidden": "is not a field of this",
    "uuid_parsing": "must be a UUID",
    "date_parsing": "must be a date, like 2026-11-23",
    "date_from_datetime_parsing": "must be a date, like 2026-11-23",
    "datetime_parsing": "must be an instant with an offset, like 2026-11-23T09:30:00-07:00",
    "datetime_from_date_parsing": "must be an instant with an offset",
    "datetime_object_invalid": "must be an instant with an offset",
    "timezone_offset": "must carry an offset",
    "time_parsing": "must be a time of day",
    "time_delta_parsing": "must be a duration",
    "union_tag_invalid": "is of no kind that is known here",
    "url_parsing": "must be a URL",
    "url_syntax_violation": "must be a URL",
    "json_invalid": "must be JSON",
    "mapping_type": "must be a JSON object",
    "iteration_error": "must be an array",
    "get_attribute_error": "could not be read",
    "bytes_invalid_encoding": "must be UTF-8",
}
"""Findings that pydantic words with a piece of what was sent, by type."""

MOST_FINDINGS = 100
"""How many are told: a body of a megabyte can hold three hundred thousand."""

_FIELD = re.compile(r"[a-z][a-z0-9_]{0,63}")


def invalid(error: ValidationError) -> Invalid:
    """What pydantic found, without the values it found it in; of very much the first of it."""
    every = error.errors(include_url=False, include_context=False, include_input=False)
    return Invalid(*((pointer(named(one["loc"])), told(one)) for one in every[:MOST_FINDINGS]))


def named(location: Iterable[int | str]) -> Iterable[int | str]:
    """A location as far as it could be one of ours: an unknown key may be anybody's name.

    >>> list(named(("phones", 0, "Ada Moreau")))
    ['phones', 0]
    """
    return takewhile(lambda part: isinstance(part, int) or _FIELD.fullmatch(part), location)


def told(found: Any) -> str:
    """A finding in words that repeat nothing the caller sent."""
    words = IN_OUR_WORDS.get(found["type"], found["msg"])
    return str(words).removeprefix("Value error, ")


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
        return parse(self.model, self.json())


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


def as_problem(refusal: Refusal, request_id: str | None = None) -> dict[str, Any]:
    """A refusal as the members of a problem document."""
    return {
        "type": f"/problems/{refusal.name}",
        "title": refusal.title,
        "status": int(refusal.status),
        "detail": refusal.detail,
        "instance": request_id,
        **refusal.facts,
    }
