from app.access.policy import Role


async def token(http, client_id, secret, status=200):
    form = {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret}
    answer = await http.post("/oauth2/token", data=form)
    assert answer.status_code == status, answer.text
    return {"Authorization": f"Bearer {answer.json().get('access_token')}"}


async def added(http, admin, scope="read write"):
    sent = {"name": "EHR", "scope": scope}
    answer = await http.post("/v1/clients", json=sent, headers=admin)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_client_is_added_and_its_secret_shown_once(http, make):
    admin = await (await make.clinic()).staff(Role.ADMIN)

    made = await added(http, admin)

    here = f"/v1/clients/{made['id']}"
    shown = await http.get(here, headers=admin)
    listed = await http.get("/v1/clients", headers=admin)
    await token(http, made["id"], made["client_secret"])
    for answer in (shown, listed):
        assert made["client_secret"] not in answer.text
    assert shown.json()["secrets"][0]["last_used_at"] is None
    used = (await http.get(here, headers=admin)).json()["secrets"][0]["last_used_at"]
    assert used is not None


async def test_a_secret_is_changed_without_a_pause(http, make):
    admin = await (await make.clinic()).staff(Role.ADMIN)
    made = await added(http, admin)
    here = f"/v1/clients/{made['id']}/secrets"

    second = (await http.post(here, headers=admin)).json()
    third = await http.post(here, headers=admin)
    inside = await token(http, made["id"], made["client_secret"])
    await token(http, made["id"], second["client_secret"])
    revoked = await http.post(f"{here}/{made['secrets'][0]['id']}/revoke", headers=admin)

    assert third.json()["type"] == "/problems/too-many-secrets"
    assert revoked.json()["revoked_at"] is not None
    assert (await http.get("/v1/patients", headers=inside)).status_code == 401
    await token(http, made["id"], made["client_secret"], 401)
    await token(http, made["id"], second["client_secret"])
    assert (await http.post(here, headers=admin)).status_code == 201


async def test_a_client_that_is_shut_out_is_out_at_once(http, make):
    admin = await (await make.clinic()).staff(Role.ADMIN)
    made = await added(http, admin)
    inside = await token(http, made["id"], made["client_secret"])
    match = admin | {"If-Match": '"1"'}

    out = await http.patch(f"/v1/clients/{made['id']}", json={"active": False}, headers=match)

    assert out.json()["active"] is False
    assert (await http.get("/v1/patients", headers=inside)).status_code == 401
    await token(http, made["id"], made["client_secret"], 401)


async def test_a_narrower_scope_holds_from_the_next_token(http, make):
    admin = await (await make.clinic()).staff(Role.ADMIN)
    made = await added(http, admin)
    inside = await token(http, made["id"], made["client_secret"])
    here, match = f"/v1/clients/{made['id']}", admin | {"If-Match": '"1"'}

    await http.patch(here, json={"scope": "read"}, headers=match)
    wrong = await http.patch(here, json={"scope": "all"}, headers=admin | {"If-Match": '"2"'})

    assert (await http.get("/v1/patients", headers=inside)).status_code == 401
    anew = await token(http, made["id"], made["client_secret"])
    assert (await http.post("/v1/patients", json={}, headers=anew)).status_code == 403
    assert wrong.status_code == 422
