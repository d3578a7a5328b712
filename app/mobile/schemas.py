"""What a phone sends and what it is told."""

from datetime import date, datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import ConfigDict, Field

from app.access.schemas import DeviceOut
from app.kit.values import Instant
from app.records.schemas import Outward, Strict

MOST_ITEMS = 200


class CheckInsIn(Strict):
    """A batch: what the phone's clock says now, and what was answered. Items are judged alone."""

    sent_at: Instant
    items: Annotated[
        tuple[Any, ...],
        Field(
            min_length=1,
            max_length=MOST_ITEMS,
            json_schema_extra={"items": {"type": "object"}},
            description="Each with `id`, `kind` (assessment, side_effect or vitals) and the "
            "fields of that record",
        ),
    ]

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "sent_at": "2026-11-23T20:15:00-07:00",
        "items": [
            {
                "id": "0198c5a0-0000-7000-8000-000000000002",
                "kind": "assessment",
                "instrument": "MOOD-10",
                "taken_at": "2026-11-23T20:14:00-07:00",
                "answers": [7],
            }
        ],
    }


class Crisis(Outward):
    """What somebody in danger is shown."""

    model_config = ConfigDict(extra="allow")

    text: str
    contacts: list[dict[str, Any]]
    monitored: bool
    monitored_hours: str | None
    language: str
    version: str


class Result(Outward):
    """What became of one item."""

    index: int
    id: UUID | None
    status: Literal["created", "duplicate", "conflict", "invalid", "unavailable"]
    retry: bool = Field(description="Whether sending it again can help")
    ignored_fields: list[str]
    problem: dict[str, Any] | None


class CheckInsOut(Outward):
    """What became of a batch, item by item, in the order sent."""

    results: list[Result]
    received_at: datetime
    crisis: Crisis | None


class Receipt(Outward):
    """Proof that an item arrived, and what it became."""

    id: UUID
    kind: Literal["assessment", "side_effect", "vitals"]
    status: str
    version: int
    received_at: datetime
    effective_at: datetime
    clock_suspect: bool | None
    clock_skew_seconds: float | None
    late_seconds: float | None


class OwnPatient(Outward):
    """The patient whose phone this is."""

    id: UUID
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    time_zone: str
    preferred_language: str | None
    is_demo: bool


class OwnClinic(Outward):
    """The clinic that treats them."""

    id: UUID
    slug: str
    name: str
    time_zone: str
    is_demo: bool


class MeOut(Outward):
    """Who this phone belongs to, and what to show in a crisis. Keep it for when offline."""

    patient: OwnPatient
    clinic: OwnClinic
    devices: list[DeviceOut]
    crisis: Crisis
