from uuid import UUID

import pytest

from app.alerts.actions import resting_on_changed
from app.alerts.tables import EvidenceStatus, Level
from app.kit.ids import new_id
from tests.alerts.makers import raised, viewer
from tests.makers import patient


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def nurse(clinic):
    return await clinic.staff("nurse")


@pytest.fixture
async def ada(http, nurse):
    return await patient(http, nurse)


@pytest.fixture
def again(http, clinic, nurse, ada):
    """Raise the same rule of the same session once more; the alert as it then is."""
    subject = new_id()

    async def again(records, level=Level.WARN):
        told = {"subject_id": subject, "rule": "HR", "adding": True, "records": records}
        alert_id = await raised(http.state["pool"], clinic, ada, level, **told)
        return (await http.get(f"/v1/alerts/{alert_id}", headers=nurse)).json()

    return again


async def test_a_second_reading_is_added_to_the_alert_that_is_there(again):
    first = await again(["a"])
    second = await again(["a", "b"])
    same = await again(["a", "b"])

    assert second["id"] == first["id"]
    assert (second["evidence"]["records"], second["version"]) == (["a", "b"], 2)
    assert same == second


async def test_an_alert_that_somebody_has_seen_stays_so_and_a_closed_one_opens(http, nurse, again):
    alert = await again(["a"])
    await http.post(f"/v1/alerts/{alert['id']}/acknowledge", json={}, headers=nurse)
    seen = await again(["a", "b"])
    await http.post(f"/v1/alerts/{alert['id']}/close", json={"note": "settled"}, headers=nurse)
    fewer = await again(["b"])
    more = await again(["b", "c"])

    assert (seen["status"], fewer["status"]) == ("acknowledged", "closed")
    assert (more["status"], more["close_note"], more["acknowledged_at"]) == ("open", None, None)


async def test_what_an_alert_rests_on_is_marked_whoever_its_subject_is(http, clinic, again, ada):
    reading = str(new_id())
    await again([reading, "b"])
    async with http.state["pool"].confined(clinic.id) as db:
        told = (UUID(ada), UUID(reading), EvidenceStatus.CORRECTED)
        await resting_on_changed(db, viewer(clinic), *told)

    marked = await http.get(f"/v1/patients/{ada}/alerts", headers=await clinic.staff())
    current = await again([reading, "b"])

    assert marked.json()["items"][0]["evidence_status"] == "corrected"
    assert (current["evidence_status"], current["version"]) == ("current", 3)
