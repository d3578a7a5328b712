"""What the database itself refuses, whatever the service asks of it."""

from uuid import UUID, uuid4

import asyncpg
import pytest

from app.patients.queries import hold
from app.tables import metadata
from tests.makers import patient

TABLES = sorted(metadata.tables)

OF_CLINICS = [name for name in TABLES if "clinic_id" in metadata.tables[name].c]

OF_PATIENTS = [name for name in OF_CLINICS if "patient_id" in metadata.tables[name].c]

WITHOUT_A_KEY = {
    "audit_arrivals": "keeps what was asked for, there or not",
    "audit_events": "the same",
    "history": "a row as it was, whatever became of what it pointed to",
    "outbox": "written by trigger from a row that has the key",
    "tokens": "read at each request; the device that it was given to has the key",
}
"""Tables with patient_id that need no foreign key of their own, and why."""

OF_THE_CLINIC_ALONE = sorted(
    {
        "staff",
        "invitations",
        "second_factors",
        "recovery_codes",
        "clients",
        "client_secrets",
        "refresh_tokens",
        "tokens",
        "idempotency_keys",
    }
)
"""Tables in which no patient's phone has any business."""


def test_every_table_belongs_to_a_clinic_but_those_of_the_whole_database():
    assert set(TABLES) - set(OF_CLINICS) == {"clinics", "attempts", "feed", "followers"}


@pytest.mark.parametrize("table", OF_CLINICS)
async def test_a_table_of_a_clinic_is_walled(owner, table):
    walled = await owner.value(
        "SELECT relrowsecurity FROM pg_class WHERE oid = $1::regclass", table
    )
    policies = await owner.rows(
        "SELECT qual, with_check FROM pg_policies WHERE tablename = $1", table
    )

    assert walled
    assert policies
    for policy in policies:
        assert "clinic_id = this_clinic()" in policy["qual"]
        assert "clinic_id = this_clinic()" in policy["with_check"]


@pytest.mark.parametrize("table", OF_CLINICS)
def test_the_key_of_a_table_starts_with_the_clinic(table):
    assert next(iter(metadata.tables[table].primary_key)).name == "clinic_id"


@pytest.mark.parametrize("table", OF_CLINICS)
def test_no_key_points_across_clinics(table):
    for key in metadata.tables[table].foreign_key_constraints:
        if key.referred_table.name != "clinics":
            assert key.column_keys[0] == "clinic_id"
            assert key.elements[0].column.name == "clinic_id"


@pytest.mark.parametrize("table", sorted(set(OF_PATIENTS) - set(WITHOUT_A_KEY)))
def test_a_row_about_a_patient_points_at_one_of_its_own_clinic(table):
    keys = [key.column_keys for key in metadata.tables[table].foreign_key_constraints]

    assert any(key[:2] == ["clinic_id", "patient_id"] for key in keys)


async def test_nothing_is_seen_before_a_clinic_is_named(http, make, app):
    clinic = await make.clinic()
    await patient(http, await clinic.staff(), identifiers=[{"system": "ehr", "value": "1"}])

    for table in sorted({*OF_CLINICS, "clinics"}):
        assert await app.fetchval(f'SELECT count(*) FROM "{table}"') == 0, table


async def test_one_clinic_is_seen_once_it_is_named_and_no_other(http, make):
    north, south = await make.clinic(), await make.clinic()
    for clinic in (north, south):
        await patient(http, await clinic.staff(), identifiers=[{"system": "ehr", "value": "1"}])

    async with http.state["pool"].confined(north.id) as db:
        seen = [
            await db.connection.fetch(f'SELECT DISTINCT clinic_id FROM "{table}"')
            for table in sorted(set(OF_CLINICS))
        ]

    assert {row["clinic_id"] for rows in seen for row in rows} == {north.id}


async def test_a_phone_reads_no_row_of_another_patient_nor_of_the_clinic(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse, identifiers=[{"system": "ehr", "value": "1"}])
    await http.post("/v1/patients", json={}, headers=nurse | {"Idempotency-Key": "eve"})

    async with http.state["pool"].confined(clinic.id, patient_id=UUID(ada)) as db:
        about = [
            await db.connection.fetch(f'SELECT DISTINCT patient_id FROM "{table}"')
            for table in sorted(set(OF_PATIENTS) - {"tokens"})
        ]
        patients = await db.connection.fetch("SELECT id FROM patients")
        staff = [
            await db.connection.fetchval(f'SELECT count(*) FROM "{table}"')
            for table in OF_THE_CLINIC_ALONE
        ]

    assert {str(row["patient_id"]) for rows in about for row in rows} == {ada}
    assert [str(row["id"]) for row in patients] == [ada]
    assert staff == [0] * len(OF_THE_CLINIC_ALONE)


async def test_a_row_cannot_be_written_into_another_clinic(http, make):
    north, south = await make.clinic(), await make.clinic()
    await patient(http, await north.staff())

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        async with http.state["pool"].confined(north.id) as db:
            await db.connection.execute("UPDATE patients SET clinic_id = $1", south.id)


async def test_a_patient_of_another_clinic_with_the_same_id_is_not_waited_for(http, make):
    pool, same, clinics = http.state["pool"], uuid4(), [await make.clinic() for _ in range(2)]
    for clinic in clinics:
        await http.put(f"/v1/patients/{same}", json={}, headers=await clinic.staff())

    async with pool.confined(clinics[0].id) as db, pool.confined(clinics[1].id) as other:
        await hold(db, same)
        await other.connection.execute("SET LOCAL lock_timeout = '100ms'")

        assert (await hold(other, same)).id == same
