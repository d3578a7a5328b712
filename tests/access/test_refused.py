"""Credentials that were refused: what the clinic is told, and what nobody is told."""

import asyncio

from app.access.refused import TOLD_ONE_BY_ONE
from tests.access.makers import bearer, enrolled, hire, login, refresh, register
from tests.audit.makers import left


async def told(http, owner, clinic):
    """The rows of a clinic's refused credentials: who, at which door, with what status."""
    await http.state["refused"].settled()
    rows = await left(owner, clinic)
    kept = ("caller", "actor_id", "role", "route", "status")
    return [tuple(row[name] for name in kept) for row in rows if row["status"] >= 400]


async def test_a_wrong_password_leaves_a_row_with_the_requests_id(http, make, owner):
    clinic = await make.clinic()
    ada = await hire(owner, clinic)

    answer = await http.post("/v1/login", json=login(clinic, password="guessed"))

    assert await told(http, owner, clinic) == [("staff", ada, "clinician", "/v1/login", 401)]
    (row,) = await left(owner, clinic)
    assert str(row["id"]) == answer.headers["X-Request-Id"]


async def test_an_account_that_is_not_there_leaves_none_and_is_counted_alike(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)

    async def counted(email):
        before = (await http.get("/metrics")).text
        await http.post("/v1/login", json=login(clinic, email, "guessed"))
        after = (await http.get("/metrics")).text
        name = 'afterglow_refused_credentials_total{route="/v1/login"} '
        values = [text.partition(name)[2].partition("\n")[0] or 0 for text in (before, after)]
        return float(values[1]) - float(values[0])

    assert await counted("nobody@north.example") == await counted("ada@north.example") == 1
    assert len(await told(http, owner, clinic)) == 1


async def test_who_left_a_program_and_a_slowed_door_are_told_of(http, make, owner):
    clinic = await make.clinic()
    gone = await hire(owner, clinic, active=False)
    client_id = await register(owner, clinic)
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": "no"}

    await http.post("/v1/login", json=login(clinic))
    for _ in range(6):
        await http.post("/oauth2/token", data=form)

    rows = await told(http, owner, clinic)
    assert rows[0] == ("staff", gone, "clinician", "/v1/login", 401)
    assert [row[-1] for row in rows[1:]] == [401] * 5 + [429]
    assert {(row[0], str(row[1])) for row in rows[1:]} == {("client", client_id)}


async def test_a_flood_leaves_few_rows(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)

    for _ in range(70):
        await http.post("/v1/login", json=login(clinic, password="guessed"))

    assert len(await told(http, owner, clinic)) == TOLD_ONE_BY_ONE + 3


async def test_the_next_hour_is_told_of_anew(http, make, owner, monkeypatch):
    clinic = await make.clinic()
    await hire(owner, clinic)
    for _ in range(20):
        await http.post("/v1/login", json=login(clinic, password="guessed"))
    before = len(await told(http, owner, clinic))

    monkeypatch.setattr("app.access.refused.WINDOW_SECONDS", -1)
    await http.post("/v1/login", json=login(clinic, password="guessed"))

    assert len(await told(http, owner, clinic)) == before + 1


async def test_codes_and_tokens_that_are_no_longer_good_say_whose_they_were(http, make, owner):
    clinic = await make.clinic()
    ada, nurse, code, answer = await enrolled(http, clinic)
    tokens, phone = answer.json(), bearer(answer)
    device = (await http.get(f"/v1/patients/{ada}/devices", headers=nurse)).json()["items"][0]
    again = {"code": code, "device_name": "another"}

    await http.post("/v1/enrolments/redeem", json=again)
    await http.delete(f"/v1/patients/{ada}/devices/{device['id']}", headers=nurse)
    await http.get("/v1/me", headers=phone)
    await refresh(http, tokens["refresh_token"])
    await http.get("/v1/me", headers={"Authorization": "Bearer nobodys"})

    rows = await told(http, owner, clinic)
    assert [(row[0], row[3], row[4]) for row in rows] == [
        ("device", "/v1/enrolments/redeem", 404),
        ("device", "/v1/me", 401),
        ("device", "/oauth2/token", 400),
    ]
    assert [str(row[1]) for row in rows] == ["None", device["id"], device["id"]]
    about = {str(row["patient_id"]) for row in await left(owner, clinic) if row["status"] >= 400}
    assert about == {ada}


async def test_the_row_is_written_beside_the_answer_and_not_before_it(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    await owner.connection.execute("BEGIN; LOCK TABLE audit_arrivals")

    async with asyncio.timeout(20):
        answer = await http.post("/v1/login", json=login(clinic, password="guessed"))
    await owner.connection.execute("COMMIT")

    assert answer.status_code == 401
    assert len(await told(http, owner, clinic)) == 1
