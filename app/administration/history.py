"""What was changed of staff, clients and the clinic, on the wire."""

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from app.kit.bodies import written
from app.records.changes import differences
from app.records.schemas import Outward


class AdminChange(Outward):
    """One version against the one before it."""

    version: int
    at: datetime
    by: UUID | None = Field(
        description="Null for the first version, and for what the command line did"
    )
    reason: None
    changes: list[dict[str, Any]]
    """`{field, before, after}` for each field that differs; none where a password was chosen."""
    record: dict[str, Any]
    """What it said in this version. No secret and no password is in it, nor a hash of one."""


class AdminHistory(Outward):
    """Every version, oldest first."""

    items: list[AdminChange]
    next_cursor: None


def history(versions: list[dict[str, Any]]) -> bytes:
    """Every version, oldest first, each against the one before it."""
    before = [None, *(one["record"] for one in versions)]
    items = [
        one | {"reason": None, "changes": differences(was, one["record"]) if was else []}
        for was, one in zip(before, versions, strict=False)
    ]
    return written({"items": items, "next_cursor": None})
