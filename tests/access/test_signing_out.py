from tests.access.makers import bearer, enrolled


async def test_a_phone_signs_out_as_staff_do(http, make):
    _, _, _, phone = await enrolled(http, await make.clinic())

    out = await http.post("/v1/logout", headers=bearer(phone))
    after = await http.get("/v1/me", headers=bearer(phone))

    assert (out.status_code, after.status_code) == (204, 401)
