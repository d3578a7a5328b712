"""python -m bench.worklist: the first page of the worklist, against a plain list of patients."""

import argparse
import asyncio
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

import asyncpg
import httpx

from app.kit.postgres import running
from bench.__main__ import CONNECTIONS, made, settled
from bench.filling import CLINIC_ID, STAFF_TOKEN
from bench.programs import begin, wait_for
from bench.tasks import AFTERGLOW

PATIENTS = 10_000
WANTED_MS = 100.0

PATHS = {
    "worklist": "/v1/worklist",
    "worklist, one reason": "/v1/worklist?reason=fading",
    "patients": "/v1/patients",
}

ATTENTION = """
    INSERT INTO worklist (clinic_id, id, due_at, computed_at, state, score, last_reading_at, told,
        alerts, alert_level, alert_from, fading_from, fading_until, lost_from, lost_until,
        window_opening_from, window_opens_at, answers_overdue_from)
    SELECT clinic_id, id, now() + interval '1 day', now(), 'fading', 9, now(), told,
        CASE WHEN n % 20 = 0 THEN '{"warn": 1}' ELSE '{}' END::jsonb,
        CASE WHEN n % 20 = 0 THEN 'warn' END, CASE WHEN n % 20 = 0 THEN now() END,
        CASE WHEN n % 7 = 0 THEN now() END, now() + interval '9 days',
        CASE WHEN n % 9 = 0 THEN now() END, now() + interval '9 days',
        now() + interval '1 day' * (n % 60 - 30), now() + interval '1 day' * (n % 60 - 23),
        now() + interval '1 day' * (n % 14 - 7)
    FROM (SELECT *, row_number() OVER () AS n FROM patients) AS p, (
        SELECT jsonb_object_agg(reason, '{"sentence": "A reason.", "record_ids": []}'::jsonb)
            AS told
        FROM unnest(ARRAY['alert', 'relief_lost', 'fading', 'window_open', 'window_opening',
            'answers_overdue', 'review_due']) AS reason
    ) AS told WHERE clinic_id = $1
"""
"""Everyone has something, at some time; a third of them now."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.worklist", description=__doc__)
    parser.add_argument("--patients", type=int, default=PATIENTS)
    parser.add_argument("--rounds", type=int, default=60)
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="afterglow-bench-") as folder,
        running(Path(folder), max_connections=CONNECTIONS) as server,
    ):
        clinic = made(server, args.patients)
        asyncio.run(attend(clinic.owner_url))
        asyncio.run(settled(server))
        with begin(AFTERGLOW, clinic) as program:
            wait_for(program)
            told = asyncio.run(measured(program.port, args.rounds))
    print(f"{args.patients:,} patients, a page of 50, milliseconds at the median")
    for name, ms in told.items():
        print(f"{name:<22}{ms:>8.1f}{ms / told['patients']:>8.1f} x patients")
    met = "met" if told["worklist"] <= WANTED_MS else "MISSED"
    print(f"worklist under {WANTED_MS:g} ms: {met}")


async def attend(owner_url: str) -> None:
    """Say of everybody what they need."""
    connection = await asyncpg.connect(owner_url)
    await connection.execute(ATTENTION, CLINIC_ID)
    await connection.execute("VACUUM (ANALYZE)")
    await connection.close()


async def measured(port: int, rounds: int) -> dict[str, float]:
    """Milliseconds of each, taking turns."""
    took: dict[str, list[float]] = {name: [] for name in PATHS}
    headers = {"Authorization": f"Bearer {STAFF_TOKEN}"}
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=headers) as client:
        for _ in range(rounds):
            for name, path in PATHS.items():
                began = perf_counter()
                (await client.get(path)).raise_for_status()
                took[name].append((perf_counter() - began) * 1000)
    return {name: median(times) for name, times in took.items()}


if __name__ == "__main__":
    main()
