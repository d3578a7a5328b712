"""Every answer in every test is held against the document that we publish."""

import json
import re
from functools import cache
from typing import Any

import httpx
import jsonschema_rs

from app.config import Settings
from app.main import create_app

UNDOCUMENTED = ("/openapi.json", "/healthz", "/readyz", "/metrics")


@cache
def document() -> dict[str, Any]:
    """What we publish."""
    return create_app(Settings(), "postgresql://nowhere").openapi()


@cache
def paths() -> list[tuple[re.Pattern[str], dict[str, Any]]]:
    """Each path as a pattern. Those with fewer parameters are tried first."""
    told = sorted(document()["paths"].items(), key=lambda one: one[0].count("{"))
    return [(re.compile(re.sub(r"{\w+}", "[^/]+", path)), methods) for path, methods in told]


@cache
def validator(ref: str) -> jsonschema_rs.Draft202012Validator:
    """The validator of the schema at a place in the document."""
    return jsonschema_rs.Draft202012Validator(
        {"$ref": "#" + ref, "components": document()["components"], "paths": document()["paths"]},
        validate_formats=True,
    )


def escaped(part: str) -> str:
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def declared(method: str, path: str) -> tuple[str, dict[str, Any]] | None:
    """Where an operation is declared, and what it says; None for a path that no route has."""
    for pattern, methods in paths():
        if pattern.fullmatch(path):
            if method not in methods:
                return None
            there = next(one for one, told in document()["paths"].items() if told is methods)
            return f"/paths/{escaped(there)}/{method}", methods[method]
    return None


def breaches(method: str, path: str, status: int, media_type: str, body: bytes) -> list[str]:
    """What an answer breaks of the document."""
    found = declared(method, path)
    if found is None:
        return [] if status in {404, 405} or path.startswith(UNDOCUMENTED) else ["undeclared path"]
    place, operation = found
    answer = operation["responses"].get(str(status))
    if answer is None:
        return [f"undeclared status {status}"]
    place += f"/responses/{status}"
    if "$ref" in answer:
        place = answer["$ref"].removeprefix("#")
        answer = document()["components"]["responses"][place.rpartition("/")[2]]
    content = answer.get("content")
    if content is None:
        return ["a body where none is declared"] if body else []
    if media_type not in content:
        return [f"undeclared content type {media_type}"]
    if not media_type.endswith("json"):
        return []
    schema = validator(f"{place}/content/{escaped(media_type)}/schema")
    return [
        f"/{'/'.join(map(str, error.instance_path))}: {error.message}"
        for error in schema.iter_errors(json.loads(body))
    ]


async def hold(response: httpx.Response) -> None:
    """Fail the test whose answer is not as declared."""
    request = response.request
    body = await response.aread()
    media_type = response.headers.get("content-type", "").partition(";")[0]
    broken = breaches(
        request.method.lower(), request.url.path, response.status_code, media_type, body
    )
    assert broken == [], f"{request.method} {request.url.path} {response.status_code}: {broken}"
