"""One caller who asks without end leaves the others their turn."""

from uuid import uuid4

import pytest

from app.access.rates import BUCKETS, Rates
from app.kit.errors import TooMany

ADA = (uuid4(), uuid4())


def said(rates, key=ADA):
    headers = []
    rates.take(key, headers)
    return dict(headers)[b"ratelimit"]


class Clock:
    seconds = 0.0

    def __call__(self):
        return self.seconds


def test_a_bucket_fills_again_with_time():
    clock = Clock()
    rates = Rates(2, clock)

    assert said(rates) == b'"default";r=1;t=31'
    assert said(rates) == b'"default";r=0;t=61'
    with pytest.raises(TooMany) as refused:
        rates.take(ADA, [])
    clock.seconds = 31
    assert said(rates) == b'"default";r=0;t=60'
    assert refused.value.headers == {"Retry-After": "31"}


def test_each_caller_has_their_own():
    rates = Rates(1, Clock())

    said(rates)
    said(rates, (ADA[0], uuid4()))
    with pytest.raises(TooMany):
        said(rates)


def test_those_who_stopped_asking_are_forgotten():
    clock = Clock()
    rates = Rates(60, clock)
    for _ in range(BUCKETS):
        said(rates, (ADA[0], uuid4()))
    clock.seconds = 60

    said(rates)

    assert len(rates) == 1


async def test_what_is_left_is_told_and_then_when_to_come_again(http, make):
    http.state["rates"] = Rates(2, Clock())
    clinic = await make.clinic()
    nurse, other = await clinic.staff(), await clinic.staff()

    first = await http.get("/v1/patients", headers=nurse)
    missing = await http.get(f"/v1/patients/{uuid4()}", headers=nurse)
    refused = await http.get("/v1/patients", headers=nurse)

    assert first.headers["RateLimit-Policy"] == '"default";q=2;w=60'
    assert first.headers["RateLimit"] == '"default";r=1;t=31'
    assert missing.headers["RateLimit"] == '"default";r=0;t=61'
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/too-many")
    assert refused.headers["Retry-After"] == "31"
    assert refused.headers["RateLimit"] == '"default";r=0;t=31'
    assert (await http.get("/v1/patients", headers=other)).status_code == 200


async def test_no_limit_is_not_spoken_of(http, make):
    http.state["rates"] = Rates(0)
    nurse = await (await make.clinic()).staff()

    answer = await http.get("/v1/patients", headers=nurse)

    assert "RateLimit" not in answer.headers


async def test_a_batch_over_the_limit_is_refused_whole(http, make):
    http.state["rates"] = Rates(1, Clock())
    ehr = await (await make.clinic()).ehr()
    sent = {"items": [{"kind": "patient", "id": str(uuid4()), "given_name": "Ada"}]}

    first = await http.post("/v1/batch", json=sent, headers=ehr)
    refused = await http.post("/v1/batch", json=sent, headers=ehr)

    assert [one["status"] for one in first.json()["results"]] == ["created"]
    assert refused.status_code == 429
    assert "Retry-After" in refused.headers
    assert "results" not in refused.json()
