"""The second factor at the door. Setting one up is tests/administration's."""

from datetime import timedelta

import pyotp

from app.access.policy import Role
from app.kit import clock
from app.kit.ids import new_id
from tests.access.makers import bearer, hire, login
from tests.makers import NOW

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def code(seconds=0):
    return pyotp.TOTP(SECRET).at(clock.now() + timedelta(seconds=seconds))


async def with_factor(owner, clinic, confirmed=True):
    staff_id = await hire(owner, clinic)
    await owner.insert(
        "second_factors",
        clinic_id=clinic.id,
        id=new_id(),
        staff_id=staff_id,
        secret=SECRET,
        created_at=NOW,
        confirmed_at=NOW if confirmed else None,
        used_step=0,
    )
    return staff_id


async def test_a_code_is_asked_for_where_a_second_factor_is_set_up(http, make, owner):
    clinic = await make.clinic()
    await with_factor(owner, clinic)

    bare = await http.post("/v1/login", json=login(clinic))
    guess = await http.post("/v1/login", json=login(clinic, password="a guess that is wrong"))
    right = await http.post("/v1/login", json=login(clinic) | {"code": code()})

    assert bare.status_code == 401
    assert bare.json()["type"] == "/problems/second-factor-needed"
    assert guess.json()["type"] == "/problems/not-signed-in"
    assert right.status_code == 200


async def test_a_code_is_taken_once(http, make, owner):
    clinic = await make.clinic()
    await with_factor(owner, clinic)
    sent = login(clinic) | {"code": code()}

    first, again = [await http.post("/v1/login", json=sent) for _ in range(2)]
    earlier = await http.post("/v1/login", json=login(clinic) | {"code": code(-30)})

    assert (first.status_code, again.status_code, earlier.status_code) == (200, 401, 401)


async def test_a_clock_half_a_minute_off_is_let_in_and_one_further_off_is_not(http, make, owner):
    clinic = await make.clinic()
    await with_factor(owner, clinic)

    far = await http.post("/v1/login", json=login(clinic) | {"code": code(-90)})
    near = await http.post("/v1/login", json=login(clinic) | {"code": code(-30)})

    assert (far.status_code, near.status_code) == (401, 200)


async def test_wrong_codes_are_slowed_as_wrong_passwords_are(http, make, owner):
    clinic = await make.clinic()
    await with_factor(owner, clinic)

    answers = [
        await http.post("/v1/login", json=login(clinic) | {"code": f"{n:06}"}) for n in range(6)
    ]

    assert [answer.status_code for answer in answers] == [401] * 5 + [429]


async def test_one_that_was_never_confirmed_asks_for_nothing(http, make, owner):
    clinic = await make.clinic()
    await with_factor(owner, clinic, confirmed=False)

    assert (await http.post("/v1/login", json=login(clinic))).status_code == 200


async def test_where_one_is_required_whoever_has_none_may_only_set_one_up(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    sent = {"value": True, "reason": "the insurer asks for it"}
    admin = await clinic.staff(Role.ADMIN)
    await http.put("/v1/settings/clinic.second_factor_required", json=sent, headers=admin)

    welcome = await http.post("/v1/login", json=login(clinic))
    charts = await http.get("/v1/patients", headers=bearer(welcome))
    begun = await http.post("/v1/account/second-factor", headers=bearer(welcome))

    assert welcome.json()["scope"] == "second-factor"
    assert (charts.status_code, begun.status_code) == (403, 201)


async def test_whoever_knows_an_e_mail_cannot_keep_its_owner_out(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)
    sign_in = http.state["sign_in"]
    for n in range(30):
        with clock.at(clock.now() - timedelta(seconds=3600 - n * 120)):
            try:
                await sign_in.staff(clinic.slug, "ada@north.example", f"{n}", "192.0.2.66")
            except Exception:  # noqa: BLE001  # refused either way
                continue

    access = await sign_in.staff(
        clinic.slug, "ada@north.example", login(clinic)["password"], "192.0.2.1"
    )

    assert access.token
