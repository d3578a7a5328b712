"""What goes in and out by the many, on the wire."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.exchange.kinds import BY_NOUN
from app.kit.paging import MOST
from app.records.schemas import Outward, Strict
from app.webhooks.tables import Became

MOST_CHANGES = 500

LONGEST_WAIT = 30
"""Seconds. Proxies commonly end what is silent for a minute."""

_KIND = f"({'|'.join(BY_NOUN)})"

Kinds = Annotated[str, Field(pattern=f"^{_KIND}(,{_KIND})*$", examples=["infusion,assessment"])]


class Wanted(BaseModel):
    """The part of the changes that a reader wants."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    cursor: Annotated[str, Field(max_length=500)] | None = Field(
        None,
        description="The `next_cursor` of the page before; `now` to begin after all that is there; "
        "without it, from the oldest change that is kept",
    )
    kinds: Kinds | None = Field(None, description="Separated by commas; all of them without it")
    limit: Annotated[int, Field(ge=1, le=MOST_CHANGES)] = MOST
    wait: Annotated[float, Field(ge=0, le=LONGEST_WAIT)] = Field(
        0, description="Seconds to wait where there is nothing yet", examples=[0]
    )


class ChangedItem(Outward):
    """What became of one record, once for each of its versions."""

    cursor: str = Field(description="To go on after this item")
    kind: str
    id: UUID
    patient_id: UUID | None
    version: int
    at: datetime = Field(description="When this version was recorded")
    change: Became
    data: dict[str, Any] | None = Field(description="The record as it now is")
    path: str


class ChangesPage(Outward):
    """Changes in the order of the transactions that made them."""

    items: list[ChangedItem]
    next_cursor: str = Field(description="Never null: ask with it again, now or next week")
    has_more: bool


MOST_ITEMS = 500


class BatchIn(Strict):
    """Records of any kind, what others hang on first. Items are judged alone."""

    items: Annotated[
        tuple[Any, ...],
        Field(
            min_length=1,
            max_length=MOST_ITEMS,
            json_schema_extra={"items": {"type": "object"}},
            description="Each with `kind`, an `id` of your choosing or a `source`, whose it is "
            "(`patient_id`, or `patient: {system, value}`), and the fields of that record beside "
            "them, or in `data` where the record has a field `kind` of its own. What belongs to "
            "a session names it by `infusion_id`, or by where that was taken from, `infusion: "
            "{system, record_id}`. A session may hold `vitals`, `dose_events`, `side_effects` "
            "and `medications_given`",
        ),
    ]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "items": [
            {
                "id": "0198c5a0-0000-7000-8000-000000000005",
                "kind": "infusion",
                "patient": {"system": "urn:ehr:north", "value": "48213"},
                "entry_mode": "import",
                "status": "completed",
                "drug": "ketamine",
                "route": "iv",
                "dose_mg": 41,
                "started_at": "2025-11-23T09:30:00-07:00",
                "ended_at": "2025-11-23T10:10:00-07:00",
                "vitals": [{"measured_at": "2025-11-23T09:45:00-07:00", "heart_rate_bpm": 84}],
            }
        ]
    }


class NestedResult(Outward):
    """What became of something that was nested in an item."""

    index: int
    kind: str | None
    id: UUID | None
    status: Literal["created", "duplicate", "conflict", "invalid", "unavailable"]
    retry: bool = Field(description="Whether sending it again can help")
    ignored_fields: list[str]
    problem: dict[str, Any] | None


class BatchResult(NestedResult):
    """What became of one item."""

    children: list[NestedResult] = Field(description="Of what was nested in it, list by list")


class BatchOut(Outward):
    """What became of a batch, item by item, in the order sent."""

    results: list[BatchResult]
    received_at: datetime
