from datetime import timedelta

import pytest

from app.access.policy import BACKGROUND
from app.alerts.escalation import escalate_due
from app.alerts.tables import Level
from app.kit import clock
from app.kit.ids import new_id
from tests.alerts.makers import raised
from tests.makers import NOW, patient


@pytest.fixture
def pool(http):
    return http.state["pool"]


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def staff(clinic):
    return await clinic.staff()


@pytest.fixture
async def ada(http, staff):
    return await patient(http, staff)


async def alert(http, headers, alert_id):
    return (await http.get(f"/v1/alerts/{alert_id}", headers=headers)).json()


async def hire(clinic, role, *, active=True):
    told = {"email": f"{new_id()}@clinic.example", "password_hash": "none", "created_at": NOW}
    return await clinic.maker.owner.insert(
        "staff", clinic_id=clinic.id, id=new_id(), role=role, active=active, **told
    )


def minutes(many):
    return clock.now() + timedelta(minutes=many)


async def test_an_alert_nobody_acknowledged_in_time_is_passed_on_once(
    http, clinic, staff, ada, pool
):
    emergency = await raised(pool, clinic, ada, Level.EMERGENCY)
    stop = await raised(pool, clinic, ada, Level.STOP)

    passed_on = [await escalate_due(pool, minutes(many)) for many in (29, 31, 32, 121)]

    assert passed_on == [0, 1, 0, 1]
    assert (await alert(http, staff, emergency))["version"] == 2
    assert (await alert(http, staff, stop))["escalated_at"] is not None


async def test_its_history_says_who_was_to_look_and_when(http, clinic, staff, ada, pool):
    clinician, admin = [await hire(clinic, role) for role in ("clinician", "admin")]
    await hire(clinic, "nurse")
    await hire(clinic, "clinician", active=False)
    alert_id = await raised(pool, clinic, ada, Level.EMERGENCY)

    await escalate_due(pool, minutes(31))

    told = (await http.get(f"/v1/alerts/{alert_id}/history", headers=staff)).json()["items"]
    changes = {one["field"]: one["after"] for one in told[-1]["changes"]}
    assert told[-1]["by"] == str(BACKGROUND)
    assert sorted(changes["escalated_to"]) == sorted([str(clinician), str(admin)])
    assert changes["escalated_at"] is not None


async def test_what_is_seen_or_late_or_for_information_is_not_passed_on(
    http, clinic, staff, ada, pool
):
    seen = await raised(pool, clinic, ada, Level.EMERGENCY)
    await http.post(f"/v1/alerts/{seen}/acknowledge", json={}, headers=staff)
    await raised(pool, clinic, ada, Level.EMERGENCY, days_ago=4)
    await raised(pool, clinic, ada, Level.INFO)

    assert await escalate_due(pool, minutes(60)) == 0


async def test_a_clinic_sets_its_own_limit(http, make, clinic, ada, pool, owner):
    other = await make.clinic()
    eve = await patient(http, await other.staff())
    own = {"clinic_id": clinic.id, "id": new_id(), "key": "alerts.escalate_after_minutes.stop"}
    row = {"reason": "a small team", "version": 1, "changed_at": NOW, "changed_by": clinic.id}
    await owner.insert("settings", **own, **row, value="5")
    for one, where in ((ada, clinic), (eve, other)):
        await raised(pool, where, one, Level.STOP)

    assert await escalate_due(pool, minutes(6)) == 1


async def test_an_alert_that_rises_is_passed_on_anew(http, clinic, staff, ada, pool):
    subject = new_id()
    alert_id = await raised(pool, clinic, ada, Level.STOP, subject_id=subject)
    await escalate_due(pool, minutes(121))

    await raised(pool, clinic, ada, Level.EMERGENCY, subject_id=subject)
    between = (await alert(http, staff, alert_id))["escalated_at"]

    assert between is None
    assert await escalate_due(pool, minutes(31)) == 1
