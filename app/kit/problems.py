"""Refusals as RFC 9457 problem details, and what goes wrong below them."""

import logging

import asyncpg
import orjson
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException

from app.kit.bodies import as_problem, pointer, told
from app.kit.errors import (
    BodyTooLarge,
    Invalid,
    Malformed,
    MethodNotAllowed,
    NotFound,
    Refusal,
    Unavailable,
    WrongMediaType,
)

router = APIRouter(tags=["problems"])

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

PASSING = (
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.QueryCanceledError,
    asyncpg.exceptions.DeadlockDetectedError,
    asyncpg.exceptions.SerializationError,
    asyncpg.exceptions.TooManyConnectionsError,
    asyncpg.exceptions.DiskFullError,
    asyncpg.exceptions.OutOfMemoryError,
    asyncpg.exceptions.CannotConnectNowError,
    asyncpg.exceptions.AdminShutdownError,
    asyncpg.exceptions.CrashShutdownError,
    asyncpg.exceptions.ConnectionDoesNotExistError,
    asyncpg.exceptions.InterfaceError,
    asyncpg.exceptions.InternalClientError,
    ConnectionError,
    TimeoutError,
)
"""What the database says when trying again is right: 503, and nothing was kept."""


OF_STATUS: dict[int, type[Refusal]] = {
    404: NotFound,
    405: MethodNotAllowed,
    413: BodyTooLarge,
    415: WrongMediaType,
}
"""The refusals that Starlette speaks of by their status; anything else could not be read."""


def problem(refusal: Refusal, request_id: str | None = None) -> Response:
    """A refusal as a response."""
    return Response(
        orjson.dumps(as_problem(refusal, request_id), default=str),
        int(refusal.status),
        refusal.headers,
        MEDIA_TYPE,
    )


def _request_id(request: Request) -> str | None:
    return getattr(request.state, "request_id", None)


async def _refused(request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)
    return problem(refusal, _request_id(request))


async def _parameters(request: Request, error: Exception) -> Response:
    """FastAPI's own check of path and query; the first part of a location says which."""
    assert isinstance(error, RequestValidationError)
    found = Invalid(*((pointer(one["loc"][1:]), told(one)) for one in error.errors()))
    return problem(found, _request_id(request))


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return problem(refusal_of(request, error), _request_id(request))


def refusal_of(request: Request, error: HTTPException) -> Refusal:
    """Starlette's own: no such path, no such method, a form that can't be read."""
    kind = OF_STATUS.get(error.status_code, Malformed)
    headers = dict(error.headers or {})
    if kind is MethodNotAllowed:
        headers["Allow"] = allowed(request)
    return kind(headers=headers)


def allowed(request: Request) -> str:
    """Every method that a path has; Starlette names those of the first route that fits."""
    routes = iter_route_contexts(request.app.routes)
    fitting = (route for route in routes if route.path_regex.match(request.scope["path"]))
    return ", ".join(sorted({method for route in fitting for method in route.methods or ()}))


async def _passing(request: Request, error: Exception) -> Response:
    log.warning("the database could not answer", extra={"error": type(error).__name__})
    return problem(Unavailable(), _request_id(request))


class ProblemType(BaseModel):
    """An entry of the published list of problems."""

    model_config = ConfigDict(extra="forbid")

    type: str
    title: str
    status: int
    meaning: str


def published() -> dict[str, type[Refusal]]:
    """Every refusal by its name, in the order of the names."""
    found = {Refusal.name: Refusal}
    waiting = [Refusal]
    while waiting:
        for kind in waiting.pop().__subclasses__():
            found[kind.name] = kind
            waiting.append(kind)
    return dict(sorted(found.items()))


def described(kind: type[Refusal]) -> ProblemType:
    """What a refusal means, in the words of its class."""
    meaning = " ".join((kind.__doc__ or kind.title).split())
    return ProblemType(
        type=f"/problems/{kind.name}", title=kind.title, status=int(kind.status), meaning=meaning
    )


@router.get("/problems/{name}")
async def problem_type(name: str) -> ProblemType:
    """What a problem's `type` means."""
    kind = published().get(name)
    if kind is None:
        raise NotFound
    return described(kind)


def answer_problems(service: FastAPI) -> None:
    """Answer every refusal as a problem, and serve what each means.

    Any other exception is a bug and stays a 500.
    """
    service.include_router(router)
    service.add_exception_handler(Refusal, _refused)
    service.add_exception_handler(RequestValidationError, _parameters)
    service.add_exception_handler(HTTPException, _http)
    for kind in PASSING:
        service.add_exception_handler(kind, _passing)
