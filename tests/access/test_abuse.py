"""Whoever knocks without a key gets no more tries, and locks nobody out."""

import asyncio

import pytest

from app.access.addresses import network
from app.kit.errors import NotSignedIn, TooMany
from tests.access.makers import hire, login, register


async def test_guesses_sent_at_once_are_slowed_as_those_sent_one_by_one(http, make, owner):
    clinic = await make.clinic()
    await hire(owner, clinic)

    guesses = (http.post("/v1/login", json=login(clinic, password=f"{n}")) for n in range(20))
    answers = await asyncio.gather(*guesses)

    assert sorted(answer.status_code for answer in answers) == [401] * 5 + [429] * 15


async def test_whoever_knows_a_clients_id_cannot_keep_the_client_out(http, make, owner):
    client_id = await register(owner, await make.clinic())
    sign_in = http.state["sign_in"]
    for n in range(6):
        with pytest.raises((NotSignedIn, TooMany)):
            await sign_in.client(client_id, f"guess {n}", "", "192.0.2.66")

    access = await sign_in.client(client_id, "s3cret", "", "192.0.2.1")

    assert access.scope == "read write"


async def test_a_client_with_a_wrong_secret_keeps_no_staff_of_its_address_out(http, make, owner):
    clinic = await make.clinic()
    client_id = await register(owner, clinic)
    await hire(owner, clinic)
    form = {"grant_type": "client_credentials", "client_secret": "expired"}
    for _ in range(5):
        await owner.rows("UPDATE attempts SET last_at = now() - interval '10 minutes'")
        await http.post("/oauth2/token", data=form | {"client_id": client_id})
    await owner.rows("UPDATE attempts SET failures = 1000, last_at = now()")

    assert (await http.post("/v1/login", json=login(clinic))).status_code == 200


async def test_an_id_spelled_otherwise_is_the_same_door(http, make, owner):
    client_id = await register(owner, await make.clinic())
    spelled = [client_id, client_id.upper(), f"urn:uuid:{client_id}", client_id.replace("-", "")]

    form = {"grant_type": "client_credentials", "client_secret": "guess"}
    answers = [
        await http.post("/oauth2/token", data=form | {"client_id": one})
        for one in (*spelled, *spelled)
    ]

    assert [answer.status_code for answer in answers][:6] == [401] * 5 + [429]


@pytest.mark.parametrize(
    ("address", "counted_as"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("2001:db8:1:2::9%eth0", "2001:db8:1:2::"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("nowhere", "nowhere"),
    ],
)
def test_a_network_with_more_addresses_than_tries_is_counted_as_one(address, counted_as):
    assert network(address) == counted_as
