"""python -m bench.crowd: 500 phones and 20 clinicians at once, at 80 % of what can be answered.

They come evenly, as many in each second, and an answer's time runs from when it was wanted. The
least program (bench.limit) meets the same crowd at its own four fifths: what is uneven there is the
machine's, whose cores are shared with PostgreSQL and the callers.
"""

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import cycle
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import asyncpg
import uvloop

from app.kit.postgres import Server, running
from bench.__main__ import CONNECTIONS, made, settled
from bench.filling import Clinic
from bench.load import Asked, Caller, Wrong
from bench.programs import Program, begin, wait_for
from bench.tasks import AFTERGLOW, LIMIT, PAGE, check_ins, timelines

PATIENTS = 1000
PHONES = 500
CLINICIANS = 20
BUSIER = 10
"""A clinician at work asks so many times as often as a phone."""

SHARE = 0.8
LIMIT_SECONDS = 30.0
"""Long enough that background work has its share."""

LEAST_MINUTES = 2.0
"""How long the crowd asks the least program, which tells what is the machine's own."""

LOG_FILES = 40
"""Of 16 MiB each."""

WANTED = 3.0
"""The 99th percentile over the median."""


Answer = tuple[float, float]
"""When it was wanted, and the seconds until it was there."""


@dataclass
class Found:
    """What a crowd met, by who asked, and errors."""

    phones: list[Answer] = field(default_factory=list)
    clinicians: list[Answer] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(prog="python -m bench.crowd", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--limit-seconds", type=float, default=LIMIT_SECONDS)
    args = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="afterglow-bench-") as folder,
        running(Path(folder), max_connections=CONNECTIONS) as server,
    ):
        clinic = made(server, PATIENTS)
        asyncio.run(settled(server))
        asyncio.run(worn_in(server))
        shorter = min(args.minutes, LEAST_MINUTES)
        ours = measured(AFTERGLOW, clinic, args.limit_seconds, args.minutes)
        least = measured(LIMIT, clinic, args.limit_seconds, shorter)
    ratio = "p99_over_p50"
    told = {
        "phones": PHONES,
        "clinicians": CLINICIANS,
        f"wanted_{ratio}_below": WANTED,
        "afterglow": ours,
        "the_least_there_can_be": least,
        "unevenness_beside_the_least": round(ours["all"][ratio] / least["all"][ratio], 2),
        "load_average": os.getloadavg()[0],
    }
    print(json.dumps(told, indent=2))
    sys.exit(1 if ours["errors"] else 0)


def measured(name: str, clinic: Clinic, limit_seconds: float, minutes: float) -> dict[str, Any]:
    """A program under the crowd, at its share of what that program can answer."""
    with begin(name, clinic) as program:
        wait_for(program)
        crowd = crowd_of(name, clinic)
        limit = uvloop.run(as_fast_as_it_goes(program.port, crowd, limit_seconds))
        at_start = held(program)
        found = uvloop.run(paced(program.port, crowd, SHARE * limit, minutes * 60))
        return answered(limit, found) | {"at_start": at_start, "at_end": held(program)}


async def worn_in(server: Server) -> None:
    """As after a day's work: there are files of the log to be used again.

    On a new server every 16 MiB of it begin with a file that is made and filled first, and all
    commits wait for that.
    """
    connection = await asyncpg.connect(server.url("postgres"))
    await connection.execute(f"ALTER SYSTEM SET min_wal_size = '{LOG_FILES * 16}MB'")
    await connection.execute("SELECT pg_reload_conf()")
    for _ in range(LOG_FILES):
        await connection.execute("SELECT pg_logical_emit_message(true, '', '')")
        await connection.execute("SELECT pg_switch_wal()")
    await connection.execute("CHECKPOINT")
    await connection.close()


def crowd_of(name: str, clinic: Clinic) -> list[tuple[Asked, int]]:
    """Each caller, and how often it asks beside a phone. The phones take their turns."""
    sent = check_ins(name, clinic, 1)
    phones = [(Asked(sent, b"200", b'"created"', 1), 1) for _ in range(PHONES)]
    pages = timelines(name, clinic)
    return phones + [
        (Asked(cycle(pages[n:] + pages[:n]), b"200", b'"kind":"', PAGE), BUSIER)
        for n in range(CLINICIANS)
    ]


