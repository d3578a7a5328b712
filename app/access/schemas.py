"""Signing in, on the wire."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from app.access.new_passwords import NewPassword
from app.kit.values import Text

Password = Annotated[str, Field(min_length=1, max_length=1024)]


def _lower(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


Email = Annotated[Text, BeforeValidator(_lower)]

Code = Annotated[Text, Field(max_length=64)]


class LoginIn(BaseModel):
    """A member of staff at the door."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [
                {"clinic": "north", "email": "ada@north.example", "password": "correct horse"}
            ]
        },
    )

    clinic: Text = Field(description="The clinic's slug")
    email: Email
    password: Password
    code: Code | None = Field(None, description="Of the second factor, where one is set up")


class InvitedIn(BaseModel):
    """Somebody with an invitation, who chooses a password."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"code": "K7QX-2MPA-WZ3D-HN5T", "password": "correct horse battery"}]
        },
    )

    code: Code
    password: NewPassword


class InvitedOut(BaseModel):
    """Who may now sign in, and what they type to."""

    model_config = ConfigDict(extra="forbid")

    clinic: str = Field(description="The clinic's slug")
    email: str
    name: str | None
    role: str


class TokenIn(BaseModel):
    """A token request, as a form. The client may give its secret by HTTP Basic instead."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    grant_type: Annotated[str, Field(examples=["client_credentials"])]
    scope: str = ""
    client_id: str = ""
    client_secret: str = ""
    refresh_token: str = ""


class TokenOut(BaseModel):
    """An access token, as RFC 6749 section 5.1 has it."""

    model_config = ConfigDict(extra="forbid")

    access_token: str
    token_type: Literal["bearer"]
    expires_in: int = Field(description="Seconds")
    scope: str


class PhoneTokenOut(TokenOut):
    """What a phone gets for its refresh token."""

    refresh_token: str
    refresh_expires_at: datetime


class RedeemIn(BaseModel):
    """A phone with its enrolment code."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        json_schema_extra={
            "examples": [{"code": "K7QX-2MPA-WZ3D-HN5T", "device_name": "Ada's phone"}]
        },
    )

    code: Annotated[Text, Field(max_length=64)]
    device_name: Text


class RedeemOut(BaseModel):
    """A phone that now belongs to a patient."""

    model_config = ConfigDict(extra="forbid")

    patient_id: UUID
    access_token: str
    refresh_token: str
    expires_in: int = Field(description="Seconds")
    refresh_expires_at: datetime


class EnrolmentIn(BaseModel):
    """Whose phone it will be."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        populate_by_name=True,
        json_schema_extra={"examples": [{"for": "patient"}]},
    )

    held_by: Literal["patient", "proxy"] = Field("patient", alias="for")


class EnrolmentOut(BaseModel):
    """A code to be typed into a phone. It is shown once."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: UUID
    patient_id: UUID
    code: str
    held_by: Literal["patient", "proxy"] = Field(alias="for")
    expires_at: datetime


class EnrolmentShown(BaseModel):
    """A code that was given, without the code."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: UUID
    patient_id: UUID
    held_by: Literal["patient", "proxy"] = Field(alias="for")
    created_at: datetime
    created_by: UUID
    expires_at: datetime
    redeemed_at: datetime | None
    revoked_at: datetime | None


class EnrolmentsOut(BaseModel):
    """The codes that were given for a patient's phones."""

    model_config = ConfigDict(extra="forbid")

    items: list[EnrolmentShown]
    next_cursor: None


class DeviceOut(BaseModel):
    """A patient's phone."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    id: UUID
    name: str
    held_by: Literal["patient", "proxy"] = Field(alias="for")
    enrolled_at: datetime
    last_seen_at: datetime
    revoked_at: datetime | None


class DevicesOut(BaseModel):
    """A patient's phones."""

    model_config = ConfigDict(extra="forbid")

    items: list[DeviceOut]
    next_cursor: None
