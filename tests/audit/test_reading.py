"""Who reads the audit, and what a patient sees of it."""

from uuid import UUID, uuid4

import pytest

from app.access.policy import Role
from app.audit.actions import seal_waiting
from app.kit.ids import new_id
from tests.makers import patient


async def items(http, path, headers):
    answer = await http.get(path, headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


async def sealed(http):
    """Seal what waits, as the worker does."""
    await seal_waiting(http.state["pool"])


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.ADMIN])
async def test_whoever_may_sees_what_was_done_newest_first(http, make, role):
    clinic = await make.clinic()
    nurse_id = new_id()
    nurse = await clinic.staff(Role.NURSE, nurse_id)
    ada, eve = await patient(http, nurse), await patient(http, nurse)
    await http.get(f"/v1/patients/{ada}", headers=await clinic.staff())
    auditor = await clinic.staff(role)

    every = await items(http, "/v1/audit-events", auditor)
    of_eve = await items(http, f"/v1/audit-events?patient_id={eve}", auditor)
    by_nurse = await items(http, f"/v1/audit-events?actor={nurse_id}", auditor)

    assert [one["act"] for one in every] == ["read", "write", "write"]
    assert [one["patient_id"] for one in of_eve] == [eve]
    assert [one["patient_id"] for one in by_nurse] == [eve, ada]


async def test_pages_hang_together_while_rows_are_sealed_and_added(http, make):
    clinic = await make.clinic()
    nurse, auditor = await clinic.staff(), await clinic.staff(Role.AUDITOR)
    made = [await patient(http, nurse) for _ in range(3)]
    await sealed(http)
    made += [await patient(http, nurse) for _ in range(2)]

    seen, cursor = [], ""
    while cursor is not None:
        page = await http.get(f"/v1/audit-events?limit=2{cursor}", headers=auditor)
        seen += [one["patient_id"] for one in page.json()["items"]]
        more = page.json()["next_cursor"]
        cursor = None if more is None else f"&cursor={more}"

    assert seen == made[::-1]


async def test_the_first_and_last_instant_narrow_the_list(http, make):
    clinic = await make.clinic()
    await patient(http, await clinic.staff())
    auditor = await clinic.staff(Role.AUDITOR)
    (at,) = (one["at"] for one in await items(http, "/v1/audit-events", auditor))

    path = "/v1/audit-events?act=write"
    assert [one["at"] for one in await items(http, f"{path}&from={at}&limit=200", auditor)][
        -1
    ] == at
    assert await items(http, f"{path}&to={at}", auditor) == []


async def test_what_was_refused_is_shown_alone(http, make):
    clinic = await make.clinic()
    nurse, auditor = await clinic.staff(), await clinic.staff(Role.AUDITOR)
    await patient(http, nurse)
    for _ in range(2):
        await http.get(f"/v1/patients/{uuid4()}", headers=nurse)
        await sealed(http)

    refused = await items(http, "/v1/audit-events?refused=true", auditor)

    assert [one["status"] for one in refused] == [404, 404]


async def test_what_a_clinic_did_is_shown_in_no_other(http, make):
    north, south = await make.clinic(), await make.clinic()
    await patient(http, await north.staff())
    await sealed(http)
    await patient(http, await north.staff())

    assert await items(http, "/v1/audit-events", await south.staff(Role.AUDITOR)) == []


async def test_the_head_can_be_noted(http, make):
    clinic = await make.clinic()
    auditor = await clinic.staff(Role.AUDITOR)
    none = await http.get("/v1/audit-events/head", headers=auditor)
    await sealed(http)

    head = await http.get("/v1/audit-events/head", headers=auditor)

    assert none.json() == {"position": 0, "hash": "", "link": "0:"}
    assert head.json()["position"] == 1
    assert head.json()["link"] == f"1:{head.json()['hash']}"


async def test_a_patient_sees_who_saw_their_chart_and_nobody_elses(http, make, owner):
    clinic, nurse_id = await make.clinic(), new_id()
    nurse = await clinic.staff(Role.NURSE, nurse_id)
    hired = {"clinic_id": clinic.id, "id": nurse_id, "email": "n@b.example", "name": "Nina Okoro"}
    hired |= {"role": "nurse", "password_hash": "none", "active": True}
    await owner.connection.execute(
        "INSERT INTO staff (clinic_id, id, email, name, role, password_hash, active, created_at)"
        " VALUES ($1, $2, $3, $4, $5, $6, $7, now())",
        *hired.values(),
    )
    ada, eve = await patient(http, nurse), await patient(http, nurse)
    await http.get(f"/v1/patients/{ada}/alerts", headers=nurse)
    await http.get(f"/v1/patients/{ada}", headers=await clinic.ehr("write"))
    phone = await clinic.phone(ada)
    await http.get("/v1/me", headers=phone)

    seen = await items(http, "/v1/me/accesses", phone)

    assert eve not in str(seen)
    assert [(one["name"], one["role"], one["act"]) for one in seen] == [
        ("Nina Okoro", "nurse", "read"),
        ("Nina Okoro", "nurse", "write"),
    ]
    assert "alerts" not in str(seen)


async def test_a_phone_reads_no_audit_and_staff_have_no_phone(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)

    refused = await http.get("/v1/audit-events", headers=await clinic.phone(ada))
    no_phone = await http.get("/v1/me/accesses", headers=nurse)

    assert (refused.status_code, no_phone.status_code) == (403, 403)


async def test_asking_leaves_a_row_too(http, make):
    clinic, auditor_id = await make.clinic(), new_id()
    auditor = await clinic.staff(Role.AUDITOR, auditor_id)
    asked = uuid4()

    await items(http, f"/v1/audit-events?patient_id={asked}", auditor)

    (row,) = await items(http, "/v1/audit-events", auditor)
    assert UUID(row["actor_id"]) == auditor_id
    assert UUID(row["patient_id"]) == asked
