"""One row for each request of a caller we know, and what it says."""

from uuid import UUID, uuid4

from app.access.policy import Role
from app.kit.ids import new_id
from tests.audit.makers import left
from tests.makers import patient

VITALS = {"measured_at": "2026-11-01T08:00:00Z", "systolic_mmhg": 120, "diastolic_mmhg": 80}


async def test_a_read_says_who_what_and_whose(http, make, owner):
    clinic, nurse_id = await make.clinic(), new_id()
    ada = await patient(http, await clinic.staff())
    nurse = await clinic.staff(Role.NURSE, nurse_id)

    answer = await http.get(f"/v1/patients/{ada}/timeline?limit=5", headers=nurse)

    row = (await left(owner, clinic))[-1]
    assert row == {
        "id": UUID(answer.headers["X-Request-Id"]),
        "caller": "staff",
        "actor_id": nurse_id,
        "role": "nurse",
        "acting_for": None,
        "patient_id": UUID(ada),
        "method": "GET",
        "route": "/v1/patients/{patient_id}/timeline",
        "record_id": None,
        "act": "read",
        "status": 200,
    }


async def test_a_patient_who_is_made_is_named_in_the_row_of_that(http, make, owner):
    clinic = await make.clinic()

    ada = await patient(http, await clinic.staff())

    (row,) = await left(owner, clinic)
    assert (row["act"], row["status"], row["patient_id"]) == ("write", 201, UUID(ada))


async def test_a_record_that_is_named_alone_tells_whose_it_is(http, make, owner):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    made = await http.post(f"/v1/patients/{ada}/vitals", json=VITALS, headers=nurse)
    place = made.headers["Location"]

    await http.get(place, headers=nurse)
    await http.post(f"{place}/void", json={"reason": "mistyped"}, headers=nurse)

    for row in (await left(owner, clinic))[-3:]:
        assert row["patient_id"] == UUID(ada)
        assert row["record_id"] == UUID(made.json()["id"])


async def test_a_put_that_made_nothing_says_so(http, make, owner):
    clinic = await make.clinic()
    nurse, place = await clinic.staff(), f"/v1/patients/{uuid4()}"

    for _ in range(2):
        await http.put(place, json={"given_name": "Ada"}, headers=nurse)

    assert [row["status"] for row in await left(owner, clinic)] == [201, 200]


async def test_a_refusal_leaves_a_row_though_what_was_tried_is_undone(http, make, owner):
    clinic = await make.clinic()
    nurse, ehr = await clinic.staff(), await clinic.ehr("read")
    ada = await patient(http, nurse)
    vitals = f"/v1/patients/{ada}/vitals"

    for refused in (
        await http.post(vitals, json=VITALS, headers=ehr),
        await http.post(f"/v1/patients/{uuid4()}/vitals", json=VITALS, headers=nurse),
        await http.put(f"/v1/patients/{ada}", json={"given_name": "Eve"}, headers=nurse),
        await http.post(vitals, json={}, headers=nurse),
        await http.get("/v1/patients/nobody", headers=nurse),
    ):
        assert refused.status_code >= 400

    rows = (await left(owner, clinic))[1:]
    assert [row["status"] for row in rows] == [403, 404, 409, 422, 422]


async def test_whoever_is_not_signed_in_leaves_no_row(http, make, owner):
    clinic = await make.clinic()

    await http.get("/v1/patients", headers={"Authorization": "Bearer guessed"})

    assert await left(owner, clinic) == []


FULL = """
    CREATE FUNCTION be_full() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'the disk is full' USING ERRCODE = 'serialization_failure'; END $$;
    CREATE TRIGGER be_full BEFORE INSERT ON audit_arrivals EXECUTE FUNCTION be_full();
"""


async def test_nothing_is_shown_or_kept_that_could_not_be_recorded(http, make, owner):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)

    await owner.connection.execute(FULL)
    try:
        shown = await http.get(f"/v1/patients/{ada}", headers=nurse)
        kept = await http.post(f"/v1/patients/{ada}/vitals", json=VITALS, headers=nurse)
        refused = await http.get(f"/v1/patients/{uuid4()}", headers=nurse)
    finally:
        await owner.connection.execute("DROP FUNCTION be_full CASCADE")

    assert [answer.status_code for answer in (shown, kept, refused)] == [503, 503, 404]
    assert await owner.value("SELECT count(*) FROM vitals WHERE clinic_id = $1", clinic.id) == 0


async def test_a_client_says_for_whom_it_acts_and_is_believed_in_nothing(http, make, owner):
    clinic = await make.clinic()
    ehr = await clinic.ehr()

    await http.get("/v1/patients", headers=ehr | {"X-Acting-For": "Dr. Weiss " + "x" * 500})

    (row,) = await left(owner, clinic)
    assert row["acting_for"].startswith("Dr. Weiss x")
    assert len(row["acting_for"]) == 200


async def test_a_proxys_phone_is_told_from_the_patients(http, make, owner):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    code = await http.post(f"/v1/patients/{ada}/enrolments", json={"for": "proxy"}, headers=nurse)
    sent = {"code": code.json()["code"], "device_name": "A phone"}
    token = (await http.post("/v1/enrolments/redeem", json=sent)).json()["access_token"]

    await http.get("/v1/me", headers={"Authorization": f"Bearer {token}"})

    row = (await left(owner, clinic))[-1]
    assert (row["caller"], row["role"], row["patient_id"]) == ("device", "proxy", UUID(ada))


async def test_a_batch_of_a_phone_leaves_one_row(http, make, owner):
    clinic = await make.clinic()
    ada = await patient(http, await clinic.staff())
    item = {"id": str(uuid4()), "kind": "assessment", "instrument": "MOOD-10", "answers": [7]}
    sent = {
        "sent_at": "2026-11-01T08:00:00Z",
        "items": [item | {"taken_at": VITALS["measured_at"]}],
    }

    await http.post("/v1/check-ins", json=sent, headers=await clinic.phone(ada))

    row = (await left(owner, clinic))[1:]
    assert [(one["act"], one["patient_id"]) for one in row] == [("write", UUID(ada))]
