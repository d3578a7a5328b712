"""What somebody agreed to, and what may not be done without."""

import asyncio
from hashlib import sha256
from uuid import UUID, uuid4

import pytest

from app.access.policy import Role
from tests.infusions.makers import patch, problem
from tests.makers import at, patient

PHONE = {"kind": "phone", "text_version": "2026-03", "given_at": at(hours=1)}


async def demand(http, clinic):
    """The clinic enrols no phone without a consent."""
    sent = {"value": True, "reason": "our lawyer"}
    key = "consents.required_for_enrolment"
    admin = await clinic.staff(Role.ADMIN)
    answer = await http.put(f"/v1/settings/{key}", json=sent, headers=admin)
    assert answer.status_code == 200, answer.text


async def test_a_phone_is_enrolled_without_a_consent_unless_the_clinic_requires_one(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    here = f"/v1/patients/{await patient(http, nurse)}"

    before = await http.post(f"{here}/enrolments", json={}, headers=nurse)
    await demand(http, clinic)
    refused = await http.post(f"{here}/enrolments", json={}, headers=nurse)

    assert before.status_code == 201
    assert problem(refused) == (409, "consent-missing")


async def test_a_consent_lets_a_phone_in_until_it_is_withdrawn(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    here = f"/v1/patients/{await patient(http, nurse)}"
    await demand(http, clinic)

    await http.post(f"{here}/consents", json=PHONE | {"kind": "research"}, headers=nurse)
    other = await http.post(f"{here}/enrolments", json={}, headers=nurse)
    given = (await http.post(f"{here}/consents", json=PHONE, headers=nurse)).json()
    let_in = await http.post(f"{here}/enrolments", json={}, headers=nurse)
    withdrawn = await patch(http, nurse, given, {"withdrawn_at": at()}, "consents")
    refused = await http.post(f"{here}/enrolments", json={}, headers=nurse)

    assert (other.status_code, let_in.status_code, withdrawn.status_code) == (409, 201, 200)
    assert withdrawn.json()["status"] == "amended"
    assert problem(refused) == (409, "consent-missing")


async def test_nothing_is_withdrawn_before_it_was_given(http, make):
    nurse = await (await make.clinic()).staff()
    here = f"/v1/patients/{await patient(http, nurse)}"
    sent = PHONE | {"withdrawn_at": at(days=1)}

    refused = await http.post(f"{here}/consents", json=sent, headers=nurse)

    assert problem(refused) == (422, "invalid")


async def enrolled(http, nurse, patient_id):
    """A phone, as its tokens."""
    code = await http.post(f"/v1/patients/{patient_id}/enrolments", json={}, headers=nurse)
    sent = {"code": code.json()["code"], "device_name": "Ada's phone"}
    return (await http.post("/v1/enrolments/redeem", json=sent)).json()


def bearer(tokens):
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def checked_in(http, tokens):
    """What a phone is told of a check-in, and of a new token."""
    item = {"id": str(uuid4()), "kind": "vitals", "measured_at": at(), "heart_rate_bpm": 70}
    sent = {"sent_at": at(), "items": [item]}
    answer = await http.post("/v1/check-ins", json=sent, headers=bearer(tokens))
    form = {"grant_type": "refresh_token", "refresh_token": tokens["refresh_token"]}
    return answer.status_code, (await http.post("/oauth2/token", data=form)).status_code


async def test_a_withdrawal_ends_phones_and_codes_and_keeps_what_they_sent(http, make):
    nurse = await (await make.clinic()).staff()
    ada, eve = await patient(http, nurse), await patient(http, nurse)
    given = (await http.post(f"/v1/patients/{ada}/consents", json=PHONE, headers=nurse)).json()
    phone, other = await enrolled(http, nurse, ada), await enrolled(http, nurse, eve)
    code = (await http.post(f"/v1/patients/{ada}/enrolments", json={}, headers=nurse)).json()
    before = await checked_in(http, phone)

    await patch(http, nurse, given, {"withdrawn_at": at()}, "consents")
    after = await checked_in(http, phone)
    late = {"code": code["code"], "device_name": "late"}
    redeemed = await http.post("/v1/enrolments/redeem", json=late)
    anew = await http.post(f"/v1/patients/{ada}/enrolments", json={}, headers=nurse)

    assert (before, after) == ((200, 200), (401, 400))
    assert redeemed.status_code == 404
    assert problem(anew) == (409, "consent-missing")
    assert (await checked_in(http, other))[0] == 200
    listed = await http.get(f"/v1/patients/{ada}/vitals", headers=nurse)
    assert len(listed.json()["items"]) == 1
    devices = await http.get(f"/v1/patients/{ada}/devices", headers=nurse)
    assert devices.json()["items"][0]["revoked_at"] is not None


async def test_a_token_that_a_phone_is_given_meanwhile_ends_with_the_others(http, make, owner):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    phone = await enrolled(http, nurse, ada)
    gone = PHONE | {"withdrawn_at": at()}
    shown = await http.get(f"/v1/patients/{ada}/devices", headers=nurse)
    (device,) = shown.json()["items"]

    async with owner.connection.transaction():
        await owner.rows("SELECT FROM devices WHERE id = $1 FOR UPDATE", UUID(device["id"]))
        sending = http.post(f"/v1/patients/{ada}/consents", json=gone, headers=nurse)
        withdrawal = asyncio.create_task(sending)
        while not await owner.value("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            pass
        await owner.rows(
            "INSERT INTO tokens (clinic_id, id, sha256, caller, subject_id, role, scope,"
            " patient_id, issued_at, expires_at) SELECT clinic_id, $1, $2, caller, subject_id,"
            " role, scope, patient_id, issued_at, expires_at FROM tokens WHERE subject_id = $3",
            uuid4(),
            sha256(b"given meanwhile").digest(),
            UUID(device["id"]),
        )
    answer = await withdrawal
    late, _ = await checked_in(http, phone | {"access_token": "given meanwhile"})

    assert (answer.status_code, late) == (201, 401)


@pytest.mark.parametrize(
    "consent",
    [
        PHONE | {"kind": "research", "withdrawn_at": at()},
        {"kind": "phone", "text_version": "1", "given_at": at(60), "withdrawn_at": at(days=30)},
        {"kind": "phone", "text_version": "1", "given_at": at(60), "withdrawn_at": at()},
    ],
    ids=["of another kind", "long before the phone", "older than one that holds"],
)
async def test_what_is_no_withdrawal_of_todays_phone_ends_none(http, make, consent):
    nurse = await (await make.clinic()).staff()
    ada = await patient(http, nurse)
    if consent["withdrawn_at"] == at():
        await http.post(f"/v1/patients/{ada}/consents", json=PHONE, headers=nurse)
    phone = await enrolled(http, nurse, ada)

    answer = await http.post(f"/v1/patients/{ada}/consents", json=consent, headers=nurse)

    assert answer.status_code == 201, answer.text
    assert (await checked_in(http, phone))[0] == 200
