"""What a token request may ask for, as OAuth has it."""

from uuid import UUID

from app.kit.errors import Refusal


class GrantRefused(Refusal):
    """The grant of a token request is no longer good, RFC 6749 section 5.2 (invalid_grant)."""

    name = "invalid-grant"
    title = "That grant is not good"


def as_id(text: str) -> UUID:
    """A client_id as a UUID; one that never matches where it is none."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)


def granted_of(has: str, asked: str) -> str:
    """The scopes asked for that the client has; all of them where none was asked for.

    >>> granted_of("read write", "read audit"), granted_of("read", "")
    ('read', 'read')
    """
    wanted = asked.split() or has.split()
    granted = " ".join(word for word in has.split() if word in wanted)
    if not granted:
        raise InvalidScope
    return granted


class InvalidScope(Refusal):
    """None of the scopes asked for may be granted, RFC 6749 section 5.2 (invalid_scope)."""

    name = "invalid-scope"
    title = "None of those scopes may be granted"
