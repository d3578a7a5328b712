"""Charts for the worklist, and a worker that is told when to work."""

from typing import Any

from app.worklist.following import follow
from tests.makers import patient
from tests.relief.test_relief import give, score


async def settled(http) -> None:
    """Let the worker deal with all that was told so far."""
    while await follow(http.state["pool"], rests=0):
        pass


async def worklist(http, headers, **asked: Any) -> list[dict[str, Any]]:
    """The first page of the list."""
    answer = await http.get("/v1/worklist", params=asked, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def one(http, headers, patient_id: str) -> dict[str, Any]:
    """What the list says of a patient, once the worker is done."""
    await settled(http)
    items = await worklist(http, headers, limit=200)
    return next(item for item in items if item["patient_id"] == patient_id)


async def treated(http, ehr, totals: dict[float, int], days: float = 20, **fields: Any) -> str:
    """A patient infused so many days ago, with a PHQ-9 total so many days after."""
    ada = await patient(http, ehr, **fields)
    url = f"/v1/patients/{ada}"
    await score(http, url, ehr, days + 1, 18)
    await give(http, url, ehr, days)
    for day, total in totals.items():
        await score(http, url, ehr, days - day, total)
    return ada
