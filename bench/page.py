"""python -m bench.page: the page of a patient of ten years, against one without records."""

import argparse
import asyncio
import json
import re
import tempfile
import time
from itertools import cycle
from pathlib import Path
from statistics import median
from time import perf_counter
from uuid import UUID

import asyncpg
import httpx

from app.kit.postgres import running
from bench.__main__ import CONNECTIONS, made, settled
from bench.filling import BUSY, CLINIC_ID, STAFF_TOKEN, patient_id
from bench.programs import begin, wait_for
from bench.tasks import AFTERGLOW

PATIENTS = 1_000
WANTED_MS = 60.0
WANTED_KB = 150.0

EMPTY = patient_id(PATIENTS * 1000)

NOBODY = """
    INSERT INTO patients SELECT (jsonb_populate_record(p, jsonb_build_object('id', $2::uuid))).*
    FROM patients AS p WHERE clinic_id = $1 AND id = $3
"""
"""Somebody like another, of whom nothing is recorded."""

FILES = re.compile(r'(?:href|src)="(/static/[^"]+)"')


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(prog="python -m bench.page", description=__doc__)
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--rounds", type=int, default=100)
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="afterglow-bench-") as folder,
        running(Path(folder), max_connections=CONNECTIONS) as server,
    ):
        clinic = made(server, args.patients)
        asyncio.run(add_nobody(clinic.owner_url))
        asyncio.run(settled(server))
        with begin(AFTERGLOW, clinic) as program:
            wait_for(program)
            told = asyncio.run(measured(program.port, args.rounds))
    print(json.dumps(told, indent=2))


async def add_nobody(owner_url: str) -> None:
    """Add the patient of whom nothing is recorded."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute("SET session_replication_role = replica")
    await connection.execute(NOBODY, CLINIC_ID, EMPTY, patient_id(1))
    await connection.close()


async def measured(port: int, rounds: int) -> dict:
    """Milliseconds at the median, the two pages taking turns, and what the long one weighs."""
    busy = cycle(patient_id(n) for n in range(1, BUSY + 1))
    full: list[float] = []
    bare: list[float] = []
    cookies = {"afterglow": f"{STAFF_TOKEN}.{int(time.time())}"}
    headers = {"Accept": "text/html"}
    url = f"http://127.0.0.1:{port}"
    async with httpx.AsyncClient(base_url=url, cookies=cookies, headers=headers) as http:
        patients = [next(busy) for _ in range(BUSY)]
        heaviest = max([await weight(http, one) for one in patients])
        drawn = max([await weight(http, one, "?span=All") for one in patients])
        for _ in range(rounds):
            full.append(await took(http, next(busy)))
            bare.append(await took(http, EMPTY))
    ms = median(full)
    return {
        "patient_page_ms": round(ms, 1),
        "page_without_records_ms": round(median(bare), 1),
        "ratio": round(median(a / b for a, b in zip(full, bare, strict=True)), 2),
        "heaviest_kb_with_everything": round(heaviest / 1000, 1),
        "heaviest_kb_with_ten_years_drawn": round(drawn / 1000, 1),
        f"under_{WANTED_MS:g}_ms": ms < WANTED_MS,
        f"under_{WANTED_KB:g}_kb": heaviest < WANTED_KB * 1000,
    }


async def took(http: httpx.AsyncClient, patient: UUID) -> float:
    """Milliseconds from asking for a page to having it."""
    began = perf_counter()
    answer = await http.get(f"/patients/{patient}")
    ms = (perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.text
    return ms


async def weight(http: httpx.AsyncClient, patient: UUID, query: str = "") -> int:
    """Bytes of a page and of every file that it asks for."""
    page = (await http.get(f"/patients/{patient}{query}")).raise_for_status()
    files = [await http.get(path) for path in sorted(set(FILES.findall(page.text)))]
    assert files, "a page is styled"
    return sum(len(one.raise_for_status().content) for one in (page, *files))


if __name__ == "__main__":
    main()
