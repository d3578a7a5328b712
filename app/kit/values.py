"""Values as clients send them: strict about type, lenient about spelling.

Bounds refuse only what can't have happened. A JSON number may be written 9 or 9.0; a string or a
boolean is never a number.
"""

from datetime import UTC, date, datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field, StrictBool

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200
"""Nobody alive was treated before, and no plan reaches after."""

LARGEST = 2**31 - 1
"""What is counted in a clinic stays far below; what is written as JSON must stay below 2**63."""


def _number(value: Any) -> Any:
    if isinstance(value, bool | str | bytes):
        raise ValueError("must be a JSON number")  # noqa: TRY004  # pydantic wants ValueError
    return value


def _text(value: Any) -> Any:
    if isinstance(value, str) and "\x00" in value:
        raise ValueError("must not contain NUL")
    return value


def _stamp(value: Any) -> Any:
    if not isinstance(value, str) or "T" not in value.upper():
        raise ValueError("must be an instant with an offset, like 2026-11-23T09:30:00-07:00")
    return value


def _day(value: Any) -> Any:
    if not isinstance(value, str) or len(value) != len("2026-11-23"):
        raise ValueError("must be a date, like 2026-11-23")
    return value


def _likely_instant(value: datetime) -> datetime:
    try:
        value = value.astimezone(UTC)
    except OverflowError:
        raise ValueError("is outside the calendar") from None
    _likely_day(value.date())
    return value


def _likely_day(value: date) -> date:
    if not EARLIEST_YEAR <= value.year <= LATEST_YEAR:
        raise ValueError(f"must lie between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("must be an IANA time zone, like America/Denver") from None
    return value


Number = Annotated[
    float, BeforeValidator(_number), Field(allow_inf_nan=False, ge=-LARGEST, le=LARGEST)
]
Whole = Annotated[int, BeforeValidator(_number), Field(ge=-LARGEST, le=LARGEST)]
Flag = StrictBool
Text = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=200)]
Note = Annotated[str, BeforeValidator(_text), Field(max_length=10_000)]
Instant = Annotated[AwareDatetime, BeforeValidator(_stamp), AfterValidator(_likely_instant)]
Day = Annotated[date, BeforeValidator(_day), AfterValidator(_likely_day)]
Zone = Annotated[str, BeforeValidator(_text), Field(max_length=64), AfterValidator(_zone)]
