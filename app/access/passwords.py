"""Passwords and secrets: argon2id for what people choose, SHA-256 for what we draw at random."""

import asyncio
import base64
import hmac
import secrets
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher()
"""RFC 9106's low-memory profile, which is the library's default."""

CHECKS = ThreadPoolExecutor(max_workers=1, thread_name_prefix="argon2")
"""One check at a time: each takes 64 MiB and a core."""

NOBODY = CHECKS.submit(HASHER.hash, secrets.token_urlsafe())
"""Checked where there is no such user, so that both answers take the same time. It is hashed
beside the start of the service, before any check, by the same thread."""

CODE_BYTES = 10
"""An enrolment code has 80 random bits: 16 letters that can be read out."""


async def verify(password_hash: str | None, password: str) -> bool:
    """Whether the password is right. Takes as long where there is nobody to be right for."""
    loop = asyncio.get_running_loop()
    kept = password_hash or NOBODY.result()
    right = await loop.run_in_executor(CHECKS, _verify, kept, password)
    return right and password_hash is not None


def _verify(password_hash: str, password: str) -> bool:
    try:
        return HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False


async def hashed(password: str) -> str:
    """What is kept of a password, made where checks are: it takes as much."""
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(CHECKS, HASHER.hash, password)


def new_password() -> str:
    """A password for a person to copy: 96 random bits."""
    return secrets.token_urlsafe(12)


def new_secret(prefix: str) -> str:
    """A bearer secret of 256 random bits; the prefix lets a scanner find a leaked one."""
    return f"{prefix}_{secrets.token_urlsafe(32)}"


def new_code() -> str:
    """An enrolment code: four groups of four letters and digits, none of them alike."""
    letters = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def plain_code(code: str) -> str:
    """A code as it was made, however it was typed."""
    return "".join(code.upper().split()).replace("-", "").replace("0", "O").replace("1", "I")


def fingerprint(secret: str) -> bytes:
    """What is kept of a random secret."""
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()


def same(kept: bytes, secret: str) -> bool:
    """Whether a secret is the one kept, in constant time."""
    return hmac.compare_digest(kept, fingerprint(secret))


def door(kind: str, *names: str | UUID) -> bytes:
    """The key under which failures at one door are counted; it says nothing of who knocked."""
    told = "\n".join([kind, *(str(name).lower() for name in names)])
    return fingerprint(told)
