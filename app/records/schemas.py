"""What every clinical record carries on the wire."""

from datetime import date, datetime, time
from typing import Annotated, Any, ClassVar, Literal, Self
from uuid import UUID
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, create_model, model_validator

from app.kit.values import Note, Text
from app.records.tables import EntryMode, Precision, Status


class Strict(BaseModel):
    """Something coming in: an unknown field is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(Strict):
    """Where an integration took a record from. Unique in the clinic for its kind."""

    system: Text
    record_id: Text
    version: Text | None = None


class ClinicalIn(Strict):
    """A clinical record as a client sends it. Subclasses name their time by `clock`."""

    clock: ClassVar[str]
    """The stem of its time: `taken` for taken_at and taken_on."""
    needs_time: ClassVar[bool] = True
    may_lie_ahead: ClassVar[frozenset[str]] = frozenset()
    """Instants that are plans."""
    columns_apart: ClassVar[frozenset[str]] = frozenset()
    """Fields that `derive` turns into columns itself."""

    source: Source | None = None
    performed_by: Text | None = Field(None, description="Who did it, if not who records it")
    entry_mode: Literal["import"] | None = Field(
        None, description="Say `import` for history taken over from another system"
    )

    @property
    def instant(self) -> datetime | None:
        """The instant it happened, where the client knows it."""
        instant: datetime | None = getattr(self, f"{self.clock}_at")
        return instant

    @property
    def day(self) -> date | None:
        """The day it happened, where only that is known."""
        day: date | None = getattr(self, f"{self.clock}_on", None)
        return day

    @model_validator(mode="after")
    def says_when_once(self) -> Self:
        """Exactly one of the instant and the day (at most one where a time may be missing)."""
        both = self.instant is not None and self.day is not None
        neither = self.instant is None and self.day is None
        if both or (neither and self.needs_time):
            raise ValueError(f"send exactly one of {self.clock}_at and {self.clock}_on")
        return self

    def moment(self, zone: str) -> datetime | None:
        """When it happened: the instant, or noon of the day in the patient's zone."""
        if self.day is not None:
            return datetime.combine(self.day, time(12), ZoneInfo(zone))
        return self.instant

    @property
    def precision(self) -> Precision:
        """Whether the instant is known."""
        return Precision.DAY if self.day is not None else Precision.INSTANT


class Void(Strict):
    """Why a record was entered in error."""

    reason: Text
    with_children: bool = Field(
        default=False, description="Void what hangs on a session along with it"
    )

    EXAMPLE: ClassVar[dict[str, Any]] = {"reason": "Entered for the wrong patient"}


class Outward(BaseModel):
    """Something going out: every field is always there."""

    model_config = ConfigDict(extra="forbid")


class SourceOut(Outward):
    """Where an integration took a record from."""

    system: str
    record_id: str
    version: str | None


class VersionedOut(Outward):
    """What every record carries."""

    id: UUID
    version: int
    recorded_at: datetime
    recorded_by: UUID


class ClinicalOut(VersionedOut):
    """What every clinical record carries."""

    patient_id: UUID
    status: Status
    effective_at: datetime
    precision: Precision
    entry_mode: EntryMode
    performed_by: str | None
    time_zone: str
    utc_offset_minutes: int
    source: SourceOut | None
    flags: list[str]
    clock_skew_seconds: float | None
    late_seconds: float | None
    clock_suspect: bool | None


class Change(Outward):
    """One version of a record against the one before it."""

    version: int
    at: datetime
    by: UUID
    reason: str | None
    changes: list[dict[str, Any]]
    """`{field, before, after}` for each field that differs; empty for the first version."""
    record: dict[str, Any]
    """The record as it was in this version."""


class History(Outward):
    """Every version of a record, oldest first."""

    items: list[Change]
    next_cursor: None


def patch_of(model: type[BaseModel]) -> type[BaseModel]:
    """The documentation of a merge patch: every field optional, and why."""
    fields: dict[str, Any] = {}
    for name, field in model.model_fields.items():
        bounded: Any = field.annotation
        for bound in field.metadata:
            bounded = Annotated[bounded, bound]
        fields[name] = (bounded | None, Field(None, description=field.description))
    fields["change_reason"] = (Note | None, None)
    name = model.__name__.removesuffix("In") + "Patch"
    made = create_model(name, __config__=ConfigDict(extra="forbid"), **fields)
    own: dict[str, Any] = getattr(model, "EXAMPLE", {})
    one = dict(list(own.items())[-1:])
    made.EXAMPLE = one | {"change_reason": "Entered for the wrong day"}  # type: ignore[attr-defined]  # as the models have
    return made
