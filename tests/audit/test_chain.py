"""Rows are sealed once, in a chain that shows whatever is done to it afterwards."""

import asyncio
from types import SimpleNamespace

import asyncpg
import pytest

from app.audit import actions
from app.audit.actions import seal_waiting
from app.audit.chain import Head
from app.kit.db import Db
from tests.cli.processes import afterglow
from tests.makers import patient

PRIVILEGE = asyncpg.InsufficientPrivilegeError


async def chained(http, make, rows=5):
    """A clinic of so many rows, all sealed."""
    clinic = await make.clinic()
    nurse = await clinic.staff()
    for _ in range(rows):
        await patient(http, nurse)
    await seal_waiting(http.state["pool"])
    return clinic


async def wrong(owner, clinic, noted=None):
    """What is found to be wrong with a clinic's chain."""
    async with owner.connection.transaction():
        db = Db(owner.connection, clinic.id)
        return [found async for found in actions.verified(db, noted)]


async def test_a_chain_that_nobody_touched_is_whole(http, make, owner):
    clinic = await chained(http, make)
    await patient(http, await clinic.staff())
    waiting = await wrong(owner, clinic)

    await seal_waiting(http.state["pool"])

    assert waiting == []
    assert await wrong(owner, clinic) == []
    assert await owner.value("SELECT count(*) FROM audit_arrivals") == 0
    last = "SELECT position FROM audit_heads WHERE clinic_id = $1"
    assert await owner.value(last, clinic.id) == 6


async def test_much_that_waits_is_sealed_bit_by_bit_with_rests_between(http, make, monkeypatch):
    nurse = await (await make.clinic()).staff()
    for _ in range(5):
        await patient(http, nurse)
    monkeypatch.setattr(actions, "AT_ONCE", 2)
    rests = []
    sleeping = SimpleNamespace(sleep=lambda seconds: noted(rests, seconds))
    monkeypatch.setattr(actions, "asyncio", sleeping)

    sealed = [await seal_waiting(http.state["pool"], 4.0) for _ in range(3)]

    assert sealed == [2, 2, 0]
    assert len(rests) == 2
    assert min(rests) > 0


async def noted(rests, seconds):
    rests.append(seconds)


COPY = """
    INSERT INTO audit_events (clinic_id, position, id, at, caller, role, method, route, act,
        status, hash)
    SELECT clinic_id, {}, gen_random_uuid(), at, caller, role, method, route, act, status, hash
    FROM audit_events WHERE clinic_id = $1 AND position = 5
"""

