from base64 import b64encode
from datetime import timedelta

import pytest

from app.kit import clock
from tests.access.makers import PASSWORD, bearer, enrolled, hire, login, register


async def test_staff_sign_in_and_out(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)

    welcome = await http.post("/v1/login", json=login(clinic, email="Ada@North.example"))
    inside = await http.get("/v1/patients", headers=bearer(welcome))
    out = await http.post("/v1/logout", headers=bearer(welcome))
    after = await http.get("/v1/patients", headers=bearer(welcome))

    assert welcome.json()["token_type"] == "bearer"
    assert welcome.headers["cache-control"] == "no-store"
    assert [inside.status_code, out.status_code, after.status_code] == [200, 204, 401]


@pytest.mark.parametrize(
    "wrong",
    [{"password": "wrong"}, {"email": "eve@north.example"}, {"clinic": "nowhere"}],
    ids=["password", "e-mail", "clinic"],
)
async def test_whatever_is_wrong_the_answer_is_the_same(http, make, owner, wrong):
    clinic = await make.clinic()
    await hire(owner, clinic)

    refused = await http.post("/v1/login", json=login(clinic) | wrong)

    assert refused.status_code == 401
    assert refused.json()["detail"] == "Clinic, e-mail and password do not belong together."


async def test_a_password_is_checked_even_where_there_is_nobody(http, make, monkeypatch):
    clinic = await make.clinic()
    checked = []
    monkeypatch.setattr("app.access.passwords._verify", lambda *given: checked.append(given))

    await http.post("/v1/login", json=login(clinic, email="nobody@north.example"))

    assert len(checked) == 1


async def test_someone_who_has_left_does_not_get_in(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic, active=False)

    refused = await http.post("/v1/login", json=login(clinic))

    assert refused.status_code == 401


async def test_failed_sign_ins_are_slowed_and_told_for_how_long(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)

    failed = [
        await http.post("/v1/login", json=login(clinic, password=f"guess {n}")) for n in range(6)
    ]
    right = await http.post("/v1/login", json=login(clinic))
    with clock.at(clock.now() + timedelta(minutes=10)):
        later = await http.post("/v1/login", json=login(clinic))

    assert [answer.status_code for answer in failed] == [401] * 5 + [429]
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) >= 1
    assert later.status_code == 200


async def test_one_account_being_slowed_leaves_the_others_alone(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    await hire(owner, clinic, email="max@north.example")
    for n in range(6):
        await http.post("/v1/login", json=login(clinic, password=f"guess {n}"))

    other = await http.post("/v1/login", json=login(clinic, email="max@north.example"))

    assert other.status_code == 200


@pytest.mark.parametrize("by", ["basic", "form"])
async def test_a_client_trades_its_secret_for_a_token(http, make, owner, by):
    clinic = await make.clinic()
    client_id = await register(owner, clinic)
    form = {"grant_type": "client_credentials"}
    basic = "Basic " + b64encode(f"{client_id}:s3cret".encode()).decode()
    given = {"headers": {"Authorization": basic}} if by == "basic" else {}
    form |= {} if by == "basic" else {"client_id": client_id, "client_secret": "s3cret"}

    answer = await http.post("/oauth2/token", data=form, **given)

    assert answer.status_code == 200
    assert answer.json()["scope"] == "read write"
    assert answer.headers["cache-control"] == "no-store"
    assert (await http.get("/v1/patients", headers=bearer(answer))).status_code == 200


async def test_a_token_is_asked_for_by_a_form(http):
    answer = await http.post("/oauth2/token", json={"grant_type": "client_credentials"})

    assert answer.status_code == 415
    assert answer.json()["type"] == "/problems/wrong-media-type"


async def test_two_secrets_live_side_by_side_for_rotation(http, make, owner):
    clinic = await make.clinic()
    client_id = await register(owner, clinic, secrets=("old", "new"))
    form = {"grant_type": "client_credentials", "client_id": client_id}

    answers = [
        await http.post("/oauth2/token", data=form | {"client_secret": secret})
        for secret in ("old", "new", "neither")
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 401]


async def test_a_client_gets_no_more_than_it_has_and_no_more_than_it_asks_for(http, make, owner):
    clinic = await make.clinic()
    client_id = await register(owner, clinic, scope="read")
    form = {
        "grant_type": "client_credentials",
        "client_id": client_id,
        "client_secret": "s3cret",
    }

    both = await http.post("/oauth2/token", data=form | {"scope": "read write"})
    none = await http.post("/oauth2/token", data=form | {"scope": "write"})
    writing = await http.post("/v1/patients", json={}, headers=bearer(both))

    assert both.json()["scope"] == "read"
    assert none.status_code == 400
    assert writing.status_code == 403


async def test_an_expired_token_is_no_longer_good(http, make, owner):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    await owner.connection.execute("UPDATE tokens SET expires_at = now()")

    assert (await http.get("/v1/patients", headers=nurse)).status_code == 401


async def test_no_secret_is_kept_as_it_is(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    _, _, code, phone = await enrolled(http, clinic)
    secrets = [code, code.replace("-", ""), PASSWORD, *phone.json().values()]

    tables = ("staff", "tokens", "refresh_tokens", "enrolments", "devices", "outbox")
    kept = [await owner.rows(f"SELECT * FROM {table}") for table in tables]
    dump = str([dict(row) for rows in kept for row in rows])

    assert not [one for one in secrets[:3] if one in dump]
    assert phone.json()["refresh_token"] not in dump
    assert phone.json()["access_token"] not in dump


async def test_checking_a_token_is_one_look_up_by_a_unique_key(owner):
    # Of so few rows any way to read them is cheap: what is asked is whether there is this one.
    await owner.rows("SET enable_seqscan = off")

    plan = await owner.rows("EXPLAIN SELECT 1 FROM tokens WHERE sha256 = '\\x00'")

    assert any("uq_tokens_sha256" in row[0] for row in plan)
