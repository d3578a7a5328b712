"""Who works at a clinic, which programs work for it, and the clinic itself, on the wire."""

from datetime import datetime
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import AfterValidator, Field

from app.access.new_passwords import NewPassword
from app.access.policy import Role
from app.access.schemas import Code, Email, Password
from app.clinics.crisis import Contact, OwnCrisis
from app.kit.values import Flag, Text, Zone
from app.records.schemas import Outward, Strict

SCOPES = ("read", "write")


def _address(value: str) -> str:
    name, _, domain = value.partition("@")
    if not name or not domain or "@" in domain or not value.isprintable() or " " in value:
        raise ValueError("must be an e-mail address")
    return value


def _scope(value: str) -> str:
    words = value.split()
    if not words or set(words) - set(SCOPES):
        raise ValueError('must be "read", "write" or "read write"')
    return " ".join(word for word in SCOPES if word in words)


Scope = Annotated[Text, AfterValidator(_scope)]


class StaffIn(Strict):
    """Somebody new at the clinic."""

    email: Annotated[Email, AfterValidator(_address)]
    name: Text | None = None
    role: Role

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "email": "grace@north.example",
        "name": "Grace Okafor",
        "role": "nurse",
    }


class StaffFields(Strict):
    """What an admin may change of somebody."""

    name: Text | None = None
    role: Role
    active: Flag


class StaffPatch(Strict):
    """A merge patch of somebody at the clinic."""

    name: Text | None = None
    role: Role | None = None
    active: Flag | None = Field(None, description="false ends every session at once")

    EXAMPLE: ClassVar[dict[str, Any]] = {"name": "Grace Okafor-Lindt"}


class StaffOut(Outward):
    """Somebody who works at the clinic, or did."""

    id: UUID
    version: int
    email: str
    name: str | None
    role: Role
    active: bool
    has_password: bool = Field(description="false: invited, and not yet come")
    second_factor: bool
    created_at: datetime


class StaffInvited(StaffOut):
    """Somebody new, and the code with which they choose a password. It is shown this once."""

    invitation_code: str
    invitation_expires_at: datetime


class InvitationOut(Outward):
    """A code with which somebody chooses a password. It is shown this once."""

    staff_id: UUID
    code: str
    expires_at: datetime


class SessionOut(Outward):
    """A token that was given out at a sign-in."""

    id: UUID
    issued_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    current: bool = Field(description="Whether it is the one that this request carries")


class SessionsOut(Outward):
    """Everywhere somebody is signed in, the latest first."""

    items: list[SessionOut]
    next_cursor: None


class Ended(Outward):
    """How many sessions were ended."""

    ended: int


class ClientIn(Strict):
    """A program that works for the clinic."""

    name: Text
    scope: Scope = Field("read write", description="read, write, or both")

    EXAMPLE: ClassVar[dict[str, Any]] = {"name": "Hospital EHR", "scope": "read write"}


class ClientFields(Strict):
    """What an admin may change of a program."""

    name: Text
    scope: Scope
    active: Flag


class ClientPatch(Strict):
    """A merge patch of a program."""

    name: Text | None = None
    scope: Scope | None = None
    active: Flag | None = Field(None, description="false ends its tokens at once")

    EXAMPLE: ClassVar[dict[str, Any]] = {"name": "Hospital EHR, east wing"}


class SecretOut(Outward):
    """A client's secret, without the secret."""

    id: UUID
    created_at: datetime
    last_used_at: datetime | None = Field(description="When it last got a token")
    revoked_at: datetime | None


class ClientOut(Outward):
    """A program that works for the clinic. Its id is its client_id."""

    id: UUID
    version: int
    name: str
    scope: str
    active: bool
    created_at: datetime
    secrets: list[SecretOut]


class ClientMade(ClientOut):
    """A new program with its first secret, which is shown this once."""

    client_secret: str


class SecretMade(SecretOut):
    """A new secret, which is shown this once."""

    client_secret: str


class AccountOut(Outward):
    """Who is signed in."""

    id: UUID
    email: str
    name: str | None
    role: Role
    clinic: str = Field(description="The clinic's slug")
    clinic_name: str


class PasswordIn(Strict):
    """A new password in place of one's own."""

    current: Password
    new: NewPassword

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "current": "correct horse battery",
        "new": "four quiet herons at dawn",
    }


class SecondFactorOut(Outward):
    """Whether a second factor is set up."""

    confirmed_at: datetime | None
    recovery_codes_left: int
    required: bool = Field(description="Whether the clinic requires one")


class SecondFactorBegun(Outward):
    """What goes into the phone. It is shown this once."""

    secret: str
    otpauth_uri: str = Field(description="The same as a link, for a QR code")


class CodeIn(Strict):
    """A code that the phone shows."""

    code: Code

    EXAMPLE: ClassVar[dict[str, Any]] = {"code": "492039"}


class RecoveryCodesOut(Outward):
    """Codes for the day the phone is lost, each good once. They are shown this once."""

    recovery_codes: list[str]


class RemovalIn(Strict):
    """What taking a second factor off takes."""

    password: Password
    code: Code = Field(description="Of the phone, or for recovery")

    EXAMPLE: ClassVar[dict[str, Any]] = {"password": "correct horse battery", "code": "492039"}


class ShownCrisis(Outward):
    """What somebody in danger is shown."""

    text: str
    contacts: list[Contact]
    monitored: bool
    monitored_hours: str | None
    language: str
    version: str


class ClinicFields(Strict):
    """What an admin may change of the clinic."""

    name: Text
    time_zone: Zone
    crisis: OwnCrisis | None = None


class ClinicPatch(Strict):
    """A merge patch of the clinic."""

    name: Text | None = None
    time_zone: Zone | None = None
    crisis: OwnCrisis | None = Field(None, description="null returns to the default text")

    EXAMPLE: ClassVar[dict[str, Any]] = {
        "crisis": {
            "text": "Call us at any hour, or go to the nearest emergency department.",
            "contacts": [{"name": "North clinic, day and night", "phone": "+1 303 555 0100"}],
            "monitored": True,
            "monitored_hours": "day and night",
            "version": "north-2",
        }
    }


class ClinicOut(Outward):
    """The clinic."""

    id: UUID
    version: int
    slug: str
    name: str
    time_zone: str
    is_demo: bool
    crisis: ShownCrisis
    crisis_is: Literal["own", "default"]
    created_at: datetime
