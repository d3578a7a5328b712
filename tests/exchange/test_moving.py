import json
from contextlib import asynccontextmanager
from io import BytesIO
from uuid import uuid4

import asyncpg
import pytest

from app.exchange.arriving import read, take_clinic, take_items
from app.exchange.leaving import leave
from app.exchange.queries import whole
from app.kit.db import Db, speak_json
from app.kit.failed import Failed
from app.tables import metadata
from tests.exchange.makers import assessment_item, patient_item, send, session_item, statuses
from tests.makers import patient
from tests.rules.everything import grow


@asynccontextmanager
async def as_owner(migrated, clinic):
    connection = await asyncpg.connect(migrated.owner_url)
    try:
        await speak_json(connection)
        async with connection.transaction():
            yield Db(connection, clinic.id)
    finally:
        await connection.close()


async def exported(migrated, clinic):
    async with as_owner(migrated, clinic) as db:
        return [line async for line in leave(db)]


async def imported(migrated, clinic, lines):
    header, *rest = read(BytesIO(b"\n".join(lines)))
    async with as_owner(migrated, clinic) as db:
        return await take_clinic(db, header[1], rest)


async def rows_of(owner, clinic):
    """Every row that leaves with a clinic, and what each was."""
    found = {}
    for name in [*(t.name for t in whole.leaving()), "history"]:
        sql = f"SELECT to_jsonb(t) - 'clinic_id' AS row FROM {name} t WHERE clinic_id = $1"
        rows = [json.loads(row["row"]) for row in await owner.rows(sql, clinic.id)]
        found[name] = {row["id"]: row for row in rows}
    for row in found["history"].values():
        row["row"].pop("clinic_id")
    for row in found["staff"].values():
        row.pop("password_hash"), row.pop("active")
    return found


@pytest.fixture
async def lived(http, make, clinic, ehr):
    """A clinic with one of everything, of which some was changed, handled and voided."""
    grown = await grow(http, clinic)
    doctor, ids = grown.clinician, grown.ids
    changes = {"note": "later"}
    reading = f"/v1/vitals/{ids['vitals_id']}"
    await http.patch(reading, json=changes, headers=doctor | {"If-Match": '"1"'})
    alert = f"/v1/alerts/{ids['alert_id']}"
    await http.post(f"{alert}/close", json={"note": "called"}, headers=doctor)
    wrong = f"/v1/side-effects/{ids['side_effect_id']}/void"
    await http.post(wrong, json={"reason": "another's"}, headers=doctor)
    here = f"/v1/patients/{ids['patient_id']}/schedule"
    await http.put(here, json=[], headers=doctor)
    return grown


def test_every_table_of_a_clinic_leaves_with_it_or_is_left_out_for_a_reason():
    mine = {name for name, table in metadata.tables.items() if "clinic_id" in table.c}

    assert {t.name for t in whole.leaving()} | set(whole.LEFT_OUT) == mine
    for table in whole.leaving():
        told = {c.name for c in table.c} & {"secret", "sha256", "password_hash", "code"}
        assert told - set(whole.SECRET.get(table.name, ())) <= {"code"}, table.name
        assert "code" not in table.c or table.name in {"labs", "medications"}


async def test_a_clinic_comes_in_elsewhere_equal_row_by_row(
    http, make, clinic, lived, owner, migrated
):
    elsewhere = await make.clinic(time_zone="America/Denver")

    lines = await exported(migrated, clinic)
    came = await imported(migrated, elsewhere, lines)

    assert (came.refused, came.there) == ([], 0)
    assert came.new == len(lines) - 1
    before, after = await rows_of(owner, clinic), await rows_of(owner, elsewhere)
    before["history"] = {
        key: row for key, row in before["history"].items() if row["kind"] != "staff"
    }
    assert after == before
    assert len(after["history"]) >= 3
    assert after["alerts"][lived.ids["alert_id"]]["status"] == "closed"
    waiting = "SELECT count(*) FROM outbox WHERE clinic_id = $1 AND due_at IS NOT NULL"
    assert await owner.value(waiting, elsewhere.id) == 0


