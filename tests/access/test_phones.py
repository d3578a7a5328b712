import asyncio
from datetime import timedelta

from app.kit import clock
from tests.access.makers import bearer, enrolled, refresh
from tests.makers import patient


async def test_a_code_turns_one_phone_into_the_patients_once(http, make):
    clinic = await make.clinic()

    ada, nurse, code, answer = await enrolled(http, clinic)
    again = await http.post("/v1/enrolments/redeem", json={"code": code, "device_name": "Eve"})
    me = await http.get("/v1/me", headers=bearer(answer))
    listed = (await http.get(f"/v1/patients/{ada}/devices", headers=nurse)).json()["items"]

    assert answer.json()["patient_id"] == ada
    assert again.status_code == 404
    assert me.json()["patient"]["id"] == ada
    assert [phone["name"] for phone in listed] == ["Ada's phone"]


async def test_a_code_may_be_typed_in_small_letters_without_dashes(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    url = f"/v1/patients/{ada}/enrolments"
    code = (await http.post(url, json={"for": "proxy"}, headers=nurse)).json()["code"]

    typed = code.lower().replace("-", " ")
    answer = await http.post("/v1/enrolments/redeem", json={"code": typed, "device_name": "Mum"})

    assert answer.status_code == 200


async def test_a_code_lasts_seventy_two_hours(http, make):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    url = f"/v1/patients/{ada}/enrolments"
    code = (await http.post(url, json={"for": "patient"}, headers=nurse)).json()["code"]

    with clock.at(clock.now() + timedelta(hours=73)):
        late = await http.post("/v1/enrolments/redeem", json={"code": code, "device_name": "x"})

    assert late.status_code == 404


async def test_parallel_redeems_of_one_code_enrol_one_phone(http, make, owner):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    ada = await patient(http, nurse)
    url = f"/v1/patients/{ada}/enrolments"
    code = (await http.post(url, json={"for": "patient"}, headers=nurse)).json()["code"]

    answers = await asyncio.gather(
        *(
            http.post("/v1/enrolments/redeem", json={"code": code, "device_name": f"{n}"})
            for n in range(8)
        )
    )

    assert sorted(answer.status_code for answer in answers) == [200] + [404] * 7
    assert await owner.value("SELECT count(*) FROM devices") == 1


async def test_a_lost_answer_does_not_lock_a_patient_out(http, make):
    _, _, _, phone = await enrolled(http, await make.clinic())
    first = phone.json()["refresh_token"]

    lost = await refresh(http, first)
    again = await refresh(http, first)
    onward = await refresh(http, again.json()["refresh_token"])

    assert [lost.status_code, again.status_code, onward.status_code] == [200, 200, 200]
    assert (await http.get("/v1/me", headers=bearer(onward))).status_code == 200


async def test_a_refresh_token_used_after_its_successor_revokes_the_phone(http, make):
    _, _, _, phone = await enrolled(http, await make.clinic())
    first = phone.json()["refresh_token"]
    second = (await refresh(http, first)).json()["refresh_token"]
    third = await refresh(http, second)

    stolen = await refresh(http, first)
    thief_or_owner = await refresh(http, third.json()["refresh_token"])
    inside = await http.get("/v1/me", headers=bearer(third))

    assert stolen.status_code == 400
    assert stolen.json()["type"] == "/problems/invalid-grant"
    assert thief_or_owner.status_code == 400
    assert inside.status_code == 401


async def test_two_successors_of_one_token_do_not_both_live_on(http, make):
    _, _, _, phone = await enrolled(http, await make.clinic())
    first = phone.json()["refresh_token"]
    one, other = [(await refresh(http, first)).json()["refresh_token"] for _ in range(2)]
    await refresh(http, other)

    sibling = await refresh(http, one)

    assert sibling.status_code == 400


async def test_a_refresh_token_lives_a_hundred_and_eighty_days(http, make):
    _, _, _, phone = await enrolled(http, await make.clinic())
    token = phone.json()["refresh_token"]

    with clock.at(clock.now() + timedelta(days=179)):
        slid = await refresh(http, token)
    with clock.at(clock.now() + timedelta(days=300)):
        still = await refresh(http, slid.json()["refresh_token"])
    with clock.at(clock.now() + timedelta(days=600)):
        gone = await refresh(http, still.json()["refresh_token"])

    assert [slid.status_code, still.status_code, gone.status_code] == [200, 200, 400]


async def test_revoking_a_phone_ends_its_access_at_once(http, make):
    ada, nurse, _, phone = await enrolled(http, await make.clinic())
    devices = f"/v1/patients/{ada}/devices"
    device = (await http.get(devices, headers=nurse)).json()["items"][0]["id"]

    gone = await http.delete(f"{devices}/{device}", headers=nurse)
    again = await http.delete(f"{devices}/{device}", headers=nurse)

    assert (gone.status_code, again.status_code) == (204, 204)
    assert (await http.get("/v1/me", headers=bearer(phone))).status_code == 401
    assert (await refresh(http, phone.json()["refresh_token"])).status_code == 400
