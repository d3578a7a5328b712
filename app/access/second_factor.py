"""A second factor: six digits that a phone makes anew every half minute (TOTP, RFC 6238)."""

import hmac
from datetime import datetime
from enum import Enum, auto
from uuid import UUID

import pyotp

from app.access import passwords, queries
from app.access.queries import proofs
from app.clinics.queries import chosen
from app.kit import clock
from app.kit.db import Db
from app.kit.errors import Conflict, Invalid
from app.kit.ids import new_id

REQUIRED = "clinic.second_factor_required"

STEP_SECONDS = 30

DRIFT = (0, -1, 1)
"""Half a minute of the phone's clock either way, the present one first."""

RECOVERY_CODES = 10

WRONG_CODE = "That code is wrong, or was used before."


class Standing(Enum):
    """What a code is worth to somebody who signs in."""

    NONE = auto()
    """No second factor is set up, and none is required."""
    UNSET = auto()
    """None is set up, though the clinic requires one."""
    NEEDED = auto()
    WRONG = auto()
    RIGHT = auto()


def step_of(secret: str, code: str, now: datetime) -> int | None:
    """The half minute that a code is of, if it is of about now."""
    this = int(now.timestamp()) // STEP_SECONDS
    made = pyotp.TOTP(secret, interval=STEP_SECONDS)
    for step in (this + drift for drift in DRIFT):
        if hmac.compare_digest(made.generate_otp(step).encode(), code.encode()):
            return step
    return None


async def judge(db: Db, staff_id: UUID, code: str | None) -> Standing:
    """What a code is worth; a right one is used up."""
    factor = await proofs.find_factor(db, staff_id)
    if factor is None or factor["confirmed_at"] is None:
        required = (await chosen(db)).get(REQUIRED, False)
        return Standing.UNSET if required else Standing.NONE
    if code is None:
        return Standing.NEEDED
    return Standing.RIGHT if await use(db, staff_id, factor["secret"], code) else Standing.WRONG


async def use(db: Db, staff_id: UUID, secret: str, code: str) -> bool:
    """Use a code up, of the phone or for recovery; False for one that is wrong or was used."""
    now = clock.now()
    plain = "".join(code.split())
    step = step_of(secret, plain, now)
    if step is not None:
        return await proofs.take_step(db, staff_id, step)
    sha256 = passwords.fingerprint(passwords.plain_code(plain))
    return await proofs.use_recovery_code(db, staff_id, sha256, now)


async def begin(db: Db, staff_id: UUID, name: str, clinic: str) -> dict[str, str]:
    """A new secret, shown this once; it asks for nothing until a code of it was shown.

    Raises Conflict where a second factor is set up: it is taken off first.
    """
    factor = await proofs.find_factor(db, staff_id)
    if factor is not None and factor["confirmed_at"] is not None:
        raise Conflict("A second factor is set up: take it off first.")
    await proofs.drop_factor(db, staff_id)
    secret = pyotp.random_base32()
    values = {"id": new_id(), "staff_id": staff_id, "secret": secret, "created_at": clock.now()}
    await queries.add(db, queries.ADD_FACTOR, **values, confirmed_at=None, used_step=0)
    uri = pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=f"Afterglow {clinic}")
    return {"secret": secret, "otpauth_uri": uri}


async def confirm(db: Db, staff_id: UUID, code: str) -> list[str] | None:
    """Set the second factor up by a code of it: the recovery codes. None for a wrong code.

    Raises Conflict where none was begun, or one is set up already.
    """
    factor = await proofs.find_factor(db, staff_id)
    if factor is None or factor["confirmed_at"] is not None:
        raise Conflict("There is no second factor to confirm.")
    step, now = step_of(factor["secret"], "".join(code.split()), clock.now()), clock.now()
    if step is None:
        return None
    await proofs.confirm_factor(db, staff_id, step, now)
    codes = [passwords.new_code() for _ in range(RECOVERY_CODES)]
    for one in codes:
        sha256 = passwords.fingerprint(passwords.plain_code(one))
        values = {"id": new_id(), "staff_id": staff_id, "sha256": sha256, "created_at": now}
        await queries.add(db, queries.ADD_RECOVERY_CODE, **values, used_at=None)
    return codes


def wrong_code() -> Invalid:
    """For whoever is signed in, and mistyped."""
    return Invalid(("/code", "is wrong, or was used before"))
