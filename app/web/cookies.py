"""The session of a browser: a cookie with a staff token, and proof that a form is ours. Pure."""

import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256

NAME, SECURE_NAME = "afterglow", "__Host-afterglow"

CLINIC = "afterglow-clinic"
"""Remembers the clinic's slug on this device, and nothing else, after sign-out."""


@dataclass(frozen=True, slots=True)
class Session:
    """What the cookie says: the token, and since when it was last made longer."""

    token: str
    renewed_at: datetime

    @property
    def text(self) -> str:
        """The cookie's value."""
        return f"{self.token}.{int(self.renewed_at.timestamp())}"

    def proof(self) -> str:
        """What a form of this session carries: a page of another site can't know it.

        >>> len(Session("token", datetime(2026, 11, 23, tzinfo=UTC)).proof())
        43
        """
        made = hmac.digest(self.token.encode(), b"afterglow form", sha256)
        return made.hex()[:43]

    def proves(self, sent: str) -> bool:
        """Whether a form was made for this session."""
        return hmac.compare_digest(self.proof().encode(), sent.encode())

    def is_due(self, now: datetime, life: timedelta) -> bool:
        """Whether the token should be made longer: a third of its life has gone."""
        return now - self.renewed_at > life / 3


def session_of(cookie: str | None) -> Session | None:
    """The session in a cookie; None where it can't be read."""
    token, _, since = (cookie or "").rpartition(".")
    if not token or not since.isdecimal() or len(since) > 11:  # noqa: PLR2004  # digits of a time
        return None
    return Session(token, datetime.fromtimestamp(int(since), UTC))
