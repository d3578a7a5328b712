async def test_a_method_that_a_path_lacks_is_answered_with_those_it_has(http, make):
    nurse = await (await make.clinic()).staff()

    answer = await http.delete(f"/v1/patients/{'0' * 8}-0000-4000-8000-{'0' * 12}", headers=nurse)

    assert answer.status_code == 405
    assert answer.json()["type"] == "/problems/method-not-allowed"
    assert answer.headers["allow"] == "GET, PATCH, PUT"
