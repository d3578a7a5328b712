from datetime import timedelta

import pytest

from app.alerts.escalation import escalate_due
from app.alerts.tables import Level
from app.config import Settings
from app.kit import clock
from app.kit.ids import new_id
from tests.alerts.makers import raised
from tests.makers import patient
from tests.webhooks.outbox import make_due, waits


async def test_a_message_carries_ids_and_the_level_and_is_signed(
    clinic, ada, pool, pager, deliver, owner
):
    alert_id = await raised(pool, clinic, ada, Level.STOP, answer=2)

    tried = await deliver()

    (message,) = pager.messages()
    assert tried == 1
    assert message["type"] == "alert.raised"
    assert message["data"] == {
        "alert_id": str(alert_id),
        "clinic_id": str(clinic.id),
        "patient_id": ada,
        "level": "stop",
        "escalated": False,
    }
    assert message["timestamp"].endswith("Z")
    assert pager.asked[0].method == "POST"
    assert await owner.value("SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL") == 1


async def test_what_was_delivered_is_not_sent_again(clinic, ada, pool, pager, deliver):
    await raised(pool, clinic, ada)

    await deliver()
    again = await deliver(clock.now() + timedelta(days=2))

    assert again == 0
    assert len(pager.asked) == 1


async def test_neither_info_nor_late_alerts_nor_what_happens_to_alerts_is_sent(
    http, clinic, nurse, ada, pool, pager, deliver
):
    await raised(pool, clinic, ada, Level.INFO)
    await raised(pool, clinic, ada, Level.EMERGENCY, days_ago=4)
    warn = await raised(pool, clinic, ada, Level.WARN)
    await http.post(f"/v1/alerts/{warn}/acknowledge", json={}, headers=nurse)
    await http.post(f"/v1/alerts/{warn}/close", json={}, headers=nurse)

    await deliver()

    assert [one["data"]["alert_id"] for one in pager.messages()] == [str(warn)]


async def test_an_alert_that_rises_is_sent_again_as_a_new_message(
    clinic, ada, pool, pager, deliver
):
    subject = new_id()
    await raised(pool, clinic, ada, Level.WARN, subject_id=subject)
    await deliver()

    await raised(pool, clinic, ada, Level.STOP, subject_id=subject)
    await deliver()

    assert [one["data"]["level"] for one in pager.messages()] == ["warn", "stop"]
    assert len(set(pager.ids())) == 2


async def test_an_alert_that_is_passed_on_is_sent_again_and_says_so(
    clinic, ada, pool, pager, deliver, owner
):
    await raised(pool, clinic, ada, Level.EMERGENCY)
    await deliver()

    await owner.rows("UPDATE alerts SET raised_at = raised_at - interval '31 minutes'")
    await escalate_due(pool, clock.now())
    await deliver()

    assert [one["data"]["escalated"] for one in pager.messages()] == [False, True]
    assert len(set(pager.ids())) == 2


@pytest.mark.parametrize("status", [301, 307, 400, 404, 429, 500, 503])
async def test_whatever_is_no_2xx_is_tried_again_after_five_seconds(
    status, clinic, ada, pool, pager, deliver, owner
):
    pager.statuses = [status]
    await raised(pool, clinic, ada)

    await deliver()

    (wait,) = await waits(owner)
    assert 3 < wait < 6
    assert [one.url.host for one in pager.asked] == ["pager.example"]
    assert await deliver() == 0


async def test_a_retry_has_the_id_of_the_first_attempt(clinic, ada, pool, pager, deliver, owner):
    pager.statuses = [500, 500]
    await raised(pool, clinic, ada)

    for _ in range(3):
        await deliver()
        await make_due(owner)

    assert len(pager.messages()) == 3
    assert len(set(pager.ids())) == 1
    assert await waits(owner) == []


async def test_a_retry_is_made_when_its_turn_comes(clinic, ada, pool, pager, deliver):
    pager.statuses = [500]
    await raised(pool, clinic, ada)
    now = clock.now()

    tried = [await deliver(now + timedelta(seconds=seconds)) for seconds in (0, 4, 7)]

    assert tried == [1, 0, 1]


async def test_it_is_tried_ten_times_on_the_published_schedule_and_given_up(
    clinic, ada, pool, pager, deliver, owner
):
    pager.statuses = [500] * 20
    await raised(pool, clinic, ada)

    seen = []
    for _ in range(9):
        await deliver()
        seen += await waits(owner)
        await make_due(owner)
    await deliver()
    await make_due(owner)

    hour = 3600
    wanted = [5, 300, 1800, 2 * hour, 5 * hour, 10 * hour, 14 * hour, 20 * hour, 24 * hour]
    assert all(abs(s - w) <= 0.1 * w + 2 for s, w in zip(seen, wanted, strict=True))
    assert await deliver() == 0
    assert len(pager.asked) == 10
    assert await owner.value("SELECT count(*) FROM outbox WHERE delivered_at IS NOT NULL") == 0


async def test_a_pager_that_is_gone_is_left_alone(clinic, ada, pool, pager, deliver, owner):
    pager.statuses = [410]
    await raised(pool, clinic, ada)

    await deliver()

    assert await waits(owner) == []


async def test_each_clinics_alerts_are_found_and_recorded(http, make, pool, pager, deliver):
    clinics = [await make.clinic() for _ in range(3)]
    for clinic in clinics:
        ada = await patient(http, await clinic.staff())
        await raised(pool, clinic, ada)

    tried = await deliver()

    assert tried == 3
    assert {one["data"]["clinic_id"] for one in pager.messages()} == {str(c.id) for c in clinics}
    assert await deliver() == 0


async def test_without_a_url_nothing_is_claimed_and_old_rows_are_never_blasted(
    clinic, ada, pool, pager, deliver, owner, tmp_path
):
    with clock.at(clock.now() - timedelta(hours=73)):
        await raised(pool, clinic, ada)
    await raised(pool, clinic, ada)

    unset = await deliver(settings=Settings(data_dir=tmp_path))
    attempts = await owner.value("SELECT max(attempts) FROM outbox")
    tried = await deliver()

    assert (unset, attempts, tried) == (0, 0, 1)
    assert await waits(owner) == []
