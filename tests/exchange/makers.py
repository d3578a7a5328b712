"""Readers of changes and senders of batches."""

import asyncio
from time import monotonic
from uuid import uuid4

from tests.infusions.makers import given
from tests.makers import at

READINGS = [
    {"measured_at": at(days=30, hours=0.9), "heart_rate_bpm": 80},
    {"measured_at": at(days=30, hours=0.8), "heart_rate_bpm": 90},
]
"""Of a session of thirty days ago."""


async def past(http, seconds=1.0):
    """Wait until all that was written so far may be told.

    Transactions of other tests, on the same server, hold it back as one of this clinic would; one
    that a test holds open itself is not waited for long.
    """
    deadline = monotonic() + seconds
    async with http.state["pool"].connection() as connection:
        written = await connection.fetchval("SELECT pg_current_xact_id()::text::bigint")
        oldest = "SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint"
        while await connection.fetchval(oldest) <= written and monotonic() < deadline:  # noqa: ASYNC110  # the database has no event for it
            await asyncio.sleep(0.01)


async def changes(http, headers, **asked):
    """A page of changes."""
    await past(http)
    answer = await http.get("/v1/changes", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def every_change(http, headers, **asked):
    """All there is, page by page."""
    items, page = [], await changes(http, headers, **asked)
    while items.extend(page["items"]) or page["has_more"]:
        page = await changes(http, headers, **asked | {"cursor": page["next_cursor"]})
    return items, page["next_cursor"]


def told(items):
    """What a reader was told, without the records."""
    return [(one["kind"], one["id"], one["version"], one["change"]) for one in items]


async def send(http, headers, *items):
    """The results of a batch."""
    answer = await http.post("/v1/batch", json={"items": list(items)}, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["results"]


def statuses(results):
    return [one["status"] for one in results]


def problem_of(result):
    return result["problem"]["type"].removeprefix("/problems/")


def patient_item(**fields):
    return {"kind": "patient", "id": str(uuid4()), "given_name": "Ada"} | fields


def session_item(patient_id, days=30.0, **fields):
    """A session of history, as an integration brings it."""
    told = {"kind": "infusion", "id": str(uuid4()), "patient_id": patient_id}
    return told | given(days=days) | {"entry_mode": "import"} | fields


def vitals_item(patient_id, days=30.0, **fields):
    told = {"kind": "vitals", "id": str(uuid4()), "patient_id": patient_id}
    return told | {"measured_at": at(days=days), "heart_rate_bpm": 80} | fields


def assessment_item(patient_id, days=30.0, **fields):
    told = {"kind": "assessment", "id": str(uuid4()), "patient_id": patient_id}
    return told | {"instrument": "PHQ-9", "taken_at": at(days=days), "answers": [1] * 9} | fields
