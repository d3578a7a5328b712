"""The service as a list of things to try: built once, never started."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from fastapi import FastAPI

from app.config import Settings
from app.kit.openapi import routes
from app.main import create_app
from app.web.routing import PageRoute


@cache
def built() -> FastAPI:
    """The service, on no database."""
    return create_app(Settings(), "postgresql://nowhere")


def document() -> dict[str, Any]:
    return built().openapi()


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every path, method and description in the document."""
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def endpoints() -> list[tuple[str, str]]:
    """Every method and path that the service answers machines at, documented or not."""
    return sorted(
        (method, route.path_format)
        for route in routes(built())
        for method in route.methods
        if not is_page(route)
    )


def is_page(route: Any) -> bool:
    """Whether a route answers people: in HTML, or with what pages are made of."""
    return isinstance(route.original_route, PageRoute)
