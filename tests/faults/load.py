"""Phones that send, and send again until they are told yes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from uuid import uuid4

import httpx

from tests.cli.processes import made
from tests.faults.checks import Told

AT_RISK = [1, 1, 2, 0, 1, 0, 2, 0, 1]
"""PHQ-9 answers whose ninth raises an alert."""

AGAIN_SECONDS = 0.05


def bearer(answer) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


def phones_of(service, data_dir, number: int, **settings) -> list[dict[str, str]]:
    """Headers of phones, one for each of so many new patients of a new clinic."""
    made(data_dir, "clinic", "add", "--slug", "north", "--name", "North", **settings)
    who = ("--clinic", "north", "--email", "a@b.example", "--role", "clinician")
    staff = made(data_dir, "staff", "add", *who, **settings)
    sign_in = {"clinic": "north", "email": "a@b.example", "password": staff["password"]}
    nurse = bearer(service.post("/v1/login", json=sign_in))
    return [phone_of(service, nurse) for _ in range(number)]


def phone_of(service, nurse) -> dict[str, str]:
    ada = service.post("/v1/patients", json={}, headers=nurse).json()["id"]
    code = service.post(f"/v1/patients/{ada}/enrolments", json={}, headers=nurse).json()["code"]
    redeem = {"code": code, "device_name": "Ada's"}
    return bearer(service.post("/v1/enrolments/redeem", json=redeem))


def check_in(record_id: str) -> dict:
    now = datetime.now(UTC).isoformat()
    item = {"id": record_id, "kind": "assessment", "instrument": "PHQ-9", "taken_at": now}
    return {"sent_at": now, "items": [item | {"answers": AT_RISK}]}


@asynccontextmanager
async def under_load(
    client: httpx.AsyncClient, phones: list[dict[str, str]], told: Told, rest: float = 0.0
) -> AsyncIterator[None]:
    """For as long as the block lasts each phone sends one check-in after the other.

    When it ends each phone has its last answer.
    """
    enough = asyncio.Event()
    async with asyncio.TaskGroup() as group:
        for phone in phones:
            group.create_task(send_until(client, phone, told, enough, rest))
        try:
            yield
        finally:
            enough.set()


async def send_until(client, phone, told: Told, enough: asyncio.Event, rest: float) -> None:
    while not enough.is_set():
        record_id = str(uuid4())
        told.sent.add(record_id)
        body = check_in(record_id)
        while not await acknowledged(client, phone, record_id, body, told):  # noqa: ASYNC110  # a phone has nothing else to wait for
            await asyncio.sleep(AGAIN_SECONDS)
        await asyncio.sleep(rest)


async def acknowledged(client, phone, record_id: str, body: dict, told: Told) -> bool:
    """Whether the answer is a yes. Anything but a yes and a 503 is noted as odd."""
    try:
        answer = await client.post("/v1/check-ins", json=body, headers=phone)
    except httpx.HTTPError:
        return False
    if answer.status_code == 503:
        return False
    (result,) = answer.json()["results"] if answer.status_code == 200 else ({"status": ""},)
    if result["status"] == "unavailable":
        return False
    if result["status"] not in {"created", "duplicate"}:
        told.odd.append(f"answered {answer.status_code}: {answer.text[:200]}")
    told.acknowledged[record_id] = answer.headers["x-request-id"]
    return True


async def until(told: Told, more: int, seconds: float = 60) -> None:
    """Until so many more are acknowledged."""
    wanted = len(told.acknowledged) + more
    async with asyncio.timeout(seconds):
        while len(told.acknowledged) < wanted:  # noqa: ASYNC110  # the time is what is measured
            await asyncio.sleep(0.01)