TAMPERINGS = {
    "a row that says another": (
        "UPDATE audit_events SET actor_id = clinic_id WHERE clinic_id = $1 AND position = 3",
        ["position 3 was changed or inserted"],
    ),
    "a row that says another, and is sealed anew": (
        """
        UPDATE audit_events SET status = 404, hash = sha256(hash)
        WHERE clinic_id = $1 AND position = 3
        """,
        ["position 3 was changed or inserted", "position 4 was changed or inserted"],
    ),
    "a row that is gone": (
        "DELETE FROM audit_events WHERE clinic_id = $1 AND position = 3",
        ["position 3 is missing"],
    ),
    "the first rows gone": (
        "DELETE FROM audit_events WHERE clinic_id = $1 AND position < 3",
        ["positions 1 to 2 are missing"],
    ),
    "the last rows gone": (
        "DELETE FROM audit_events WHERE clinic_id = $1 AND position > 3",
        ["positions 4 to 5 are missing at the end"],
    ),
    "every row gone": (
        "DELETE FROM audit_events WHERE clinic_id = $1",
        ["positions 1 to 5 are missing at the end"],
    ),
    "a row added at the end": (
        COPY.format(6),
        ["position 6 was changed or inserted", "position 6 is inserted at the end"],
    ),
    "a row added before the first": (
        COPY.format(0),
        ["position 0 was inserted"],
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
async def test_whatever_is_done_to_sealed_rows_is_found(http, make, owner, tampering):
    clinic = await chained(http, make)
    sql, expected = TAMPERINGS[tampering]

    await owner.untouchable(sql, clinic.id)

    assert await wrong(owner, clinic) == expected


async def test_a_row_put_in_between_is_found(http, make, owner):
    clinic = await chained(http, make)

    await owner.untouchable(
        "UPDATE audit_events SET position = position + 100 WHERE clinic_id = $1 AND position > 2",
        clinic.id,
    )
    await owner.untouchable(
        "UPDATE audit_events SET position = position - 99 WHERE clinic_id = $1 AND position > 99",
        clinic.id,
    )
    await owner.untouchable(
        "INSERT INTO audit_events SELECT (jsonb_populate_record(e, jsonb_build_object("
        "'position', 3, 'id', gen_random_uuid()))).* FROM audit_events e"
        " WHERE clinic_id = $1 AND position = 2",
        clinic.id,
    )

    found = await wrong(owner, clinic)
    assert "position 3 was changed or inserted" in found
    assert "position 6 is inserted at the end" in found


async def test_a_chain_made_anew_differs_from_a_link_that_was_noted(http, make, owner):
    clinic = await chained(http, make)
    head = await owner.rows("SELECT * FROM audit_heads WHERE clinic_id = $1", clinic.id)
    noted = Head(head[0]["position"], bytes(head[0]["hash"]))

    await owner.untouchable(
        "INSERT INTO audit_arrivals SELECT clinic_id, id, at, caller, actor_id, role, acting_for,"
        " patient_id, method, route, record_id, act, status FROM audit_events"
        " WHERE clinic_id = $1 AND position <> 3",
        clinic.id,
    )
    await owner.untouchable("DELETE FROM audit_events WHERE clinic_id = $1", clinic.id)
    await owner.untouchable("DELETE FROM audit_heads WHERE clinic_id = $1", clinic.id)
    await seal_waiting(http.state["pool"])

    assert await wrong(owner, clinic) == []
    assert await wrong(owner, clinic, noted) == ["position 5 is missing at the end"]
    assert await wrong(owner, clinic, Head(4, noted.hash)) == [
        "position 4 is not the link that you noted"
    ]


TOUCHING = [
    "UPDATE audit_events SET status = 404",
    "UPDATE audit_arrivals SET status = 404",
    "DELETE FROM audit_events",
    "DELETE FROM audit_arrivals",
    "TRUNCATE audit_events",
    "TRUNCATE audit_arrivals",
]


@pytest.mark.parametrize("touching", TOUCHING)
async def test_nobody_may_touch_it_the_owner_neither(http, make, owner, touching):
    clinic = await chained(http, make, rows=1)
    await patient(http, await clinic.staff())

    with pytest.raises(PRIVILEGE, match="only ever added to"):
        await owner.connection.execute(touching)
    with pytest.raises(PRIVILEGE):
        async with http.state["pool"].confined(clinic.id) as db:
            await db.connection.execute(touching)
    with pytest.raises(PRIVILEGE):
        async with http.state["pool"].connection() as login:
            await login.execute(touching)


async def test_a_confined_caller_leaves_rows_in_its_own_clinic_alone(http, make, owner):
    north, south = await make.clinic(), await make.clinic()

    async with http.state["pool"].confined(north.id) as db:
        await actions.note(Db(db.connection, south.id), "a command")

    rows = await owner.rows("SELECT clinic_id FROM audit_arrivals")
    assert [row["clinic_id"] for row in rows] == [north.id]


async def test_rows_sealed_by_two_at_once_are_sealed_once(http, make, owner):
    clinic = await make.clinic()
    for _ in range(5):
        await patient(http, await clinic.staff())

    await asyncio.gather(*(seal_waiting(http.state["pool"]) for _ in range(4)))

    assert await wrong(owner, clinic) == []
    positions = await owner.rows("SELECT position FROM audit_events ORDER BY position")
    assert [row["position"] for row in positions] == [1, 2, 3, 4, 5]


async def test_the_command_says_where_and_fails(http, make, owner, migrated, tmp_path):
    clinic = await chained(http, make)
    urls = {"owner_url": migrated.owner_url, "database_url": migrated.login_url}
    ask = ("audit", "verify", "--clinic", clinic.slug)

    whole = await asyncio.to_thread(afterglow, tmp_path, *ask, **urls)
    await owner.untouchable(TAMPERINGS["a row that is gone"][0], clinic.id)
    broken = await asyncio.to_thread(afterglow, tmp_path, *ask, **urls)

    assert whole.returncode == 0, whole.stderr
    assert whole.stdout.startswith(f"{clinic.slug}: whole, 5:")
    assert broken.returncode == 1
    assert broken.stdout == f"{clinic.slug}: position 3 is missing\n"


async def test_a_command_leaves_a_row(make, owner, migrated, tmp_path):
    clinic = await make.clinic()
    urls = {"owner_url": migrated.owner_url, "database_url": migrated.login_url}
    ask = ("client", "add", "--clinic", clinic.slug, "--name", "The EHR")

    done = await asyncio.to_thread(afterglow, tmp_path, *ask, **urls)

    assert done.returncode == 0, done.stderr
    rows = await owner.rows("SELECT * FROM audit_arrivals WHERE clinic_id = $1", clinic.id)
    assert [(row["caller"], row["route"]) for row in rows] == [("system", "client add")]
