import logging

import pyotp

from app.access.policy import Role
from app.kit import clock
from tests.access.makers import PASSWORD, hire, login
from tests.administration.makers import NEW_PASSWORD, office, signed_in

FACTOR = "/v1/account/second-factor"


async def begun(http, me):
    answer = await http.post(FACTOR, headers=me)
    assert answer.status_code == 201, answer.text
    return answer.json()["secret"]


def code(secret):
    return pyotp.TOTP(secret).at(clock.now())


async def set_up(http, me):
    """The secret and the recovery codes of a second factor that is set up."""
    secret = await begun(http, me)
    answer = await http.post(f"{FACTOR}/confirm", json={"code": code(secret)}, headers=me)
    assert answer.status_code == 200, answer.text
    return secret, answer.json()["recovery_codes"]


async def test_somebody_changes_their_password_and_is_signed_out_elsewhere(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    here, elsewhere = await signed_in(http, clinic), await signed_in(http, clinic)

    sent = {"current": PASSWORD, "new": NEW_PASSWORD}
    changed = await http.post("/v1/account/password", json=sent, headers=here)

    states = [(await http.get("/v1/account", headers=one)).status_code for one in (here, elsewhere)]
    assert changed.status_code == 204
    assert states == [200, 401]
    assert (await http.post("/v1/login", json=login(clinic))).status_code == 401
    await signed_in(http, clinic, password=NEW_PASSWORD)


async def test_a_password_is_changed_by_whoever_knows_it_and_guesses_are_slowed(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    me = await signed_in(http, clinic)

    answers = [
        await http.post(
            "/v1/account/password", json={"current": f"{n}", "new": NEW_PASSWORD}, headers=me
        )
        for n in range(6)
    ]

    assert [answer.status_code for answer in answers] == [422] * 5 + [429]
    assert answers[0].json()["errors"][0]["pointer"] == "/current"


async def test_sessions_are_listed_and_ended(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    here, elsewhere, third = [await signed_in(http, clinic) for _ in range(3)]
    listed = (await http.get("/v1/account/sessions", headers=here)).json()["items"]
    other = next(one for one in listed if not one["current"])

    ended = await http.post(f"/v1/account/sessions/{other['id']}/end", headers=here)
    others = await http.post("/v1/account/sessions/end-others", headers=here)

    assert (len(listed), [one["current"] for one in listed].count(True)) == (3, 1)
    assert ended.json()["ended_at"] is not None
    assert others.json() == {"ended": 1}
    for gone in (elsewhere, third):
        assert (await http.get("/v1/account", headers=gone)).status_code == 401


async def test_a_session_of_somebody_else_is_not_there(http, make, owner):
    clinic, admin = await office(http, make, owner)
    await hire(owner, clinic)
    session = (await http.get("/v1/account/sessions", headers=admin)).json()["items"][0]["id"]
    ada = await signed_in(http, clinic)

    tried = await http.post(f"/v1/account/sessions/{session}/end", headers=ada)

    assert tried.status_code == 404
    assert (await http.get("/v1/account", headers=admin)).status_code == 200


async def test_a_second_factor_is_set_up_by_a_code_and_then_asked_for(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    me = await signed_in(http, clinic)
    secret = await begun(http, me)

    wrong = await http.post(f"{FACTOR}/confirm", json={"code": "abcdef"}, headers=me)
    before = await http.post("/v1/login", json=login(clinic))
    right = await http.post(f"{FACTOR}/confirm", json={"code": code(secret)}, headers=me)
    bare = await http.post("/v1/login", json=login(clinic))
    used = await http.post("/v1/login", json=login(clinic) | {"code": code(secret)})

    assert (wrong.status_code, before.status_code, right.status_code) == (422, 200, 200)
    assert bare.json()["type"] == "/problems/second-factor-needed"
    assert used.status_code == 401, "the code that confirmed it was used"
    told = (await http.get(FACTOR, headers=me)).json()
    assert (told["recovery_codes_left"], told["required"]) == (10, False)


async def test_a_recovery_code_lets_in_once(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    me = await signed_in(http, clinic)
    _, codes = await set_up(http, me)

    await signed_in(http, clinic, code=codes[3].lower())
    again = await http.post("/v1/login", json=login(clinic) | {"code": codes[3]})

    assert again.status_code == 401
    assert (await http.get(FACTOR, headers=me)).json()["recovery_codes_left"] == 9


async def test_a_second_factor_is_taken_off_by_password_and_code(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    me = await signed_in(http, clinic)
    _, codes = await set_up(http, me)
    twice = await http.post(FACTOR, headers=me)

    wrong = {"password": "not this one", "code": codes[0]}
    guess = {"password": PASSWORD, "code": "AAAA-AAAA"}
    right = {"password": PASSWORD, "code": codes[0]}
    states = [
        (await http.post(f"{FACTOR}/remove", json=sent, headers=me)).status_code
        for sent in (wrong, guess, right, right)
    ]

    assert twice.status_code == 409
    assert states == [422, 422, 204, 409]
    await signed_in(http, clinic)


async def test_an_admin_takes_off_the_factor_of_who_lost_it_and_ends_their_sessions(
    http, make, owner
):
    clinic, admin = await office(http, make, owner)
    ada = await hire(owner, clinic)
    me = await signed_in(http, clinic)
    await set_up(http, me)
    had = (await http.get(f"/v1/staff/{ada}", headers=admin)).json()["second_factor"]

    removed = await http.post(f"/v1/staff/{ada}/second-factor/remove", headers=admin)

    assert (had, removed.json()["second_factor"]) == (True, False)
    assert (await http.get("/v1/account", headers=me)).status_code == 401
    await signed_in(http, clinic)


async def test_where_it_is_required_it_is_set_up_and_then_opens_everything(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    sent = {"value": True, "reason": "the insurer asks for it"}
    admin = await clinic.staff(Role.ADMIN)
    await http.put("/v1/settings/clinic.second_factor_required", json=sent, headers=admin)
    halfway = await signed_in(http, clinic)

    _, codes = await set_up(http, halfway)
    account = await http.get("/v1/account", headers=halfway)
    inside = await signed_in(http, clinic, code=codes[0])

    assert account.status_code == 403
    assert (await http.get("/v1/patients", headers=inside)).status_code == 200


async def test_no_secret_is_told_twice_nor_kept_in_history_or_logs(http, make, owner, caplog):
    clinic, admin = await office(http, make, owner)
    ada = await hire(owner, clinic)
    caplog.set_level(logging.DEBUG)
    me = await signed_in(http, clinic)

    secret, codes = await set_up(http, me)
    told = [
        (await http.get(url, headers=headers)).text
        for url, headers in ((FACTOR, me), ("/v1/account", me), (f"/v1/staff/{ada}", admin))
    ]

    kept = await owner.rows("SELECT row::text FROM history")
    bare = codes[0].replace("-", "")
    for text in (*told, *(row["row"] for row in kept), caplog.text):
        assert secret not in text
        assert codes[0] not in text
        assert bare not in text
    assert await owner.value("SELECT count(*) FROM recovery_codes WHERE used_at IS NULL") == 10
