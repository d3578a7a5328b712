from datetime import timedelta

from app.access.policy import Role
from app.kit import clock
from tests.access.makers import hire, login
from tests.administration.makers import NEW_PASSWORD, invited, office, redeem, signed_in


async def test_somebody_new_comes_in_by_an_invitation_and_a_password_of_their_own(
    http, make, owner
):
    clinic, admin = await office(http, make, owner)
    grace = await invited(http, admin)

    welcome = await redeem(http, grace["invitation_code"].lower())
    inside = await http.post("/v1/login", json=login(clinic, "grace@north.example", NEW_PASSWORD))

    assert (grace["has_password"], grace["active"], grace["version"]) == (False, True, 1)
    assert welcome.json() == {
        "clinic": clinic.slug,
        "email": "grace@north.example",
        "name": "Grace",
        "role": "nurse",
    }
    assert inside.status_code == 200


async def test_an_invitation_is_good_once_for_72_hours_and_until_the_next(http, make, owner):
    _, admin = await office(http, make, owner)
    grace = await invited(http, admin)
    anew = f"/v1/staff/{grace['id']}/invitations"
    second = (await http.post(anew, headers=admin)).json()

    replaced = await redeem(http, grace["invitation_code"])
    with clock.at(clock.now() + timedelta(hours=73)):
        expired = await redeem(http, second["code"])
    first = await redeem(http, second["code"])
    again = await redeem(http, second["code"], "another quite long one")

    refused = [answer.status_code for answer in (replaced, expired, again)]
    assert (refused, first.status_code) == ([404, 404, 404], 200)


async def test_a_new_invitation_resets_a_password_and_ends_the_sessions(http, make, owner):
    clinic, admin = await office(http, make, owner)
    ada = await hire(owner, clinic)
    inside = await signed_in(http, clinic)
    code = (await http.post(f"/v1/staff/{ada}/invitations", headers=admin)).json()["code"]
    meanwhile = await http.get("/v1/patients", headers=inside)

    await redeem(http, code)

    after = await http.get("/v1/patients", headers=inside)
    old = await http.post("/v1/login", json=login(clinic))
    assert (meanwhile.status_code, after.status_code, old.status_code) == (200, 401, 401)


async def test_a_short_or_common_password_is_refused_and_the_code_stays_good(http, make, owner):
    _, admin = await office(http, make, owner)
    code = (await invited(http, admin))["invitation_code"]

    short = await redeem(http, code, "elevenchars")
    common = await redeem(http, code, "Password1234")
    good = await redeem(http, code)

    assert (short.status_code, common.status_code, good.status_code) == (422, 422, 200)
    assert short.json()["errors"][0]["pointer"] == "/password"
    assert "Password1234" not in common.text


async def test_wrong_codes_are_slowed(http, owner):
    first = await redeem(http, "a guess")
    await owner.rows("UPDATE attempts SET failures = 49")

    answers = [await redeem(http, f"guess {n}") for n in range(2)]

    assert [answer.status_code for answer in (first, *answers)] == [404, 404, 429]


async def test_an_e_mail_is_of_one_person_in_a_clinic(http, make, owner):
    _, admin = await office(http, make, owner)
    grace = await invited(http, admin)

    sent = {"email": "Grace@North.example", "role": "clinician"}
    taken = await http.post("/v1/staff", json=sent, headers=admin)
    elsewhere = await http.post(
        "/v1/staff", json=sent, headers=await (await make.clinic()).staff(Role.ADMIN)
    )

    assert taken.json()["type"] == "/problems/email-taken"
    assert taken.json()["existing_id"] == grace["id"]
    assert elsewhere.status_code == 201


async def test_whoever_leaves_is_out_at_once(http, make, owner):
    clinic, admin = await office(http, make, owner)
    ada = await hire(owner, clinic)
    inside = await signed_in(http, clinic)
    code = (await http.post(f"/v1/staff/{ada}/invitations", headers=admin)).json()["code"]
    match = admin | {"If-Match": '"1"'}

    left = await http.patch(f"/v1/staff/{ada}", json={"active": False}, headers=match)

    after = await http.get("/v1/patients", headers=inside)
    back = await http.post("/v1/login", json=login(clinic))
    assert (left.json()["active"], left.headers["ETag"]) == (False, '"2"')
    assert [after.status_code, back.status_code] == [401, 401]
    assert (await redeem(http, code)).status_code == 404
    assert (await http.post(f"/v1/staff/{ada}/invitations", headers=admin)).status_code == 409


