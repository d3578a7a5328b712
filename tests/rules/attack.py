"""Everything that a caller can try with ids that are not theirs."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.rules.everything import REFERS, Headers, body_of, fitted
from tests.rules.surface import document, operations

OURS = {"code", "name", "key"}
"""Names in a path that belong to no clinic."""

UNNAMED = {
    "/v1/check-ins": ("infusion_id", "supersedes", "id"),
    "/v1/batch": ("patient_id", "infusion_id", "id"),
}
"""Bodies whose items the document leaves open, and the ids that may stand in one."""


@dataclass(frozen=True)
class Attempt:
    """One request with somebody else's id in it."""

    label: str
    method: str
    url: str
    body: Any = None
    query: dict[str, Any] = field(default_factory=dict)

    async def by(self, http: httpx.AsyncClient, headers: Headers) -> httpx.Response:
        """Send it."""
        named = headers | {"If-Match": '"1"'} if self.method == "patch" else headers
        return await http.request(
            self.method.upper(), self.url, json=self.body, params=self.query, headers=named
        )


def attempts(own: dict[str, str], theirs: dict[str, str]) -> Iterator[Attempt]:
    """Every operation, with their ids in its path, its body and its query, one at a time.

    PUT comes last: in another clinic the same id is independent, and after a PUT it is one's own.
    """
    search = "/v1/patients/search"
    yield Attempt(search, "post", search, {"name": theirs["family_name"]})
    for path, method, operation in sorted(operations(), key=puts_last):
        body = fitted(body_of(path, method), own)
        names = [name for name in re.findall(r"{(\w+)}", path) if name not in OURS]
        for some in ({*names}, *({name} for name in names if len(names) > 1)):
            if some:
                url = path.format(**{**own, **{name: theirs[name] for name in some}})
                yield Attempt(f"{method} {path} {sorted(some)}", method, url, body)
        for pointer, changed in with_ids(path, method, body, own, theirs):
            yield Attempt(f"{method} {path} {pointer}", method, path.format(**own), changed)
        for name in queries(operation, theirs):
            query = {name: theirs[name]}
            yield Attempt(f"{method} {path}?{name}", method, path.format(**own), body, query)


def puts_last(one: tuple[str, str, Any]) -> tuple[bool, int]:
    """Patients last of all, what belongs to them before."""
    path, method, _ = one
    return method == "put", -path.count("{")


def queries(operation: Any, theirs: dict[str, str]) -> list[str]:
    """The parameters of a query that could name something of theirs."""
    named = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    return [name for name in named if name in theirs]


def with_ids(
    path: str, method: str, body: Any, own: dict[str, str], theirs: dict[str, str]
) -> Iterator[tuple[str, Any]]:
    """The body with one of its ids replaced by theirs, each in turn."""
    for name in UNNAMED.get(path, ()):
        item = body["items"][0] | {"id": own["new_id"], name: theirs[REFERS.get(name, name)]}
        yield f"/items/0/{name}", body | {"items": [item]}
    content = document()["paths"][path][method].get("requestBody", {}).get("content", {})
    for schema in [one["schema"] for one in content.values()][:1]:
        for name, listed in ids_of(schema):
            one = theirs[REFERS.get(name, name)]
            yield f"/{name}", body | {name: [one] if listed else one}


def ids_of(schema: Any) -> Iterator[tuple[str, bool]]:
    """The fields of a body that hold an id, and whether they hold a list of them."""
    named = document()["components"]["schemas"]
    if "$ref" in schema:
        schema = named[schema["$ref"].rpartition("/")[2]]
    for name, told in schema.get("properties", {}).items():
        for one in told.get("anyOf", [told]):
            if one.get("format") == "uuid":
                yield name, False
            elif one.get("items", {}).get("format") == "uuid":
                yield name, True


VARIES = (
    (re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"), "ID"),
    (re.compile(r"\d{4}-\d\d-\d\dT[0-9:.+-]+Z?"), "AT"),
    (re.compile(r"attacker-\w+"), "CLINIC"),
    (re.compile(r"\b\d+\.\d{3,}\b"), "SINCE"),  # days and chances, of the moment of asking
    (re.compile(r'("late_seconds":) ?[0-9.]+'), r"\1 0"),
    (re.compile(r'("clock_skew_seconds":) ?-?[0-9.]+'), r"\1 0"),
)
"""What differs between two clinics that are the same."""


def plain(answer: httpx.Response) -> tuple[int, str]:
    """What an answer says, but for ids and times."""
    text = answer.text
    if text and "json" in answer.headers.get("content-type", ""):
        text = json.dumps(answer.json(), sort_keys=True)
    for pattern, word in VARIES:
        text = pattern.sub(word, text)
    return answer.status_code, text
