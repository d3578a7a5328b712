"""What a request leaves in the audit: who asked for what, of which patient, and what came of it."""

from collections.abc import MutableMapping
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID

from app.access.policy import Caller, Viewer
from app.audit.entries import LONGEST, PATIENT, Entry, act_of, as_id, places, said
from app.kit import clock

Scope = MutableMapping[str, Any]

OF_NO_CHART = frozenset({"/v1/instruments", "/v1/instruments/{code}"})
"""Routes that show nobody's data."""

SEARCHES = frozenset({"/v1/patients/search"})
"""Reads that are sent by POST, to keep names out of URLs."""

PATIENTS = "/v1/patients"
ON_BEHALF = b"x-acting-for"

ACTING_FOR = {
    "name": "X-Acting-For",
    "in": "header",
    "required": False,
    "description": "For whom a client acts, a name from its own system, for the audit. Its first "
    f"{LONGEST} characters are kept as they are said, never believed. Name no patient there",
    "schema": {"type": "string", "examples": ["Dr. Weiss"]},
}
"""How the document tells of it."""


def template_of(scope: Scope) -> str:
    """The route of a request, as the document writes it; empty where there is none."""
    return str(getattr(scope.get("route"), "path", ""))


def reads(scope: Scope) -> bool:
    """Whether a request changes nothing."""
    return scope["method"] == "GET" or template_of(scope) in SEARCHES


def entry_of(scope: Scope, viewer: Viewer, status: int, location: str | None = None) -> Entry:
    """The row of a request that is answered so. `location` is where what it made now is."""
    template = template_of(scope)
    entry: Entry = {
        "clinic_id": viewer.clinic_id,
        "id": scope["state"]["request_id"],
        "at": clock.now(),
        "caller": viewer.caller,
        "actor_id": viewer.id,
        "role": viewer.role,
        "method": scope["method"],
        "route": template,
        "act": act_of(scope["method"], reading=template in SEARCHES),
        "status": status,
        **places(scope.get("path_params", {}), viewer.patient_id),
    }
    if viewer.caller == Caller.CLIENT:
        entry["acting_for"] = said(dict(scope["headers"]).get(ON_BEHALF))
    if location is not None:
        above, _, made = location.rpartition("/")
        entry[PATIENT if above == PATIENTS else "record_id"] = made
    elif entry[PATIENT] is None and b"patient_id=" in scope["query_string"]:
        entry[PATIENT] = asked_for(scope["query_string"])
    return entry


def asked_for(query: bytes) -> UUID | None:
    """The patient that a query narrows a list to."""
    given = parse_qs(query.decode("latin-1")).get(PATIENT)
    return as_id(given[-1]) if given else None