async def test_another_role_holds_from_the_next_sign_in_and_ends_this_one(http, make, owner):
    clinic, admin = await office(http, make, owner)
    ada = await hire(owner, clinic)
    inside = await signed_in(http, clinic)

    bare = await http.patch(f"/v1/staff/{ada}", json={"role": "auditor"}, headers=admin)
    match = admin | {"If-Match": '"1"'}
    await http.patch(f"/v1/staff/{ada}", json={"role": "auditor"}, headers=match)

    charts = await http.get("/v1/patients", headers=await signed_in(http, clinic))
    assert bare.status_code == 428
    assert (await http.get("/v1/patients", headers=inside)).status_code == 401
    assert charts.status_code == 403


async def test_the_last_admin_stays(http, make, owner):
    clinic, admin = await office(http, make, owner)
    me = (await http.get("/v1/account", headers=admin)).json()
    await invited(http, admin, role=Role.ADMIN)
    match = admin | {"If-Match": '"1"'}

    for change in ({"active": False}, {"role": "nurse"}):
        refused = await http.patch(f"/v1/staff/{me['id']}", json=change, headers=match)
        assert refused.json()["type"] == "/problems/last-admin"
    await hire(owner, clinic, email="second@north.example", role=Role.ADMIN)
    now = await http.patch(f"/v1/staff/{me['id']}", json={"role": "nurse"}, headers=match)
    assert now.status_code == 200


async def test_staff_are_listed_in_pages_and_of_one_clinic(http, make, owner):
    _, admin = await office(http, make, owner)
    await office_elsewhere(http, make)
    for n in range(3):
        await invited(http, admin, email=f"{n}@north.example")

    first = (await http.get("/v1/staff?limit=3", headers=admin)).json()
    cursor = {"limit": 3, "cursor": first["next_cursor"]}
    rest = (await http.get("/v1/staff", params=cursor, headers=admin)).json()

    listed = [one["email"] for one in first["items"] + rest["items"]]
    assert listed == ["admin@north.example", *(f"{n}@north.example" for n in range(3))]
    assert rest["next_cursor"] is None


async def office_elsewhere(http, make):
    admin = await (await make.clinic()).staff(Role.ADMIN)
    await invited(http, admin, email="elsewhere@south.example")


async def test_an_admin_ends_sessions_of_others_one_or_all(http, make, owner):
    clinic, admin = await office(http, make, owner)
    ada = await hire(owner, clinic)
    inside = [await signed_in(http, clinic) for _ in range(3)]
    here = f"/v1/staff/{ada}/sessions"
    listed = (await http.get(here, headers=admin)).json()["items"]

    await http.post(f"{here}/{listed[0]['id']}/end", headers=admin)
    after_one = [(await http.get("/v1/patients", headers=one)).status_code for one in inside]
    ended = await http.post(f"{here}/end", headers=admin)

    assert (len(listed), {one["current"] for one in listed}) == (3, {False})
    assert sorted(after_one) == [200, 200, 401]
    assert ended.json() == {"ended": 2}


async def test_only_an_admin_administers(http, make, owner):
    clinic = await make.clinic()
    ada = await hire(owner, clinic)

    for role in (Role.CLINICIAN, Role.NURSE, Role.AUDITOR):
        caller = await clinic.staff(role)
        for url in ("/v1/staff", f"/v1/staff/{ada}", f"/v1/staff/{ada}/sessions", "/v1/clients"):
            assert (await http.get(url, headers=caller)).status_code == 403
        asked = await http.post(f"/v1/staff/{ada}/invitations", headers=caller)
        assert asked.status_code == 403


async def test_no_hash_of_a_password_is_kept_in_the_history(http, make, owner):
    clinic, admin = await office(http, make, owner)
    ada = await hire(owner, clinic)
    match = admin | {"If-Match": '"1"'}

    await http.patch(f"/v1/staff/{ada}", json={"name": "Ada"}, headers=match)

    (row,) = await owner.rows("SELECT row::text FROM history WHERE kind = 'staff'")
    assert "ada@north.example" in row["row"]
    assert "password_hash" not in row["row"]
    assert "argon2" not in row["row"]
