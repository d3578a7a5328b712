from app.kit.bodies import MOST_FINDINGS


async def test_of_a_body_with_endless_mistakes_the_first_are_told(http):
    answer = await http.post("/v1/login", json={f"a{n}": 1 for n in range(50_000)})

    assert answer.status_code == 422
    assert len(answer.json()["errors"]) == MOST_FINDINGS
