"""A timeline on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.kit.paging import LIMIT, Limit
from app.kit.values import Instant
from app.records.schemas import Outward

KINDS = ("infusion", "vitals", "side_effect", "assessment", "alert", "decision")
"""What a timeline shows unless it is asked for something else."""

WHEN_ASKED = ("event", "medication", "medication_given", "screening", "lab")

_KIND = f"({'|'.join((*KINDS, *WHEN_ASKED))})"

Kinds = Annotated[str, Field(pattern=f"^{_KIND}(,{_KIND})*$", examples=["infusion,assessment"])]


class Wanted(BaseModel):
    """The part of a timeline that a caller wants."""

    model_config = ConfigDict(frozen=True)

    since: Instant | None = Field(None, alias="from", description="Inclusive")
    before: Instant | None = Field(None, alias="to", description="Exclusive")
    kinds: Kinds | None = Field(
        None, description=f"Separated by commas; without it: {', '.join(KINDS)}"
    )
    order: Literal["desc", "asc"] = "desc"
    limit: Limit = LIMIT
    cursor: str | None = Field(None, max_length=500)
    include_voided: bool = False


class TimelineItem(Outward):
    """Something that happened."""

    at: datetime
    kind: str
    id: UUID
    data: dict[str, Any] = Field(
        description="The record as its own GET shows it, a decision without its snapshot; a "
        "patient sees no notes or supplies"
    )
