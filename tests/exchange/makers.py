"""Readers of changes and senders of batches."""

from uuid import uuid4

from tests.infusions.makers import given
from tests.makers import at


async def changes(http, headers, **asked):
    """A page of changes."""
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
