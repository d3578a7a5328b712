"""The chain that shows whether the audit was touched. No database here.

Each row's hash is the SHA-256 of the hash before it (of none, for the first) followed by the row
as text: its fields one a line, in the order of FIELDS, in UTF-8, with nothing where there is no
value and the instant in microseconds since 1970. PostgreSQL makes it when a row is sealed; here it
is made anew, so that whoever can change a function of the database fools nobody.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

Row = Mapping[str, Any]

FIELDS = (
    "position",
    "clinic_id",
    "id",
    "at",
    "caller",
    "actor_id",
    "role",
    "acting_for",
    "patient_id",
    "method",
    "route",
    "record_id",
    "act",
    "status",
)

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def text_of(row: Row) -> str:
    """A row as it is sealed."""
    return "\n".join(plain(row[name]) for name in FIELDS)


def plain(value: Any) -> str:
    """A value as text.

    >>> plain(None), plain(7), plain(EPOCH + timedelta(seconds=1))
    ('', '7', '1000000')
    """
    if value is None:
        return ""
    if isinstance(value, datetime):
        return str((value - EPOCH) // timedelta(microseconds=1))
    return str(value)


def link(before: bytes, row: Row) -> bytes:
    """The hash of a row that follows another."""
    return sha256(before + text_of(row).encode()).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """A link of a chain that somebody noted."""

    position: int
    hash: bytes


class Walk:
    """A chain walked link by link, and what is wrong with it."""

    def __init__(self, noted: Head | None = None) -> None:
        self.position = 0
        self.hash = b""
        self.noted = noted

    def step(self, row: Row) -> Iterator[str]:
        """What is wrong with the next row. The walk goes on from it as it stands."""
        position = row["position"]
        if position <= self.position:
            yield f"position {position} was inserted"
            return
        found = bytes(row["hash"])
        if position > self.position + 1:
            yield f"{span(self.position + 1, position - 1)} missing"
        elif link(self.hash, row) != found:
            yield f"position {position} was changed or inserted"
        self.position, self.hash = position, found
        if self.noted is not None and self.noted.position == position:
            yield from differs(self.noted, found)

    def end(self, head: Head | None) -> Iterator[str]:
        """What is wrong with the end, given the last link as the database noted it."""
        last = head or Head(0, b"")
        if last.position > self.position:
            yield f"{span(self.position + 1, last.position)} missing at the end"
        elif last.position < self.position:
            yield f"{span(last.position + 1, self.position)} inserted at the end"
        elif last.hash != self.hash:
            yield f"position {last.position} is not the link that was noted when it was sealed"
        if self.noted is not None and self.noted.position > self.position:
            yield f"{span(self.position + 1, self.noted.position)} missing at the end"


def differs(noted: Head, found: bytes) -> Iterator[str]:
    """Whether a link is the one that was noted."""
    if noted.hash != found:
        yield f"position {noted.position} is not the link that you noted"


def span(first: int, last: int) -> str:
    """Positions in words.

    >>> span(3, 3), span(3, 5)
    ('position 3 is', 'positions 3 to 5 are')
    """
    return f"position {first} is" if first == last else f"positions {first} to {last} are"
