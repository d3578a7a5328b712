"""Whoever knocks without a key gets no more tries, and locks nobody out."""

import asyncio

from tests.access.test_sign_in import hire, login


async def test_guesses_sent_at_once_are_slowed_as_those_sent_one_by_one(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)

    guesses = (http.post("/v1/login", json=login(clinic, password=f"{n}")) for n in range(20))
    answers = await asyncio.gather(*guesses)

    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15
