"""Sessions and what hangs on them, made through the service."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from tests.makers import NOW, at

KETAMINE = {"drug": "ketamine", "route": "iv"}


def given(days: float = 0, hours: float = 1, minutes: float = 40, **fields: Any) -> dict[str, Any]:
    """A session that was given so long ago, as a client sends it whole."""
    start = NOW - timedelta(days=days, hours=hours)
    return (
        KETAMINE
        | {
            "status": "completed",
            "started_at": start.isoformat(),
            "ended_at": (start + timedelta(minutes=minutes)).isoformat(),
            "dose_mg": 40,
        }
        | fields
    )


def planned(**fields: Any) -> dict[str, Any]:
    """An appointment in an hour."""
    return KETAMINE | {"scheduled_at": at(hours=-1)} | fields


def running(hours: float = 0.5, **fields: Any) -> dict[str, Any]:
    """A session that is in progress."""
    return KETAMINE | {"status": "in_progress", "started_at": at(hours=hours)} | fields


async def made(http, headers, patient_id: str, body: dict[str, Any]) -> dict[str, Any]:
    """A session, as it was answered."""
    url = f"/v1/patients/{patient_id}/infusions/{uuid4()}"
    answer = await http.put(url, json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def fetch(http, headers, infusion_id: str) -> dict[str, Any]:
    """A session as it now is."""
    return (await http.get(f"/v1/infusions/{infusion_id}", headers=headers)).json()


async def patch(http, headers, record: dict[str, Any], body: dict[str, Any], path: str = ""):
    """Change a record at the version it was read at."""
    url = f"/v1/{path or 'infusions'}/{record['id']}"
    match = {"If-Match": f'"{record["version"]}"'}
    return await http.patch(url, json=body, headers=headers | match)


async def post(http, headers, path: str, body: dict[str, Any] | None = None):
    """POST with a body or none."""
    return await http.post(path, json=body if body is not None else {}, headers=headers)


def problem(answer) -> tuple[int, str]:
    """The status and the name of a refusal."""
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


def pointers(answer) -> list[str]:
    """What a 422 points at."""
    assert answer.status_code == 422, answer.text
    return [one["pointer"] for one in answer.json()["errors"]]
