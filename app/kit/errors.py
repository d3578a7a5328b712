"""Every refusal in one view. No HTTP here but a status: kit.problems puts them on the wire.

A class is one entry of the published list at /problems/<name>. A message never carries a name, an
answer or a score, nor an id the caller sent: it ends up in logs.
"""

from http import HTTPStatus
from typing import ClassVar


class Refusal(Exception):
    """A request that was understood and turned down. Subclasses say why."""

    status: ClassVar[HTTPStatus] = HTTPStatus.BAD_REQUEST
    name: ClassVar[str] = "refused"
    title: ClassVar[str] = "The request was refused"

    def __init__(
        self, detail: str = "", *, headers: dict[str, str] | None = None, **facts: object
    ) -> None:
        super().__init__(detail or self.title)
        self.detail = detail or self.title
        self.headers = headers or {}
        self.facts = facts


class Malformed(Refusal):
    """The body is not JSON that can be read."""

    name = "malformed"
    title = "The body could not be read"


class NotSignedIn(Refusal):
    """No credential, or one that is no longer good."""

    status = HTTPStatus.UNAUTHORIZED
    name = "not-signed-in"
    title = "Sign in first"

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail, headers={"WWW-Authenticate": "Bearer"})


class SecondFactorNeeded(NotSignedIn):
    """Clinic, e-mail and password belong together; the account asks for a code too."""

    name = "second-factor-needed"
    title = "Send the code of your second factor too"


class NotAllowed(Refusal):
    """The caller is known, and may not do this."""

    status = HTTPStatus.FORBIDDEN
    name = "not-allowed"
    title = "Your role does not include this"


class NotFound(Refusal):
    """Also what a caller sees when the thing exists but belongs to someone else."""

    status = HTTPStatus.NOT_FOUND
    name = "not-found"
    title = "Nothing here by that name"


class MethodNotAllowed(Refusal):
    """The path exists; the method is not one of it. Allow names those that are."""

    status = HTTPStatus.METHOD_NOT_ALLOWED
    name = "method-not-allowed"
    title = "That method is not one of this path"


class BodyTooSlow(Refusal):
    """The body did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT
    name = "body-too-slow"
    title = "The body took too long to arrive"


class Conflict(Refusal):
    """What was asked contradicts what is recorded."""

    status = HTTPStatus.CONFLICT
    name = "conflict"
    title = "This contradicts what is recorded"


class IdTaken(Conflict):
    """The id names a record with other content, or of another patient."""

    name = "id-taken"
    title = "That id is taken by other content"


class IdentifierTaken(Conflict):
    """Another patient of the clinic has this identifier."""

    name = "identifier-taken"
    title = "Another patient has that identifier"


class SourceTaken(Conflict):
    """Another record came from the same place in the source system."""

    name = "source-taken"
    title = "A record from that source exists"


class KeyInUse(Conflict):
    """A request with the same Idempotency-Key is still running."""

    name = "key-in-use"
    title = "A request with that Idempotency-Key is still running"


class Voided(Conflict):
    """The record was entered in error; it can be read, not changed."""

    name = "voided"
    title = "The record was entered in error and can't be changed"


class Merged(Conflict):
    """The patient turned out to be another, who has all their records; merged_into_id."""

    name = "merged"
    title = "The patient has been merged into another"


class Erased(Conflict):
    """The person was forgotten; what is left of them can be read, not added to."""

    name = "erased"
    title = "The patient has been erased"


class MovesWithAnother(Conflict):
    """The record belongs to another, a session say, and goes where that goes."""

    name = "moves-with-another"
    title = "The record moves along with the one it belongs to"


class ConsentMissing(Conflict):
    """The clinic requires a consent that is not recorded, or was withdrawn."""

    name = "consent-missing"
    title = "The consent for this is not recorded"


class HasChildren(Conflict):
    """Records hang on this one; voiding it needs with_children."""

    name = "has-children"
    title = "Other records belong to this one"


class IllegalMove(Conflict):
    """A session can't go from the state it is in to the one asked for."""

    name = "illegal-move"
    title = "The session can't move there from where it is"


class PossibleDuplicate(Conflict):
    """A session of the same patient and drug starts within hours of this one."""

    name = "possible-duplicate-session"
    title = "This may be a session that is already recorded"


class SessionRunning(Conflict):
    """The patient already has a session in progress."""

    name = "session-in-progress"
    title = "The patient has a session in progress"


class RuleInTheWay(Conflict):
    """A safety rule of level stop wants a recorded reason first."""

    name = "rule-in-the-way"
    title = "A safety rule needs a recorded reason first"


class CursorExpired(Refusal):
    """What came after the cursor is no longer all there, or was never: a backup was restored."""

    status = HTTPStatus.GONE
    name = "cursor-expired"
    title = "That cursor has expired: start over"

    def __init__(self) -> None:
        super().__init__(
            "Take a new cursor with GET /v1/changes?cursor=now, read everything from the lists "
            "or an export, then follow from that cursor."
        )


class ParentNotFound(Refusal):
    """What a record belongs to is not here, or not yet: send it again after its parent."""

    status = HTTPStatus.NOT_FOUND
    name = "parent-not-found"
    title = "What this belongs to is not here yet"


class Stale(Refusal):
    """If-Match names a version that is no longer current."""

    status = HTTPStatus.PRECONDITION_FAILED
    name = "stale"
    title = "The record changed since you read it"


class BodyTooLarge(Refusal):
    """The body is over the limit."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    name = "body-too-large"
    title = "The body is too large"


class WrongMediaType(Refusal):
    """The Content-Type is not one this endpoint reads."""

    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    name = "wrong-media-type"
    title = "That Content-Type is not read here"


class Invalid(Refusal):
    """The body or a parameter breaks a rule; errors say which, by JSON pointer."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY
    name = "invalid"
    title = "Something in the request is not right"

    def __init__(self, *errors: tuple[str, str], detail: str = "") -> None:
        listed = [{"pointer": pointer, "detail": text} for pointer, text in errors]
        super().__init__(detail or self.title, errors=listed)


class WeightDoubtful(Invalid):
    """The weight is far from the last one known; weight_confirmed says it is meant."""

    name = "weight-doubtful"
    title = "The weight is far from the last one known"


class KeyReused(Invalid):
    """The Idempotency-Key came before with another body."""

    name = "key-reused"
    title = "That Idempotency-Key was used for another request"


class MatchRequired(Refusal):
    """A change must say which version it changes."""

    status = HTTPStatus.PRECONDITION_REQUIRED
    name = "match-required"
    title = "Say which version you change: send If-Match"


class TooMany(Refusal):
    """Too many failed attempts, or requests; Retry-After says when to try again."""

    status = HTTPStatus.TOO_MANY_REQUESTS
    name = "too-many"
    title = "Too many attempts"

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Try again in {seconds} seconds.", headers={"Retry-After": str(seconds)})


class Unavailable(Refusal):
    """The database can't answer now; nothing was kept, and trying again is safe."""

    status = HTTPStatus.SERVICE_UNAVAILABLE
    name = "unavailable"
    title = "Afterglow can't answer right now; nothing was kept"

    def __init__(self, detail: str = "", seconds: int = 2) -> None:
        super().__init__(detail, headers={"Retry-After": str(seconds)})


class Broken(Refusal):
    """A bug of ours. The log has what happened under the same id."""

    status = HTTPStatus.INTERNAL_SERVER_ERROR
    name = "broken"
    title = "Something went wrong in Afterglow"
