from datetime import datetime, timedelta

from app.access.policy import Role
from tests.makers import at, patient
from tests.relief.test_relief import lost_after_ten_days, read


async def choose(http, clinic, key, value):
    admin = await clinic.staff(Role.ADMIN)
    sent = {"value": value, "reason": "agreed in May"}
    answer = await http.put(f"/v1/settings/{key}", json=sent, headers=admin)
    assert answer.status_code == 200, answer.text


async def test_relief_is_judged_by_the_clinics_numbers_and_says_so(http, make):
    clinic = await make.clinic()
    ehr = await clinic.ehr()
    ada = f"/v1/patients/{await patient(http, ehr)}"
    await lost_after_ten_days(http, ada, ehr)
    usual = await read(http, ada, ehr)

    await choose(http, clinic, "relief.loss_fraction", 0.3)
    own = await read(http, ada, ehr)

    assert [told["episodes"][0]["status"] for told in (usual, own)] == ["lost", "held"]
    loss = next(one for one in own["policy"] if one["name"] == "loss_fraction")
    assert (loss["value"], loss["trust"]) == (0.3, "clinic")


async def test_an_alert_is_due_when_the_clinic_says(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff(Role.NURSE)
    ada = await patient(http, nurse)
    await choose(http, clinic, "alerts.within_minutes.stop", 20)
    thoughts = {"instrument": "PHQ-9", "taken_at": at(hours=1), "answers": [0] * 8 + [2]}

    await http.post(f"/v1/patients/{ada}/assessments", json=thoughts, headers=nurse)

    alerts = (await http.get(f"/v1/patients/{ada}/alerts", headers=nurse)).json()["items"]
    due, raised = (datetime.fromisoformat(alerts[0][name]) for name in ("due_at", "raised_at"))
    assert due - raised == timedelta(minutes=20)