async def test_what_came_in_is_read_as_it_was_where_it_came_from(
    http, make, clinic, lived, migrated
):
    elsewhere = await make.clinic(time_zone="America/Denver")
    await imported(migrated, elsewhere, await exported(migrated, clinic))
    there, ids = await elsewhere.staff(), lived.ids

    for path in (
        f"/v1/patients/{ids['patient_id']}",
        f"/v1/patients/{ids['patient_id']}/timeline?limit=200&include_voided=true",
        f"/v1/patients/{ids['patient_id']}/courses",
        f"/v1/patients/{ids['patient_id']}/alerts",
        f"/v1/vitals/{ids['vitals_id']}/history",
        f"/v1/infusions/{ids['infusion_id']}/dose-events",
    ):
        was = await http.get(path, headers=lived.clinician)
        now = await http.get(path, headers=there)
        assert (now.status_code, now.json()) == (200, was.json()), path


async def test_coming_twice_makes_no_duplicate(http, make, clinic, lived, owner, migrated):
    elsewhere = await make.clinic(time_zone="America/Denver")
    lines = await exported(migrated, clinic)
    await imported(migrated, elsewhere, lines)
    before = await rows_of(owner, elsewhere)

    came = await imported(migrated, elsewhere, lines)

    assert (came.new, came.there, came.refused) == (0, len(lines) - 1, [])
    assert await rows_of(owner, elsewhere) == before


async def test_no_secret_leaves_with_a_clinic(clinic, lived, owner, migrated):
    hashes = [row[0] for row in await owner.rows("SELECT password_hash FROM staff")]

    text = b"\n".join(await exported(migrated, clinic)).decode()

    assert "password_hash" not in text
    assert hashes
    assert "secret" not in text


async def test_staff_come_as_names_that_nobody_can_sign_in_by(
    http, make, clinic, lived, owner, migrated
):
    elsewhere = await make.clinic()

    await imported(migrated, elsewhere, await exported(migrated, clinic))

    staff = await owner.rows("SELECT active FROM staff WHERE clinic_id = $1", elsewhere.id)
    assert {row["active"] for row in staff} == {False}


async def test_each_live_record_is_an_item_of_a_batch(http, make, clinic, ehr, ada, migrated):
    session, score = session_item(ada), assessment_item(ada)
    await send(http, ehr, session, score)
    elsewhere = await make.clinic(time_zone="America/Denver")
    lines = [json.loads(line) for line in await exported(migrated, clinic)]
    items = [line for line in lines if "data" in line]

    results = await send(http, await elsewhere.ehr(), *items)

    assert statuses(results) == ["created"] * 3
    there = await http.get(f"/v1/infusions/{session['id']}", headers=await elsewhere.ehr())
    assert there.json()["dose_mg"] == 40


async def test_a_patient_who_is_somebody_else_there_is_refused_with_what_is_theirs(
    http, make, clinic, ehr, migrated
):
    named = {"identifiers": [{"system": "ehr", "value": "1"}]}
    eve = patient_item(**named)
    await send(http, ehr, eve, session_item(eve["id"]))
    elsewhere = await make.clinic()
    await patient(http, await elsewhere.ehr(), **named)

    came = await imported(migrated, elsewhere, await exported(migrated, clinic))

    assert came.new == 0
    assert came.refused[0][1] == "another patient has an identifier"
    assert len(came.refused) == 3


async def test_a_patient_keeps_their_hours_where_the_clinic_has_others(
    http, make, clinic, ehr, ada, migrated
):
    elsewhere = await make.clinic(time_zone="Asia/Tokyo")

    await imported(migrated, elsewhere, await exported(migrated, clinic))

    there = await http.get(f"/v1/patients/{ada}", headers=await elsewhere.ehr())
    assert there.json()["time_zone"] == "America/Denver"


async def test_items_from_elsewhere_come_in_as_batches(http, clinic, ehr):
    eve = patient_item()
    items = [eve, session_item(eve["id"]), session_item(str(uuid4()))]
    file = BytesIO(b"\n".join(json.dumps(one).encode() for one in items))

    came = await take_items(http.state["pool"], clinic.id, read(file))

    assert (came.new, came.there) == (2, 0)
    assert came.refused == [(3, "What this belongs to is not here yet")]


@pytest.mark.parametrize("line", [b"{", b"7", b"\xff"])
def test_a_line_that_cannot_be_read_is_named(line):
    with pytest.raises(Failed, match="Line 2 is no JSON"):
        list(read(BytesIO(b'{"kind": "patient"}\n' + line)))


async def test_a_file_of_a_form_that_is_not_known_is_refused(make, clinic, migrated):
    with pytest.raises(Failed, match="Another version"):
        await imported(migrated, clinic, [b'{"kind": "clinic", "format": 2}'])
