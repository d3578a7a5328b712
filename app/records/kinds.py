"""What the machinery of records speaks of: a kind, its subject, and what its hooks are told."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from app.access.policy import Viewer
from app.kit.db import Db, Row
from app.records.queries import Statements
from app.records.schemas import ClinicalIn


@dataclass(frozen=True, slots=True)
class Subject:
    """The patient a record is about, as far as recording needs to know."""

    id: UUID
    time_zone: str
    """The patient's, else the clinic's."""
    under: UUID | None = None
    """The record that this one is created under, where that isn't the patient: a dose's session."""
    voided: bool = False
    """Registered by mistake: nothing more is recorded of them."""
    erased: bool = False
    """Forgotten: nothing more is recorded of them."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a phone's batch was sent by its own clock, and when it came."""

    sent_at: datetime
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Kept:
    """A record as it now is."""

    json: str
    version: int
    created: bool = False
    id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Made:
    """A record that is there, as far as a retry of its creation is known by it."""

    id: UUID
    patient_id: UUID | None
    """Whose it now is; None for a patient."""
    content_sha256: bytes
    """Of what it was created with, and under whom."""


@dataclass(frozen=True, slots=True)
class Telling:
    """What the hooks of a kind are told."""

    db: Db
    viewer: Viewer
    subject: Subject
    sent: Any
    values: dict[str, Any]
    """Every column to be written; `derive` adds to it."""
    before: Row | None = None
    """The row that is being changed; None when it is created."""
    facts: dict[str, Any] = field(default_factory=dict)
    """What one hook found and another needs."""


Hook = Callable[[Telling], Awaitable[None]]


async def nothing(_: Telling) -> None:
    """The hook of a kind that has nothing to add."""


@dataclass(frozen=True)
class Kind:
    """A kind of clinical record: its table, its shape, and what is peculiar to it."""

    noun: str
    """As in /v1/<noun>s, and the table."""
    path: str
    model: type[ClinicalIn]
    statements: Statements
    derive: Hook = nothing
    """Refuse what contradicts the record, and work out the columns nobody sends."""
    after: Hook = nothing
    """What follows from the fact, in the same transaction: alerts, courses."""
    subject: Callable[[Db, UUID], Awaitable[Subject]] | None = None
    """Find the patient (NotFound), and hold them when order matters."""
    voiding: Hook | None = None
    """Refuse or prepare a void: a session's children."""
    moving: Hook | None = None
    """Refuse a move to another patient; `before` is the row, `subject` who it moves to."""
    moved: Hook | None = None
    """What follows from a move, for both patients: their courses."""
    rereads: bool = False
    """Whether `after` changes what the document shows (a session's place in its course)."""
    content: Callable[[dict[str, Any]], dict[str, Any]] | None = None
    """The fields a client may change, out of the document."""
