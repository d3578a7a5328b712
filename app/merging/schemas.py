"""Merging patients on the wire."""

from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import ConfigDict, Field

from app.kit.values import Text
from app.records.schemas import Outward, Strict


class MergeIn(Strict):
    """Into whom a patient goes, and why."""

    into: UUID = Field(description="The survivor, whose own name and contacts stand")
    reason: Text
    separate_from: Annotated[tuple[UUID, ...], Field(max_length=200)] = Field(
        (), description="Sessions of either that are no duplicates of those near them"
    )

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "into": "0198c5a0-0000-7000-8000-000000000001",
        "reason": "Registered twice",
    }


class UnmergeIn(Strict):
    """Who is to be parted from the survivor again, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    parted: UUID = Field(alias="from")
    reason: Text

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "from": "0198c5a0-0000-7000-8000-000000000001",
        "reason": "Two people of one name after all",
    }


class MergeOut(Outward):
    """One patient became another, and perhaps was parted from them again."""

    id: UUID
    from_id: UUID = Field(description="Who became the other")
    into_id: UUID = Field(description="The survivor")
    reason: str
    merged_at: datetime
    merged_by: UUID
    undone_at: datetime | None
    undone_by: UUID | None
    undo_reason: str | None


class MergesOut(Outward):
    """The merges of a patient."""

    items: list[MergeOut]
    next_cursor: None
