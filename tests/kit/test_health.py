from datetime import timedelta

import pytest

from app.kit.ids import new_id
from app.kit.migrate import head
from tests.makers import NOW, patient


async def raise_alert(owner, clinic, patient_id, level, age, status="open"):
    facts = {"clinic_id": clinic.id, "id": new_id(), "patient_id": patient_id, "level": level}
    return await owner.insert(
        "alerts",
        **facts,
        rule="phq9_item9",
        status=status,
        raised_at=NOW - age,
        late=False,
        subject_kind="assessment",
        subject_id=new_id(),
        evidence="{}",
        evidence_status="current",
        version=1,
        recorded_at=NOW,
        recorded_by=new_id(),
        changed_by=new_id(),
        content_sha256=b"",
        changed_at=NOW,
    )


def value(told: str, series: str) -> float:
    (line,) = [line for line in told.splitlines() if line.startswith(series)]
    return float(line.rpartition(" ")[2])


async def test_the_oldest_alert_that_nobody_acknowledged_is_told_by_level(http, make, owner):
    clinic = await make.clinic()
    ada = await patient(http, await clinic.staff())
    await raise_alert(owner, clinic, ada, "stop", timedelta(minutes=5))
    await raise_alert(owner, clinic, ada, "stop", timedelta(hours=2))
    await raise_alert(owner, clinic, ada, "stop", timedelta(days=9), status="closed")

    told = (await http.get("/metrics")).text

    assert value(told, 'afterglow_alerts_open{level="stop"}') == 2
    age = value(told, 'afterglow_alert_oldest_unacknowledged_seconds{level="stop"}')
    assert age == pytest.approx(7200, abs=3000)
    assert value(told, 'afterglow_alerts_open{level="warn"}') == 0


async def test_how_far_the_worker_is_behind_is_told(http, make, owner):
    clinic = await make.clinic()
    await patient(http, await clinic.staff())
    await owner.rows("SELECT follow_facts(now() - interval '1 minute')")
    await owner.rows("UPDATE followers SET moved_at = now() - interval '1 hour'")

    told = (await http.get("/metrics")).text

    assert value(told, "afterglow_patients_due") == 1
    assert value(told, "afterglow_patient_oldest_due_seconds") == pytest.approx(60, abs=30)
    assert value(told, "afterglow_follower_lag_seconds") == pytest.approx(3600, abs=60)


@pytest.fixture
async def revision(owner):
    """Says of the database that it is migrated so far; the truth comes back with the end."""

    async def claim(revision):
        await owner.connection.execute("UPDATE alembic_version SET version_num = $1", revision)

    yield claim
    await claim(head())


async def test_it_is_ready_when_the_database_is_migrated_so_far_or_further(http, revision):
    answers = []
    for one in ("0000", head(), "9999"):
        await revision(one)
        answers.append(await http.get("/readyz"))

    assert [answer.status_code for answer in answers] == [503, 200, 200]
    assert answers[0].json()["type"] == "/problems/unavailable"


async def test_without_a_database_it_is_alive_not_ready_and_still_tells(http):
    await http.state["pool"].close()

    alive, ready, told = [await http.get(path) for path in ("/healthz", "/readyz", "/metrics")]

    assert (alive.status_code, ready.status_code, told.status_code) == (200, 503, 200)
    assert value(told.text, "afterglow_database_up") == 0
