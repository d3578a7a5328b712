"""Refusals as RFC 9457 problem details, and what goes wrong below them."""

import logging
from http import HTTPStatus
from typing import Any

import asyncpg
import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from app.kit.bodies import pointer, told
from app.kit.errors import Invalid, Refusal, Unavailable

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"

PASSING = (
    asyncpg.exceptions.LockNotAvailableError,
    asyncpg.exceptions.QueryCanceledError,
    asyncpg.exceptions.DeadlockDetectedError,
    asyncpg.exceptions.SerializationError,
    asyncpg.exceptions.TooManyConnectionsError,
    asyncpg.exceptions.CannotConnectNowError,
    asyncpg.exceptions.AdminShutdownError,
    asyncpg.exceptions.CrashShutdownError,
    asyncpg.exceptions.ConnectionDoesNotExistError,
    asyncpg.exceptions.InterfaceError,
    ConnectionError,
    TimeoutError,
)
"""What the database says when trying again is right: 503, and nothing was kept."""


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
    """Starlette's 404 and 405, and what a form could not be read for."""
    assert isinstance(error, HTTPException)
    status = HTTPStatus(error.status_code)
    body = {
        "type": f"/problems/{status.phrase.lower().replace(' ', '-')}",
        "title": status.phrase,
        "status": int(status),
        "detail": status.description or status.phrase,
        "instance": _request_id(request),
    }
    return Response(orjson.dumps(body), int(status), error.headers, MEDIA_TYPE)


async def _passing(request: Request, error: Exception) -> Response:
    log.warning("the database could not answer", extra={"error": type(error).__name__})
    return problem(Unavailable(), _request_id(request))


def answer_problems(service: FastAPI) -> None:
    """Answer every refusal as a problem. Any other exception is a bug and stays a 500."""
    service.add_exception_handler(Refusal, _refused)
    service.add_exception_handler(RequestValidationError, _parameters)
    service.add_exception_handler(HTTPException, _http)
    for kind in PASSING:
        service.add_exception_handler(kind, _passing)
