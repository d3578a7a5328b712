"""What may be said along with a move of a session. Everything is optional."""

from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from app.infusions.schemas.bounds import Dose, Weight
from app.infusions.schemas.sessions import Reasons
from app.infusions.tables import WeightKind
from app.kit.values import Day, Flag, Instant, Text
from app.records.schemas import Strict


class StartIn(Strict):
    """The infusion runs."""

    started_at: Instant | None = Field(None, description="Default: now")
    reasons: Reasons = ()
    planned_dose_mg: Dose | None = None
    weight_kg: Weight | None = None
    weight_measured_on: Day | None = None
    weight_kind: WeightKind | None = None
    weight_confirmed: Flag | None = None
    chair: Text | None = None
    separate_from: Annotated[tuple[UUID, ...], Field(max_length=50)] = ()

    EXAMPLE: ClassVar[dict[str, Any]] = {"started_at": "2026-11-23T09:30:00-07:00"}


class StopIn(Strict):
    """It was stopped before its end."""

    ended_at: Instant | None = Field(None, description="Default: now")
    dose_mg: Dose | None = Field(None, description="Given; default: what the dose events add up to")
    stop_reason: Text | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"dose_mg": 22.5, "stop_reason": "systolic over 190"}


class CompleteIn(Strict):
    """It ran to its end."""

    started_at: Instant | None = None
    ended_at: Instant | None = Field(None, description="Default: now, of a session in progress")
    dose_mg: Dose | None = Field(None, description="Given; default: what the dose events add up to")

    EXAMPLE: ClassVar[dict[str, Any]] = {"ended_at": "2026-11-23T10:10:00-07:00", "dose_mg": 41}


class CancelIn(Strict):
    """It did not take place."""

    cancel_reason: Text | None = None

    EXAMPLE: ClassVar[dict[str, Any]] = {"cancel_reason": "ate breakfast"}