async def joined(port: int, crowd: list[tuple[Asked, int]]) -> list[tuple[Caller, int]]:
    """A connection for each."""
    loop = asyncio.get_running_loop()
    found = []
    for asked, often in crowd:
        _, caller = await loop.create_connection(
            lambda asked=asked: Caller(asked, loop.time), "127.0.0.1", port
        )
        found.append((caller, often))
    return found


async def as_fast_as_it_goes(port: int, crowd: list[tuple[Asked, int]], seconds: float) -> float:
    """Answers a second when as many ask as keep it busy, in the same proportion."""
    few = crowd[:: PHONES // 10] + crowd[PHONES : PHONES + 4]
    loop = asyncio.get_running_loop()
    callers = [caller for caller, _ in await joined(port, few)]
    began = loop.time()
    answers = await asyncio.gather(*(caller.ask_until(began + seconds) for caller in callers))
    took = loop.time() - began
    for caller in callers:
        caller.transport.close()
    return sum(answers) / took


async def paced(port: int, crowd: list[tuple[Asked, int]], rate: float, seconds: float) -> Found:
    """Everyone asks at their own pace, so many times a second together."""
    found = Found()
    callers = await joined(port, crowd)
    each = sum(often for _, often in callers) / rate
    ends = asyncio.get_running_loop().time() + seconds
    people = (callers[:PHONES], callers[PHONES:])
    await asyncio.gather(
        *(
            ask(caller, each / often, each / often * place / len(some), ends, answers, found)
            for some, answers in zip(people, (found.phones, found.clinicians), strict=True)
            for place, (caller, often) in enumerate(some)
        )
    )
    return found


async def ask(
    caller: Caller, pace: float, after: float, ends: float, answers: list[Answer], found: Found
) -> None:
    """Ask again and again. An answer's time runs from when it was wanted, sent late or not.

    But a clinician who still waits for what they looked for last looks for nothing else.
    """
    loop = asyncio.get_running_loop()
    due = loop.time() + after
    while due < ends:
        await asyncio.sleep(due - loop.time())
        try:
            await caller.ask_until(0)  # one answer
        except Wrong as wrong:
            found.errors.append(str(wrong))
            return
        answers.append((due, loop.time() - due))
        due += pace
        while answers is found.clinicians and due < loop.time():
            due += pace


def held(program: Program) -> dict[str, float]:
    """The memory of those who answer, and of background work beside, in MiB."""
    told = {"mib": round(program.mib, 1)}
    if program.name == AFTERGLOW:
        told["mib_beside"] = round(program.mib_beside, 1)
    return told


def answered(limit: float, found: Found) -> dict[str, Any]:
    """What was asked, and how soon it was answered."""
    everyone = found.phones + found.clinicians
    return {
        "limit_per_second": round(limit),
        "answers": len(everyone),
        "errors": len(found.errors),
        "first_error": next(iter(found.errors), None),
        "all": spread(took(everyone)),
        "check_ins": spread(took(found.phones)),
        "timelines": spread(took(found.clinicians)),
        "an_ordinary_second": ordinary(everyone),
    }


def took(answers: Iterable[Answer]) -> list[float]:
    """How long each took, in seconds."""
    return [seconds for _, seconds in answers]


def spread(seconds: list[float]) -> dict[str, float]:
    """The median, the slowest hundredth, and their ratio."""
    cuts = quantiles(seconds, n=100)
    middle, slow = cuts[49] * 1000, cuts[98] * 1000
    return {
        "p50_ms": round(middle, 2),
        "p99_ms": round(slow, 2),
        "p99_over_p50": round(slow / middle, 2),
    }


def ordinary(answers: list[Answer]) -> dict[str, float]:
    """Of the spreads of single seconds, the median of each figure: without what happens rarely."""
    by_second: dict[int, list[float]] = defaultdict(list)
    for wanted, seconds in answers:
        by_second[int(wanted)].append(seconds)
    half = len(answers) / len(by_second) / 2  # the first and last second may be a moment
    whole = [spread(some) for some in by_second.values() if len(some) > max(1, half)]
    return {name: round(median(one[name] for one in whole), 2) for name in whole[0]}


if __name__ == "__main__":
    main()
