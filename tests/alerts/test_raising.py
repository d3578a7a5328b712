import asyncio

import pytest

from app.alerts.actions import evidence_changed
from app.alerts.tables import EvidenceStatus, Level
from app.kit.ids import new_id
from tests.alerts.makers import raised, viewer
from tests.makers import NOW, patient


@pytest.fixture
async def clinic(make):
    return await make.clinic()


@pytest.fixture
async def nurse(clinic):
    return await clinic.staff("nurse")


@pytest.fixture
def pool(http):
    return http.state["pool"]


async def alert(http, headers, alert_id):
    return (await http.get(f"/v1/alerts/{alert_id}", headers=headers)).json()


async def corrected(pool, clinic, subject_id, status=EvidenceStatus.CORRECTED):
    async with pool.confined(clinic.id) as db:
        told = {"subject_kind": "assessment", "subject_id": subject_id}
        await evidence_changed(db, viewer(clinic), **told, evidence_status=status)


async def test_an_alert_says_what_raised_it_and_by_when_to_see_it(http, clinic, nurse, pool):
    ada = await patient(http, nurse)
    subject = new_id()

    raised_id = await raised(pool, clinic, ada, Level.STOP, subject_id=subject, item=9, answer=2)

    shown = await alert(http, nurse, raised_id)
    assert (shown["patient_id"], shown["level"], shown["status"]) == (ada, "stop", "open")
    assert shown["evidence"] == {"assessment_id": str(subject), "item": 9, "answer": 2}
    assert (shown["subject_kind"], shown["subject_id"]) == ("assessment", str(subject))
    assert (shown["evidence_status"], shown["late"], shown["version"]) == ("current", False, 1)
    assert shown["due_at"] > shown["raised_at"]


async def test_what_happened_over_72_hours_ago_is_late_and_due_at_no_time(
    http, clinic, nurse, pool
):
    ada = await patient(http, nurse)

    fresh = await raised(pool, clinic, ada, days_ago=2.9)
    late = await raised(pool, clinic, ada, days_ago=3.1)

    assert (await alert(http, nurse, fresh))["late"] is False
    shown = await alert(http, nurse, late)
    assert (shown["late"], shown["due_at"]) == (True, None)


async def test_one_record_raises_a_rule_once_however_often_in_parallel(
    http, clinic, nurse, pool, owner
):
    ada = await patient(http, nurse)
    subject = new_id()

    await asyncio.gather(
        *(raised(pool, clinic, ada, subject_id=subject, rule="a") for _ in range(8))
    )
    await raised(pool, clinic, ada, subject_id=subject, rule="b")

    assert await owner.value("SELECT count(*) FROM alerts") == 2
    assert await owner.value("SELECT max(version) FROM alerts") == 1


async def test_a_graver_correction_raises_the_level_and_opens_the_alert_again(
    http, clinic, nurse, pool
):
    ada = await patient(http, nurse)
    subject = new_id()
    alert_id = await raised(pool, clinic, ada, Level.WARN, subject_id=subject, answer=1)
    await http.post(f"/v1/alerts/{alert_id}/close", json={"note": "spoke to her"}, headers=nurse)
    await corrected(pool, clinic, subject)

    await raised(pool, clinic, ada, Level.STOP, subject_id=subject, answer=2)

    shown = await alert(http, nurse, alert_id)
    assert (shown["level"], shown["status"], shown["evidence_status"]) == (
        "stop",
        "open",
        "current",
    )
    assert (shown["evidence"]["answer"], shown["closed_at"], shown["version"]) == (2, None, 4)
    told = (await http.get(f"/v1/alerts/{alert_id}/history", headers=nurse)).json()["items"]
    assert told[1]["record"]["close_note"] == "spoke to her"


async def test_a_milder_correction_neither_lowers_nor_closes(http, clinic, nurse, pool):
    ada = await patient(http, nurse)
    subject = new_id()
    alert_id = await raised(pool, clinic, ada, Level.STOP, subject_id=subject, answer=2)
    await corrected(pool, clinic, subject)

    await raised(pool, clinic, ada, Level.WARN, subject_id=subject, answer=1)

    shown = await alert(http, nurse, alert_id)
    assert (shown["level"], shown["status"], shown["evidence_status"]) == (
        "stop",
        "open",
        "corrected",
    )
    assert shown["evidence"]["answer"] == 2


async def test_a_voided_record_stays_voided_evidence(http, clinic, nurse, pool):
    ada = await patient(http, nurse)
    subject = new_id()
    alert_id = await raised(pool, clinic, ada, subject_id=subject)

    await corrected(pool, clinic, subject, EvidenceStatus.VOIDED)
    await corrected(pool, clinic, subject, EvidenceStatus.CORRECTED)

    shown = await alert(http, nurse, alert_id)
    assert (shown["evidence_status"], shown["status"]) == ("voided", "open")
    assert shown["version"] == 2


async def test_a_correction_of_another_record_touches_nothing(http, clinic, nurse, pool):
    ada = await patient(http, nurse)
    alert_id = await raised(pool, clinic, ada)

    await corrected(pool, clinic, new_id())

    assert (await alert(http, nurse, alert_id))["version"] == 1


async def test_it_is_assigned_to_the_patients_responsible_clinician(
    http, clinic, nurse, pool, owner
):
    grace = await owner.insert(
        "staff",
        clinic_id=clinic.id,
        id=new_id(),
        email="grace@north.example",
        role="clinician",
        password_hash="none",
        active=True,
        created_at=NOW,
    )
    ada = await patient(http, nurse, responsible_clinician_id=str(grace))

    alert_id = await raised(pool, clinic, ada)

    assert (await alert(http, nurse, alert_id))["assigned_to"] == str(grace)
