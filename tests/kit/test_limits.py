import asyncio
import json
import logging

import asyncpg
import httpx
import pytest
from starlette.requests import ClientDisconnect

from app.config import Settings
from app.kit.limits import Edge


class Leaked(asyncpg.UniqueViolationError):
    """As PostgreSQL words it: the row is in the detail."""

    constraint_name = "uq_patients_name"

    def __str__(self) -> str:
        return "duplicate key\nDETAIL: Key (name)=(Ada Lovelace) already exists."


def raising(error: Exception):
    async def app(scope, receive, send):
        raise error

    return app


def client(app, **settings) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(Edge(app, Settings(**settings)))
    return httpx.AsyncClient(transport=transport, base_url="http://afterglow")


async def test_a_bug_is_answered_with_its_id_and_no_more():
    async with client(raising(Leaked())) as http:
        answer = await http.get("/v1/patients")

    told = answer.json()
    assert (answer.status_code, told["type"]) == (500, "/problems/broken")
    assert told["instance"] == answer.headers["x-request-id"]
    assert "Ada" not in answer.text


async def test_a_bug_is_logged_by_kind_and_place_not_by_what_it_says(caplog):
    with caplog.at_level(logging.INFO):
        async with client(raising(Leaked())) as http:
            answer = await http.get("/v1/patients")

    (record,) = [one for one in caplog.records if one.name == "app.kit.limits"]
    (error,) = record.error
    assert record.request_id == answer.headers["x-request-id"]
    assert (error["type"], error["sqlstate"]) == ("Leaked", "23505")
    assert error["constraint_name"] == "uq_patients_name"
    assert any("test_limits.py" in frame for frame in error["frames"])
    assert "Ada" not in str(vars(record))


async def test_an_answer_that_has_begun_is_broken_off():
    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        raise Leaked

    async with client(app) as http:
        with pytest.raises(Leaked):
            await http.get("/v1/patients")


async def test_a_client_that_left_is_no_error(caplog):
    with caplog.at_level(logging.WARNING):
        async with client(raising(ClientDisconnect())) as http:
            with pytest.raises(AssertionError):  # httpx expects an answer; nobody is there for one
                await http.get("/v1/patients")

    assert caplog.records == []


async def test_a_slow_answer_is_not_a_slow_body():
    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass
        await asyncio.wait({asyncio.ensure_future(receive())}, timeout=0.05)
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    async with client(app, body_seconds=0.01) as http:
        answer = await http.post("/v1/patients", content=b"{}")

    assert answer.status_code == 204


async def test_a_request_says_in_the_log_which_route_it_took(capfd, caplog):
    async def app(scope, receive, send):
        scope["route"] = type("Route", (), {"path": "/v1/patients/{patient_id}"})
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body"})

    with caplog.at_level(logging.INFO):
        async with client(app) as http:
            await http.get("/v1/patients/7?name=Ada")

    line = json.loads(capfd.readouterr().err)
    assert line["route"] == "/v1/patients/{patient_id}"
    assert line["status"] == 200
    assert "Ada" not in str(line)
