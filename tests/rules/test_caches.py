"""What caches may keep."""

from tests.makers import patient


async def test_no_cache_keeps_a_chart(http, make):
    nurse = await (await make.clinic()).staff()
    ada = await patient(http, nurse)

    shown = await http.get(f"/v1/patients/{ada}", headers=nurse)
    refused = await http.get(f"/v1/patients/{ada}/relief?as_of=x", headers=nurse)
    unsigned = await http.get(f"/v1/patients/{ada}")

    assert {one.headers["cache-control"] for one in (shown, refused, unsigned)} == {"no-store"}


async def test_what_a_phone_may_keep_is_kept_for_its_own_patient(http, make):
    clinic = await make.clinic()
    phone = await clinic.phone(await patient(http, await clinic.staff()))

    me = await http.get("/v1/me", headers=phone)

    assert me.headers.get_list("cache-control") == ["private, max-age=3600"]
    assert me.headers["vary"] == "Authorization"
