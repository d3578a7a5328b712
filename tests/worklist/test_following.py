import asyncio
from datetime import timedelta
from uuid import UUID

import pytest

from app.kit import clock
from app.worklist import reckoning
from app.worklist.following import follow
from tests.makers import patient
from tests.worklist.makers import one, settled, treated


@pytest.fixture
def pool(http):
    return http.state["pool"]


async def due(owner):
    sql = "SELECT id FROM worklist WHERE due_at <= now() ORDER BY id"
    return [str(row["id"]) for row in await owner.rows(sql)]


async def mark(owner):
    await owner.rows("SELECT follow_facts(now())")


async def test_only_those_of_whom_something_was_told_are_looked_at_again(http, make, owner):
    ehr = await (await make.clinic()).ehr()
    ada, _ = await patient(http, ehr), await patient(http, ehr)
    await settled(http)

    sent = {"instrument": "PHQ-9", "taken_at": clock.now().isoformat(), "total": 3}
    await http.post(f"/v1/patients/{ada}/assessments", json=sent, headers=ehr)
    await mark(owner)

    assert await due(owner) == [ada]


async def test_a_transaction_that_was_open_long_is_neither_missed_nor_waited_for(
    http, make, owner, pool
):
    clinic = await make.clinic()
    staff = await clinic.staff()
    slow, quick = await patient(http, staff), await patient(http, staff)
    await settled(http)
    touch = "UPDATE patients SET version = version + 1, changed_at = now() WHERE id = $1"

    async with pool.confined(clinic.id) as db:
        await db.connection.execute(touch, UUID(slow))
        await owner.rows(touch, UUID(quick))
        await mark(owner)
        meanwhile = await due(owner)
        await settled(http)
    await mark(owner)

    assert (meanwhile, await due(owner)) == ([quick], [slow])


async def test_a_fact_told_while_a_patient_is_worked_out_is_not_lost(
    http, make, owner, pool, monkeypatch
):
    clinic = await make.clinic()
    ada = await patient(http, await clinic.staff())
    recompute = reckoning.recompute

    async def interrupted(db, patient_id, now):
        await recompute(db, patient_id, now)
        marking.append(asyncio.create_task(mark(owner)))
        await asyncio.sleep(0.05)

    marking = []
    await mark(owner)
    await owner.rows("UPDATE patients SET version = version + 1, changed_at = now()")
    monkeypatch.setattr(reckoning, "recompute", interrupted)
    async with pool.confined(clinic.id) as db:
        await db.connection.execute("SELECT 1 FROM worklist WHERE id = $1 FOR UPDATE", UUID(ada))
        await interrupted(db, UUID(ada), clock.now())
    await asyncio.gather(*marking)

    assert await due(owner) == [ada]


async def test_several_workers_share_the_patients(http, make, owner, pool):
    ehr = await (await make.clinic()).ehr()
    for _ in range(6):
        await patient(http, ehr)

    done = await asyncio.gather(*(follow(pool, 0) for _ in range(3)))

    assert sum(done) == 6
    assert await due(owner) == []


async def test_one_who_cannot_be_worked_out_keeps_nobody_waiting(
    http, make, owner, pool, monkeypatch, caplog
):
    ehr = await (await make.clinic()).ehr()
    ada, eve = await patient(http, ehr), await patient(http, ehr)
    recompute = reckoning.recompute

    async def failing(db, patient_id, now):
        if str(patient_id) == ada:
            raise ValueError("Ada")
        await recompute(db, patient_id, now)

    monkeypatch.setattr(reckoning, "recompute", failing)
    await settled(http)

    known = "SELECT id FROM worklist WHERE computed_at IS NOT NULL"
    assert [str(row["id"]) for row in await owner.rows(known)] == [eve]
    assert "Ada" not in caplog.text


async def test_everybody_is_looked_at_within_a_day_though_nothing_was_told(http, make, owner):
    ehr = await (await make.clinic()).ehr()
    for _ in range(3):
        await patient(http, ehr)
    await settled(http)

    latest = await owner.value("SELECT max(due_at) FROM worklist")

    assert timedelta(hours=19) < latest - clock.now() <= timedelta(hours=24)


async def test_a_setting_or_a_schedule_that_changes_marks_whom_it_touches(http, make, owner):
    clinic, other = await make.clinic(), await make.clinic()
    staff = await clinic.staff()
    ada = await patient(http, staff)
    eve, _ = await patient(http, staff), await patient(http, await other.staff())
    await settled(http)

    await http.put(f"/v1/patients/{ada}/schedule", json=[], headers=staff)
    after_schedule = await due(owner)
    row = {"reason": "ours", "version": 1, "changed_at": clock.now(), "changed_by": clinic.id}
    own = {"clinic_id": clinic.id, "id": clinic.id, "key": "relief.stale_days"}
    await owner.insert("settings", **own, **row)
    after_setting = await due(owner)

    assert after_schedule == [ada]
    assert after_setting == sorted([ada, eve])


async def test_a_snapshot_of_another_server_marks_everybody(http, make, owner):
    ehr = await (await make.clinic()).ehr()
    ada = await treated(http, ehr, {3: 4})
    await one(http, ehr, ada)
    await owner.rows("UPDATE followers SET snapshot = '900000000000:900000000000:'")

    await mark(owner)

    assert await due(owner) == [ada]
