"""What was acknowledged outlives kill -9, of the service and of its PostgreSQL, under load."""

import asyncio
import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from tests.cli.processes import Service, a_data_dir, afterglow, made

WRITERS = 12
BEFORE_THE_KILL = 60
"""How many writes are acknowledged before something dies."""

AT_RISK = [1, 1, 2, 0, 1, 0, 2, 0, 1]


def answered(record_id) -> dict:
    now = datetime.now(UTC).isoformat()
    item = {"id": record_id, "kind": "assessment", "instrument": "PHQ-9", "taken_at": now}
    return {"sent_at": now, "items": [item | {"answers": AT_RISK}]}


def bearer(answer) -> dict[str, str]:
    return {"Authorization": f"Bearer {answer.raise_for_status().json()['access_token']}"}


def callers(service, data_dir):
    """A phone and a clinician of one patient."""
    made(data_dir, "clinic", "add", "--slug", "north", "--name", "North")
    staff = made(
        data_dir,
        "staff",
        "add",
        "--clinic",
        "north",
        "--email",
        "a@b.example",
        "--role",
        "clinician",
    )
    sign_in = {"clinic": "north", "email": "a@b.example", "password": staff["password"]}
    nurse = bearer(service.post("/v1/login", json=sign_in))
    ada = service.post("/v1/patients", json={}, headers=nurse).json()["id"]
    code = service.post(f"/v1/patients/{ada}/enrolments", json={}, headers=nurse).json()["code"]
    redeem = {"code": code, "device_name": "Ada's"}
    return ada, nurse, bearer(service.post("/v1/enrolments/redeem", json=redeem))


async def write_until_it_dies(url, phone, kill) -> tuple[set[str], set[str]]:
    """Ids that were acknowledged, and ids whose fate nobody knows."""
    acknowledged, unknown, killed = set(), set(), asyncio.Event()

    async def writer(client):
        while not killed.is_set() or len(unknown) < 1:
            record_id = str(uuid4())
            try:
                answer = await client.post("/v1/check-ins", json=answered(record_id))
            except httpx.HTTPError:
                unknown.add(record_id)
                return
            if answer.status_code == 200:
                assert answer.json()["results"][0]["status"] == "created"
                acknowledged.add(record_id)
            else:
                assert answer.status_code == 503
                unknown.add(record_id)
                return
            if len(acknowledged) >= BEFORE_THE_KILL and not killed.is_set():
                killed.set()
                kill()

    async with httpx.AsyncClient(base_url=url, headers=phone, timeout=30) as client:
        await asyncio.gather(*(writer(client) for _ in range(WRITERS)))
    return acknowledged, unknown


def all_of(service, path, headers) -> list[dict]:
    found, cursor = [], None
    while True:
        told = {"limit": 200} | ({"cursor": cursor} if cursor else {})
        page = service.get(path, params=told, headers=headers).raise_for_status().json()
        found += page["items"]
        if (cursor := page["next_cursor"]) is None:
            return found


def postmaster(data_dir: Path) -> int:
    return int((data_dir / "postgres" / "postmaster.pid").read_text().split()[0])


@pytest.mark.parametrize("victim", ["service", "postgres", "both"])
def test_no_acknowledged_answer_nor_its_alarm_is_lost_or_doubled(victim):
    with a_data_dir() as data_dir:
        service = Service(data_dir)
        ada, nurse, phone = callers(service, data_dir)

        def kill():
            if victim != "service":
                os.kill(postmaster(data_dir), signal.SIGKILL)
            if victim != "postgres":
                os.kill(service.process.pid, signal.SIGKILL)

        acknowledged, unknown = asyncio.run(write_until_it_dies(service.url, phone, kill))
        if victim != "postgres":
            service.ended()
            service = Service(data_dir)
        ready = httpx.Client(transport=httpx.HTTPTransport(retries=3), timeout=30)
        with ready:
            while ready.get(f"{service.url}/readyz").status_code != 200:
                pass
        for record_id in unknown:
            again = service.post("/v1/check-ins", json=answered(record_id), headers=phone)
            assert again.json()["results"][0]["status"] in {"created", "conflict"}
        kept = all_of(service, f"/v1/patients/{ada}/assessments", nurse)
        raised = all_of(service, f"/v1/patients/{ada}/alerts", nurse)
        assert service.stop() == 0
        audit = afterglow(data_dir, "audit", "verify", "--clinic", "north")

    assert audit.stdout.startswith("north: whole"), audit.stdout
    ids = [one["id"] for one in kept]
    assert len(ids) == len(set(ids))
    assert acknowledged <= set(ids)
    assert set(ids) == acknowledged | unknown
    assert sorted(one["subject_id"] for one in raised) == sorted(ids)
