"""Logs: a JSON object a line, on standard error. Never a name, an answer or a score.

What an exception says may hold what a patient said (PostgreSQL quotes the row that breaks a
constraint), so of an exception only its kind and the places in the code are logged.
"""

import asyncio
import logging
import os
import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any

import orjson

from app.kit.clock import now

OWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "color_message"}
"""What every log record has. The rest is what `extra` gave."""

STDERR = 2
"""Standard error's descriptor."""

QUIET = ("asyncio", "httpx", "httpcore", "alembic", "uvicorn")
"""Loggers that say at INFO what nobody asked."""


def frames(traceback: TracebackType | None) -> list[str]:
    """Where in the code it happened, outermost first."""
    found = []
    while traceback is not None:
        code = traceback.tb_frame.f_code
        found.append(f"{code.co_filename}:{traceback.tb_lineno} {code.co_qualname}")
        traceback = traceback.tb_next
    return found


def chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and what led to it, the last first."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)


def described(error: BaseException) -> list[dict[str, Any]]:
    """An exception without its message: kinds, places, and what PostgreSQL names by name."""
    told = []
    for one in chain(error):
        facts: dict[str, Any] = {"type": type(one).__qualname__}
        for name in ("sqlstate", "constraint_name", "table_name", "column_name"):
            if isinstance(value := getattr(one, name, None), str):
                facts[name] = value
        told.append(facts | {"frames": frames(one.__traceback__)})
    return told


class Json(logging.Formatter):
    """A record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Time, level, logger, message, what `extra` gave, and the exception undressed."""
        line: dict[str, Any] = {
            "at": now(),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in OWN}
        if record.exc_info and record.exc_info[1]:
            line["error"] = described(record.exc_info[1])
        return orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z).decode()


class Plain(logging.Formatter):
    """A record for someone at a terminal, the exception undressed too."""

    def format(self, record: logging.LogRecord) -> str:
        """The level and the message."""
        text = f"{record.levelname.lower()}: {record.getMessage()}"
        if record.exc_info and record.exc_info[1]:
            text += f" {orjson.dumps(described(record.exc_info[1])).decode()}"
        return text


def write_line(logger: str, message: str, facts: dict[str, Any]) -> None:
    """Log at INFO what every request logs, at a third of what a log record costs."""
    line = {"at": now(), "level": "INFO", "logger": logger, "message": message, **facts}
    text = orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z | orjson.OPT_APPEND_NEWLINE)
    os.write(STDERR, text)


def start_logs(level: str, *, json: bool = True) -> None:
    """Send everything that is logged to standard error, in JSON or for a person."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Json() if json else Plain())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLevelName(level)))


def log_lost_errors(loop: asyncio.AbstractEventLoop) -> None:
    """Log what a task raised and nobody awaited; asyncio's own words would quote it in full."""

    def tell(_: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        logging.getLogger(__name__).error(
            "an error nobody waited for", extra={"error": described(error) if error else None}
        )

    loop.set_exception_handler(tell)
