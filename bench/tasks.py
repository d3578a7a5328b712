"""The things that are measured, as each program is asked for them."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import cycle
from uuid import uuid4

from bench.filling import FAMILY, STAFF_TOKEN, Clinic
from bench.load import Asked

AFTERGLOW, LIMIT, PLAIN = "afterglow", "limit", "plain"
PROGRAMS = (AFTERGLOW, LIMIT, PLAIN)

UNAUDITED = "unaudited"
"""Afterglow that keeps no audit, to tell what the audit costs. Only here can it be had."""

OURS = {AFTERGLOW, UNAUDITED}

PAGE = 50
BATCH = 20

ANSWERS = [1, 1, 2, 0, 1, 0, 2, 0, 0]

ID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True)
class Task:
    """Something that is asked for: its name, and the mark of each item in the answer."""

    name: str
    mark: bytes
    items: int
    programs: tuple[str, ...] = PROGRAMS

    def asked(self, program: str, clinic: Clinic) -> Asked:
        """Requests without end, of many patients in turn."""
        if self.name in {"timeline", "audit"}:
            requests: Iterator[bytes] = cycle(timelines(program, clinic))
        elif self.name == "search":
            requests = cycle(searches(program))
        else:
            requests = check_ins(program, clinic, self.items)
        return Asked(requests, b"200", self.mark, self.items)


TASKS = (
    Task("timeline", b'"kind":"', PAGE),
    Task("audit", b'"kind":"', PAGE, (AFTERGLOW, UNAUDITED)),
    Task("check-in", b'"created"', 1),
    Task("batch of 20", b'"created"', BATCH),
    Task("search", b'"family_name":', PAGE),
)


def request(method: str, path: str, token: str = "", body: bytes = b"") -> bytes:
    """A request in bytes."""
    lines = [f"{method} {path} HTTP/1.1", "Host: bench", "Accept: application/json"]
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body:
        lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
    return "\r\n".join([*lines, "", ""]).encode() + body


def timelines(program: str, clinic: Clinic) -> list[bytes]:
    """The newest page of each busy patient."""
    if program in OURS:
        return [request("GET", f"/v1/patients/{one}/timeline", STAFF_TOKEN) for one in clinic.busy]
    return [request("GET", f"/patients/{one}/timeline") for one in clinic.busy]


def searches(program: str) -> list[bytes]:
    """Each family name by its beginning."""
    bodies = [json.dumps({"name": name[:5]}).encode() for name in FAMILY]
    if program in OURS:
        return [request("POST", "/v1/patients/search", STAFF_TOKEN, body) for body in bodies]
    return [request("POST", "/patients/search", body=body) for body in bodies]


def check_ins(program: str, clinic: Clinic, items: int) -> Iterator[bytes]:
    """Answers of one phone after the other, each with ids of its own."""
    now = datetime.now(UTC).isoformat()
    item = {"id": ID, "kind": "assessment", "instrument": "PHQ-9", "taken_at": now}
    batch = {"sent_at": now, "items": [item | {"answers": ANSWERS}] * items}
    body = json.dumps(batch).encode()
    templates = [
        request("POST", "/v1/check-ins", token, body)
        if program in OURS
        else request("POST", f"/patients/{patient}/check-ins", body=body)
        for patient, token in clinic.phones
    ]
    for template in cycle(one.replace(ID.encode(), b"%s") for one in templates):
        yield template % tuple(str(uuid4()).encode() for _ in range(items))
