"""python -m bench: Afterglow against the least and the usual, as ratios in one run."""

import argparse
import asyncio
import json
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import uvloop

from app.kit.migrate import run_migrate
from app.kit.postgres import Server, ensure_database, running
from bench import report
from bench.filling import Clinic, fill
from bench.load import rate
from bench.programs import Program, running_all
from bench.tasks import AFTERGLOW, TASKS, Task

PASSWORD = "only-for-measuring"
CONNECTIONS = 200


@dataclass(frozen=True)
class Size:
    """How much is measured."""

    patients: tuple[int, ...]
    rounds: int
    seconds: float
    warm_up: float
    callers: int = 16


FULL = Size((1_000, 100_000), rounds=6, seconds=1.2, warm_up=0.25)
QUICK = Size((800,), rounds=1, seconds=0.1, warm_up=0.02)
"""Shows that it works; its figures say nothing."""


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="a few seconds, to see that it works")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--patients", type=int, nargs="+", help="sizes of the clinic")
    parser.add_argument("--rounds", type=int, help="how often each program takes its turn")
    parser.add_argument("--only", nargs="+", help="measure these tasks alone")
    args = parser.parse_args()
    size = QUICK if args.quick else FULL
    size = Size(
        tuple(args.patients or size.patients),
        args.rounds or size.rounds,
        size.seconds,
        size.warm_up,
    )
    tasks = [task for task in TASKS if not args.only or task.name in args.only]
    told = measured(size, tasks)
    print(json.dumps(told, indent=2) if args.json else report.table(told))


def measured(size: Size, tasks: list[Task]) -> dict:
    """Make the clinics, start the programs, and let them take turns."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="afterglow-bench-")))
        server = stack.enter_context(running(folder, max_connections=CONNECTIONS))
        clinics = [made(server, patients) for patients in size.patients]
        version = asyncio.run(settled(server))
        programs = stack.enter_context(running_all(clinics))
        rates = uvloop.run(turns(programs, tasks, size))
        mib = max(one.mib for one in programs if one.name == AFTERGLOW)
    about = report.machine() | {"PostgreSQL": version, "connections": size.callers}
    return report.document(rates, tasks, list(size.patients), mib, about)


def made(server: Server, patients: int) -> Clinic:
    """A database with a clinic of so many patients."""
    name = f"bench_{patients}"
    login = f"{name}_login"
    owner_url = server.url(name)
    began = time.monotonic()
    ensure_database(server, name)
    run_migrate(owner_url, login, PASSWORD)
    clinic = Clinic(patients, owner_url, server.url(name, user=login, password=PASSWORD))
    asyncio.run(fill(clinic))
    say(f"filled {patients:,} patients in {time.monotonic() - began:.0f} s")
    return clinic


async def settled(server: Server) -> str:
    """Write what filling left to be written, so that nobody pays for it; the server's version."""
    connection = await asyncpg.connect(server.url("postgres"))
    await connection.execute("CHECKPOINT")
    version: str = await connection.fetchval("SHOW server_version")
    await connection.close()
    return version.partition(" ")[0]


async def turns(programs: list[Program], tasks: list[Task], size: Size) -> report.Rates:
    """Short turns, one program after the other, so that all meet the same machine."""
    rates: report.Rates = defaultdict(list)
    for number in range(size.rounds):
        for task in tasks:
            for program in (one for one in programs if one.name in task.programs):
                asked = task.asked(program.name, program.clinic)
                found = await rate(program.port, asked, size.callers, size.seconds, size.warm_up)
                rates[task.name, program.clinic.patients, program.name].append(found)
        say(f"round {number + 1} of {size.rounds}")
    return rates


def say(what: str) -> None:
    """Tell how far it is; the answer alone goes to standard output."""
    print(what, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
