"""What a clinic chose, on the wire."""

from datetime import datetime
from typing import Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from app.kit.values import Text


class SettingIn(BaseModel):
    """A choice, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    value: Any = Field(description="Of the setting's own type; null returns to the default")
    reason: Text

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "value": 0.6,
        "reason": "Agreed at the clinical meeting in May",
    }


class SettingOut(BaseModel):
    """One thing that a clinic may choose: what is in force, what is usual, and who says so."""

    model_config = ConfigDict(extra="forbid")

    key: str
    version: int = Field(ge=0, description="0: nobody here ever chose")
    value: Any = Field(description="What is in force")
    default: Any
    chosen: bool = Field(description="Whether `value` is this clinic's own")
    unit: str | None
    about: str
    source: str = Field(description="Who says what the default is")
    trust: Literal["found", "found-2nd", "recalled", "derived", "default", "clinic"]
    least: float | None = Field(description="What may be chosen, inclusive; of a list, each")
    most: float | None
    one_of: list[str] = Field(description="The words that may be chosen, where it is a word")
    reason: str | None
    previous_value: Any = Field(description="What was chosen before; null: the default")
    changed_at: datetime | None
    changed_by: UUID | None


class SettingsOut(BaseModel):
    """Everything that a clinic may choose."""

    model_config = ConfigDict(extra="forbid")

    items: list[SettingOut]
    next_cursor: None


class ChoiceOut(BaseModel):
    """One choice against the one before it. Null is the default."""

    model_config = ConfigDict(extra="forbid")

    version: int
    at: datetime
    by: UUID
    reason: str
    before: Any
    after: Any


class ChoicesOut(BaseModel):
    """Every choice of one setting, oldest first."""

    model_config = ConfigDict(extra="forbid")

    items: list[ChoiceOut]
    next_cursor: None


class AcceptIn(BaseModel):
    """Which text was read."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    version: Text

    EXAMPLE: ClassVar[dict[str, Any]] = {"version": "2026-11"}


class WithdrawIn(BaseModel):
    """Why the forecast is to be off again."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    reason: Text

    EXAMPLE: ClassVar[dict[str, Any]] = {"reason": "Too few check-ins to lean on it"}


class IntendedUseOut(BaseModel):
    """What the forecast is for, and whether this clinic accepted it. Without that it is off."""

    model_config = ConfigDict(extra="forbid")

    version: str = Field(description="Of the text as it now is")
    text: str
    accepted_version: str | None = Field(description="The forecast is on when it is `version`")
    accepted_by: UUID | None
    accepted_at: datetime | None
