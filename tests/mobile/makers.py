"""Phones, and what they send."""

from app.kit import clock
from app.kit.ids import new_id
from tests.makers import NOW, patient

WELL = [0, 0, 0, 0, 0, 0, 0, 0, 0]
AT_RISK = [1, 1, 2, 0, 1, 0, 2, 0, 1]


def phq9(answers=WELL, taken_at=NOW, **fields):
    told = {"id": str(new_id()), "kind": "assessment", "instrument": "PHQ-9"}
    return told | {"taken_at": taken_at.isoformat(), "answers": answers} | fields


def batch(*items, sent_at=None):
    return {"sent_at": (sent_at or clock.now()).isoformat(), "items": list(items)}


async def phone(http, make):
    clinic = await make.clinic(time_zone="America/Denver")
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    return ada, nurse, await clinic.phone(ada)


async def statuses(answer):
    assert answer.status_code == 200, answer.text
    return [result["status"] for result in answer.json()["results"]]


async def read(http, nurse, item):
    return (await http.get(f"/v1/assessments/{item['id']}", headers=nurse)).json()
