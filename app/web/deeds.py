"""A row of the audit in words: what was asked for, and what came of it. Pure."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

ENDS = {
    "accept": "Accepted",
    "acknowledge": "Acknowledged",
    "assess": "Answered questionnaire of",
    "cancel": "Cancelled",
    "close": "Closed",
    "complete": "Completed",
    "confirm": "Confirmed",
    "correct": "Corrected entry of",
    "decide": "Decided about",
    "discharge": "Discharged from",
    "end": "Ended",
    "end-others": "Ended other",
    "hand-over": "Handed the tablet over to",
    "invite": "Invited",
    "legal-hold": "Changed legal hold of",
    "merge": "Merged",
    "move": "Moved to another patient:",
    "redeem": "Redeemed",
    "remove": "Removed",
    "revoke": "Revoked",
    "search": "Searched for",
    "session": "Planned session of",
    "start": "Started",
    "stop": "Stopped",
    "unmerge": "Took apart again",
    "void": "Entered in error:",
    "withdraw": "Withdrew",
}
"""What was done, where the last word of a path that is written to says it."""

NAMES = {
    "allergies": "allergy",
    "answer": "questionnaire on a tablet",
    "assess": "questionnaire",
    "audit": "audit",
    "batch": "batch of records",
    "changes": "changes",
    "chair": "session at the chair",
    "clients": "program",
    "crisis": "crisis text",
    "decide": "evidence for a decision",
    "dose": "dose event",
    "events": "event",
    "infusions": "session",
    "labs": "laboratory result",
    "medications-given": "medication given",
    "me": "own record",
    "outcomes": "outcomes",
    "phones": "phone",
    "relief": "relief",
    "session": "plan of a session",
    "settings": "settings",
    "staff": "member of staff",
    "status": "status",
    "supplies": "supply",
    "thresholds": "threshold",
    "timeline.svg": "picture of the timeline",
    "vitals": "vital signs",
}
"""One of what a part of a path speaks of, where it isn't that part without its last letter."""

MANY = {
    "clients": "programs",
    "infusions": "sessions",
    "labs": "laboratory results",
    "medications-given": "medications given",
}

BY_THEMSELVES = {
    "batch": "Sent batch of records",
    "check-ins": "Sent check-ins",
    "login": "Sign-in",
    "logout": "Sign-out",
    "sign-in": "Sign-in",
    "sign-out": "Sign-out",
    "token": "Token for a program or a phone",
}
"""What was asked for by the last word of a path alone, where it is written to."""

READS = frozenset({"GET", "HEAD"})

OUTCOMES = {
    HTTPStatus.UNAUTHORIZED: "not signed in",
    HTTPStatus.FORBIDDEN: "not allowed",
    HTTPStatus.NOT_FOUND: "not found",
    HTTPStatus.CONFLICT: "contradicts the record",
    HTTPStatus.PRECONDITION_FAILED: "changed meanwhile",
    HTTPStatus.UNPROCESSABLE_ENTITY: "not valid",
    HTTPStatus.TOO_MANY_REQUESTS: "too many requests",
}


def did(method: str, route: str) -> str:
    """What was asked for.

    >>> did("GET", "/v1/patients/{patient_id}/timeline"), did("PATCH", "/v1/vitals/{vitals_id}")
    ('Read timeline', 'Changed vital signs')
    >>> did("POST", "/v1/alerts/{alert_id}/acknowledge"), did("GET", "/v1/labs/{lab_id}/history")
    ('Acknowledged alert', 'Read history of laboratory result')
    >>> did("PUT", "/v1/infusions/{infusion_id}/dose-events/{dose_event_id}")
    'Entered dose event'
    >>> did("POST", "/sign-in")
    'Sign-in'
    >>> did("RUN", "patient erase"), did("POST", "/chair/{infusion_id}/stop"), did("GET", "")
    ('Ran afterglow patient erase', 'Stopped session at the chair', 'Read something else')
    """
    if method == "RUN":
        return f"Ran afterglow {route}"
    parts = [one for one in route.strip("/").split("/") if one and one != "v1"]
    words = [one for one in parts if not one.startswith("{")]
    if not words:
        return "Read something else" if method in READS else "Wrote something else"
    of_one = parts[-1].startswith("{")
    if method in READS:
        return f"Read {read(words, of_one=of_one)}"
    if words[-1] in BY_THEMSELVES:
        return BY_THEMSELVES[words[-1]]
    if not of_one and words[-1] in ENDS and len(words) > 1:
        return f"{ENDS[words[-1]]} {one_of(words[-2])}"
    verb = {"PATCH": "Changed", "DELETE": "Removed"}.get(method, "Entered")
    return f"{verb} {one_of(words[-1])}"


def read(words: list[str], *, of_one: bool) -> str:
    """What was read: one of a kind, the history of one, or all of a kind."""
    last = words[-1]
    if of_one or (len(words) == 1 and not last.endswith("s")):
        return one_of(last)
    if last in ("history", "accesses", "head", "state", "events") and len(words) > 1:
        return f"{'news' if last == 'events' else last} of {one_of(words[-2])}"
    return (
        NAMES[last] if last in NAMES and last not in MANY and not last.endswith("s") else many(last)
    )


def one_of(word: str) -> str:
    """One of what a part of a path speaks of."""
    return NAMES.get(word) or plain(word).removesuffix("s")


def many(word: str) -> str:
    """All of what a part of a path speaks of."""
    return MANY.get(word) or plain(word)


def plain(word: str) -> str:
    """A part of a path as it is read."""
    return word.replace("-", " ").replace("_", " ").replace(".", " ")


def came_of_it(status: int) -> str:
    """What came of a request; empty where it was done.

    >>> came_of_it(200), came_of_it(303), came_of_it(403), came_of_it(503)
    ('', '', 'not allowed', 'failed')
    """
    if status < HTTPStatus.BAD_REQUEST:
        return ""
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return "failed"
    return OUTCOMES.get(HTTPStatus(status), "refused") if status in set(HTTPStatus) else "refused"


def who(row: Mapping[str, Any]) -> tuple[str, str]:
    """Whoever it was, and what they are.

    >>> who({"caller": "device", "role": "proxy", "name": "Ada's phone"})
    ("Ada's phone", 'phone of a proxy')
    >>> who({"caller": "system", "role": "system", "name": None})
    ('Afterglow', 'a command of its own')
    """
    name, caller, role = row["name"], row["caller"], row["role"]
    if caller == "system":
        return "Afterglow", "a command of its own"
    kind = {"client": "program", "device": f"phone of a {role}"}.get(caller, role)
    return name or "No name", kind
