"""Who changed what of staff, clients and the clinic, when, and what it said before."""

from uuid import uuid4

from app.access.policy import Role
from app.kit.ids import new_id
from tests.administration.makers import invited, office, redeem
from tests.administration.test_clients import added


async def changed(http, admin, path, version, **sent):
    match = admin | {"If-Match": f'"{version}"'}
    answer = await http.patch(path, json=sent, headers=match)
    assert answer.status_code == 200, answer.text


async def history(http, headers, path):
    answer = await http.get(f"{path}/history", headers=headers)
    assert answer.status_code == 200, answer.text
    return answer


async def test_who_changed_a_role_and_when_is_told_with_both_values(http, make, owner):
    _, admin = await office(http, make, owner)
    me = (await http.get("/v1/account", headers=admin)).json()["id"]
    grace = await invited(http, admin)
    here = f"/v1/staff/{grace['id']}"

    await changed(http, admin, here, 1, role="clinician", name="Grace O.")
    answer = await history(http, admin, here)

    first, second = answer.json()["items"]
    assert (first["version"], first["by"], first["changes"]) == (1, None, [])
    assert first["at"] == grace["created_at"]
    assert (second["version"], second["by"]) == (2, me)
    assert second["changes"] == [
        {"field": "name", "before": "Grace", "after": "Grace O."},
        {"field": "role", "before": "nurse", "after": "clinician"},
    ]


async def test_a_password_is_a_version_that_shows_nothing_of_it(http, make, owner):
    _, admin = await office(http, make, owner)
    grace = await invited(http, admin)
    await redeem(http, grace["invitation_code"])

    answer = await history(http, admin, f"/v1/staff/{grace['id']}")

    assert [one["by"] for one in answer.json()["items"]] == [None, grace["id"]]
    assert answer.json()["items"][1]["changes"] == []
    for secret in ("argon2", "password", "hash", grace["invitation_code"]):
        assert secret not in answer.text


async def test_a_client_and_the_clinic_have_a_history_too(http, make, owner):
    _, admin = await office(http, make, owner)
    ehr = await added(http, admin)
    await changed(http, admin, f"/v1/clients/{ehr['id']}", 1, scope="read")
    crisis = {"text": "Call us.", "contacts": [{"name": "us", "phone": "1"}], "version": "1"}
    await changed(http, admin, "/v1/clinic", 1, crisis=crisis)

    of_ehr = await history(http, admin, f"/v1/clients/{ehr['id']}")
    of_clinic = (await history(http, admin, "/v1/clinic")).json()["items"]

    assert of_ehr.json()["items"][1]["changes"] == [
        {"field": "scope", "before": "read write", "after": "read"}
    ]
    assert ehr["client_secret"] not in of_ehr.text
    (change,) = of_clinic[1]["changes"]
    assert (change["field"], change["before"]) == ("crisis", None)
    assert change["after"]["text"] == "Call us."


async def test_it_is_for_admins_of_that_clinic_alone(http, make, owner):
    _, admin = await office(http, make, owner)
    here = f"/v1/staff/{(await invited(http, admin))['id']}/history"
    elsewhere = await make.clinic()

    refused = [
        await http.get(here, headers=await elsewhere.staff(Role.ADMIN, new_id())),
        await http.get(f"/v1/clients/{uuid4()}/history", headers=admin),
        await http.get(here, headers=await elsewhere.staff(Role.NURSE)),
        await http.get("/v1/clinic/history", headers=await elsewhere.ehr()),
    ]

    assert [one.status_code for one in refused] == [404, 404, 403, 403]
