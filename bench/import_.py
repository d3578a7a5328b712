"""python -m bench.import_: a clinic's three years by POST /v1/batch, beside single PUTs.

Eight writers send every patient with all sessions, readings and questionnaires, then all of it once
more: the second time nothing may be new. Then they PUT single readings, for the ratio.
"""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import NAMESPACE_URL, uuid4, uuid5

import asyncpg
import httpx

from app.kit.migrate import run_migrate
from app.kit.postgres import ensure_database, running
from bench.filling import CLINIC_ID, Clinic
from bench.programs import begin, wait_for
from bench.rows import CLINIC
from bench.tasks import AFTERGLOW

PASSWORD = "only-for-measuring"
TOKEN = "importer"
WRITERS = 8
SINGLE_SECONDS = 10.0

CLIENT = """
    INSERT INTO tokens
        (clinic_id, id, sha256, caller, subject_id, role, scope, issued_at, expires_at)
    VALUES ($1, $1, $2, 'client', $1, 'client', 'read write', now(), now() + interval '1 day')
"""

BEGAN = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=3 * 365)


def named(*names: object) -> str:
    return str(uuid5(NAMESPACE_URL, "bench:" + ":".join(str(name) for name in names)))


def reading(at: datetime, number: int) -> dict:
    return {
        "measured_at": at.isoformat(),
        "systolic_mmhg": 118 + number,
        "diastolic_mmhg": 70 + number,
        "heart_rate_bpm": 66 + number,
        "spo2_percent": 97,
        "method": "monitor",
    }


def session(who: str, number: int, readings: int) -> dict:
    """A session with its readings, every 27 days."""
    start = BEGAN + timedelta(days=27 * number)
    return {
        "kind": "infusion",
        "id": named(who, "infusion", number),
        "patient_id": who,
        "entry_mode": "import",
        "status": "completed",
        "drug": "ketamine",
        "route": "iv",
        "dose_mg": 40,
        "weight_kg": 80,
        "started_at": start.isoformat(),
        "ended_at": (start + timedelta(minutes=40)).isoformat(),
        "vitals": [reading(start + timedelta(minutes=10 * one), one) for one in range(readings)],
    }


def score(who: str, number: int) -> dict:
    taken = BEGAN + timedelta(days=27 * number - 1)
    return {
        "kind": "assessment",
        "id": named(who, "assessment", number),
        "patient_id": who,
        "entry_mode": "import",
        "instrument": "PHQ-9",
        "taken_at": taken.isoformat(),
        "answers": [1, 1, 2, 0, 1, 0, 2, 0, 0],
    }


def patient(number: int, sessions: int, readings: int) -> list[dict]:
    """All of one patient, in the order of time."""
    who = named("patient", number)
    items: list[dict] = [{"kind": "patient", "id": who, "given_name": "Ada", "sex": "female"}]
    for one in range(sessions):
        items += [score(who, one), session(who, one, readings)]
    return items


async def send_all(http: httpx.AsyncClient, bodies: list[bytes]) -> Counter:
    """Send every body, eight at a time; how many items came to what."""
    came: Counter = Counter()
    waiting = iter(bodies)

    async def write() -> None:
        for body in waiting:
            answer = await http.post("/v1/batch", content=body)
            assert answer.status_code == 200, answer.text[:500]
            for one in answer.json()["results"]:
                came[one["status"]] += 1
                came.update(child["status"] for child in one["children"])

    await asyncio.gather(*(write() for _ in range(WRITERS)))
    return came


async def put_singly(http: httpx.AsyncClient, patients: int, seconds: float) -> float:
    """Readings a second, one PUT each."""
    ends, done = time.monotonic() + seconds, Counter()

    async def write(number: int) -> None:
        who = named("patient", number % patients)
        while time.monotonic() < ends:
            body = reading(BEGAN, 1) | {"entry_mode": "import"}
            answer = await http.put(f"/v1/patients/{who}/vitals/{uuid4()}", json=body)
            assert answer.status_code == 201, answer.text[:500]
            done["kept"] += 1

    await asyncio.gather(*(write(number) for number in range(WRITERS)))
    return done["kept"] / seconds


async def measured(clinic: Clinic, port: int, size: argparse.Namespace) -> dict:
    """Send, send again, and PUT singly."""
    bodies = [
        json.dumps({"items": patient(one, size.sessions, size.readings)}).encode()
        for one in range(size.patients)
    ]
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    told: dict = {"writers": WRITERS, "workers": 1}
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, headers=headers, timeout=120) as http:
        for which in ("first", "again"):
            began = time.monotonic()
            came = await send_all(http, bodies)
            seconds = time.monotonic() - began
            items = sum(came.values())
            told[which] = {
                "items": items,
                "seconds": round(seconds, 1),
                "items_per_second": round(items / seconds),
                **came,
            }
            print(f"{which}: {items:,} items in {seconds:.0f} s", file=sys.stderr, flush=True)
        singly = await put_singly(http, size.patients, size.single_seconds)
    told["single_puts_per_second"] = round(singly)
    told["ratio_to_single_puts"] = round(told["first"]["items_per_second"] / singly, 1)
    told["twice_without_a_duplicate"] = await whole(clinic, told["first"])
    return told


async def whole(clinic: Clinic, first: dict) -> bool:
    """Whether what is there is what was created the first time."""
    connection = await asyncpg.connect(clinic.owner_url)
    tables = ("patients", "infusions", "assessments")
    counts = [await connection.fetchval(f"SELECT count(*) FROM {one}") for one in tables]
    vitals = "SELECT count(*) FROM vitals WHERE infusion_id IS NOT NULL"
    counts.append(await connection.fetchval(vitals))
    await connection.close()
    return sum(counts) == first["created"] == first["items"]


def sizes() -> Iterator[tuple[str, int]]:
    yield from (("patients", 300), ("sessions", 40), ("readings", 12))


async def open_clinic(clinic: Clinic) -> None:
    connection = await asyncpg.connect(clinic.owner_url)
    await connection.execute(CLINIC, CLINIC_ID)
    await connection.execute(CLIENT, CLINIC_ID, sha256(TOKEN.encode()).digest())
    await connection.close()


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m bench.import_", description=__doc__)
    for name, default in sizes():
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--single-seconds", type=float, default=SINGLE_SECONDS)
    size = parser.parse_args()
    with ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="afterglow-bench-"))
        server = stack.enter_context(running(Path(folder), max_connections=50))
        login_url = server.url("bench", user="bench_login", password=PASSWORD)
        clinic = Clinic(size.patients, server.url("bench"), login_url)
        ensure_database(server, "bench")
        run_migrate(clinic.owner_url, "bench_login", PASSWORD)
        asyncio.run(open_clinic(clinic))
        program = stack.enter_context(begin(AFTERGLOW, clinic))
        wait_for(program)
        told = asyncio.run(measured(clinic, program.port, size))
    print(json.dumps(told, indent=2))


if __name__ == "__main__":
    main()
