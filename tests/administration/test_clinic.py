from app.access.policy import Role
from tests.makers import patient

TEXT = {"text": "Call us at any hour.", "version": "north-1"}


async def test_everyone_at_the_clinic_reads_it_and_an_admin_changes_it(http, make):
    clinic = await make.clinic()
    nurse, admin = await clinic.staff(Role.NURSE), await clinic.staff(Role.ADMIN)
    before = await http.get("/v1/clinic", headers=nurse)
    change = {"name": "North Clinic", "time_zone": "America/Denver"}

    refused = await http.patch("/v1/clinic", json=change, headers=nurse)
    bare = await http.patch("/v1/clinic", json=change, headers=admin)
    match = admin | {"If-Match": before.headers["ETag"]}
    kept = await http.patch("/v1/clinic", json=change, headers=match)

    assert (before.json()["slug"], before.json()["crisis_is"]) == (clinic.slug, "default")
    assert (refused.status_code, bare.status_code) == (403, 428)
    assert (kept.json()["name"], kept.json()["time_zone"]) == ("North Clinic", "America/Denver")
    assert kept.headers["ETag"] == '"2"'


async def test_a_phone_is_shown_the_crisis_text_that_an_admin_wrote(http, make):
    clinic = await make.clinic()
    admin = await clinic.staff(Role.ADMIN)
    phone = await clinic.phone(await patient(http, admin))
    contacts = [{"name": "Day and night", "phone": "+1 303 555 0100"}]
    own = {"crisis": TEXT | {"contacts": contacts, "monitored": True}}

    await http.patch("/v1/clinic", json=own, headers=admin | {"If-Match": '"1"'})
    shown = (await http.get("/v1/me", headers=phone)).json()["crisis"]
    back = await http.patch(
        "/v1/clinic", json={"crisis": None}, headers=admin | {"If-Match": '"2"'}
    )

    assert (shown["text"], shown["contacts"]) == (TEXT["text"], contacts)
    assert (shown["monitored"], shown["language"]) == (True, "en")
    assert back.json()["crisis_is"] == "default"


async def test_a_crisis_text_that_says_nothing_is_refused(http, make):
    admin = await (await make.clinic()).staff(Role.ADMIN)
    match = admin | {"If-Match": '"1"'}

    for wrong in ({"text": ""}, {"version": "1"}, {"text": "a\x00b", "version": "1"}):
        answer = await http.patch("/v1/clinic", json={"crisis": wrong}, headers=match)
        assert answer.status_code in {400, 422}


async def test_what_the_clinic_was_is_kept(http, make, owner):
    clinic = await make.clinic()
    admin = await clinic.staff(Role.ADMIN)

    await http.patch("/v1/clinic", json={"name": "New"}, headers=admin | {"If-Match": '"1"'})

    (row,) = await owner.rows("SELECT row ->> 'name' AS was FROM history WHERE kind = 'clinics'")
    assert row["was"] == clinic.slug.title()


async def test_a_code_that_nobody_used_is_revoked(http, make):
    nurse = await (await make.clinic()).staff(Role.NURSE)
    here = f"/v1/patients/{await patient(http, nurse)}/enrolments"
    made = (await http.post(here, json={}, headers=nurse)).json()
    used = (await http.post(here, json={}, headers=nurse)).json()
    phone = {"device_name": "Ada's phone"}
    await http.post("/v1/enrolments/redeem", json=phone | {"code": used["code"]})

    revoked = await http.post(f"/v1/enrolments/{made['id']}/revoke", headers=nurse)
    late = await http.post(f"/v1/enrolments/{used['id']}/revoke", headers=nurse)
    redeemed = await http.post("/v1/enrolments/redeem", json=phone | {"code": made["code"]})

    listed = (await http.get(here, headers=nurse)).json()["items"]
    assert revoked.json()["revoked_at"] is not None
    assert (late.status_code, redeemed.status_code) == (409, 404)
    assert [one["redeemed_at"] is None for one in listed] == [True, False]
    assert "code" not in listed[0]
