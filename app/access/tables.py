"""Credentials. Before sign-in they are read only by functions that ask for a hash or a name."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from app.access.policy import Caller, Role
from app.kit.tables import Base, Owned, one_of


class Staff(Owned, Base):
    """Someone who works at a clinic. A person with two jobs has two rows."""

    __tablename__ = "staff"
    __table_args__ = (
        one_of("role", Role),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        Index("uq_staff_clinic_id_email", "clinic_id", "email", unique=True),
    )

    email: Mapped[str]
    name: Mapped[str | None]
    role: Mapped[str]
    password_hash: Mapped[str | None]
    """argon2id, with its own salt and cost. Null: invited, and not yet come."""
    active: Mapped[bool]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))


def of_staff() -> ForeignKeyConstraint:
    """What belongs to somebody who works at a clinic."""
    return ForeignKeyConstraint(
        ["clinic_id", "staff_id"], ["staff.clinic_id", "staff.id"], ondelete="CASCADE"
    )


class Invitation(Owned, Base):
    """A code with which a member of staff chooses a password, once."""

    __tablename__ = "invitations"
    __table_args__ = (
        of_staff(),
        Index("uq_invitations_sha256", "sha256", unique=True),
        Index("ix_invitations_clinic_id_staff_id", "clinic_id", "staff_id"),
    )

    staff_id: Mapped[UUID]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    created_by: Mapped[UUID | None]
    """Null: the command line."""
    expires_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class SecondFactor(Owned, Base):
    """What a member of staff's phone makes codes of (TOTP, RFC 6238). No history keeps it."""

    __tablename__ = "second_factors"
    __table_args__ = (
        of_staff(),
        Index("uq_second_factors_staff", "clinic_id", "staff_id", unique=True),
    )

    staff_id: Mapped[UUID]
    secret: Mapped[str]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    """Null: a code was never shown, so none is asked for."""
    used_step: Mapped[int] = mapped_column(BigInteger)
    """The half minute of the last code that was taken: none is taken twice."""


class RecoveryCode(Owned, Base):
    """A code for whoever has lost the phone, good once."""

    __tablename__ = "recovery_codes"
    __table_args__ = (
        of_staff(),
        Index("uq_recovery_codes_staff", "clinic_id", "staff_id", "sha256", unique=True),
    )

    staff_id: Mapped[UUID]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]


class Client(Owned, Base):
    """An EHR or other program that works for a clinic. Its id is its client_id."""

    __tablename__ = "clients"
    __table_args__ = (Index("uq_clients_id", "id", unique=True),)

    name: Mapped[str]
    scope: Mapped[str]
    """`read`, `write` or `read write`."""
    active: Mapped[bool]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(BigInteger, server_default=text("1"))


class ClientSecret(Owned, Base):
    """A client's secret, kept as its SHA-256: 256 random bits need no slow hash. Two may live."""

    __tablename__ = "client_secrets"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "client_id"], ["clients.clinic_id", "clients.id"], ondelete="CASCADE"
        ),
    )

    client_id: Mapped[UUID]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    """When it last got a token: written then, and at no other request."""


class Device(Owned, Base):
    """A patient's phone, or a proxy's."""

    __tablename__ = "devices"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        CheckConstraint("held_by IN ('patient', 'proxy')", name="held_by_known"),
        Index("ix_devices_clinic_id_patient_id", "clinic_id", "patient_id"),
    )

    patient_id: Mapped[UUID]
    name: Mapped[str]
    held_by: Mapped[str]
    enrolled_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    used_generation: Mapped[int] = mapped_column(BigInteger)
    """The highest generation of refresh token that was used; older ones are stolen or lost."""
    used_refresh_id: Mapped[UUID | None]
    """The token of that generation that was used: using it again only means the answer was lost."""


class Enrolment(Owned, Base):
    """A code that turns a phone into a patient's device, once."""

    __tablename__ = "enrolments"
    __table_args__ = (
        ForeignKeyConstraint(["clinic_id", "patient_id"], ["patients.clinic_id", "patients.id"]),
        CheckConstraint("held_by IN ('patient', 'proxy')", name="held_by_known"),
        Index("uq_enrolments_sha256", "sha256", unique=True),
    )

    patient_id: Mapped[UUID]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    held_by: Mapped[str]
    created_at: Mapped[datetime]
    created_by: Mapped[UUID]
    expires_at: Mapped[datetime]
    redeemed_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class RefreshToken(Owned, Base):
    """What a phone trades for its next access token. Each trade makes the next generation."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (
        ForeignKeyConstraint(
            ["clinic_id", "device_id"], ["devices.clinic_id", "devices.id"], ondelete="CASCADE"
        ),
        Index("uq_refresh_tokens_sha256", "sha256", unique=True),
    )

    device_id: Mapped[UUID]
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    generation: Mapped[int] = mapped_column(BigInteger)
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Token(Owned, Base):
    """An access token, kept only as its SHA-256, with all that checking it needs."""

    __tablename__ = "tokens"
    __table_args__ = (
        one_of("caller", Caller),
        Index("uq_tokens_sha256", "sha256", unique=True),
        Index("ix_tokens_clinic_id_subject_id", "clinic_id", "subject_id"),
        Index("ix_tokens_expires_at", "expires_at"),
    )

    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    caller: Mapped[str]
    subject_id: Mapped[UUID]
    """The staff member, client or device it was given to."""
    role: Mapped[str]
    scope: Mapped[str]
    patient_id: Mapped[UUID | None]
    issued_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]


class Attempts(Base):
    """Failed attempts at one door (an account, an address), kept by hash and nothing else."""

    __tablename__ = "attempts"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    failures: Mapped[int]
    last_at: Mapped[datetime]
