"""Kill the service and its PostgreSQL at random points under load, and look what is left."""

import asyncio
import os
import random
import signal
import socket
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.kit.places import DATABASE
from app.kit.postgres import find
from tests.cli.processes import Service, a_data_dir, afterglow
from tests.faults.checks import Told, broken
from tests.faults.load import phones_of, under_load, until

VICTIMS = {"service": 4, "postmaster": 6, "backend": 8, "both": 2}
"""Who is killed, and how often of twenty times."""

PHONES = 8
REST = 0.02
"""Seconds between a phone's check-ins: what is measured is not how many."""

AFTER = 2 * PHONES
"""So many are acknowledged after a kill before the next."""

LOOK_EVERY = 10


@dataclass
class Standing:
    """The service that runs at the moment."""

    service: Service


@dataclass
class Outcome:
    """What came of a campaign."""

    kills: Counter = field(default_factory=Counter)
    down: dict[str, list[float]] = field(default_factory=lambda: {one: [] for one in VICTIMS})
    """Seconds from each kill until all goes on."""
    broken: list[str] = field(default_factory=list)
    told: Told = field(default_factory=Told)
    audit: str = ""


def victims(kills: int, seed: int) -> list[str]:
    """Who is killed in turn. The same seed gives the same."""
    names, weights = zip(*VICTIMS.items(), strict=True)
    return random.Random(seed).choices(names, weights, k=kills)


def run(order: list[str], seed: int, say=lambda _: None) -> Outcome:
    """Kill them one after the other."""
    outcome = Outcome()
    port = free_port()
    with a_data_dir() as data_dir:
        standing = Standing(Service(data_dir, "--port", port))
        try:
            phones = phones_of(standing.service, data_dir, PHONES)
            url = find(data_dir).url(DATABASE)
            asyncio.run(killing(standing, url, phones, order, random.Random(seed), outcome, say))
        finally:
            if standing.service.process.poll() is None:
                standing.service.stop()
        outcome.audit = afterglow(data_dir, "audit", "verify").stdout
    return outcome


def free_port() -> str:
    """One that the service takes up again each time it is started."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return str(sock.getsockname()[1])


async def killing(standing, url, phones, order, chance, outcome, say) -> None:
    """Under load, look at every tenth and at the end."""
    told = outcome.told
    async with (
        httpx.AsyncClient(base_url=standing.service.url, timeout=30) as client,
        under_load(client, phones, told, REST),
    ):
        for number, victim in enumerate(order, 1):
            await until(told, AFTER)
            await asyncio.sleep(chance.uniform(0, 0.1))
            began = time.monotonic()
            await asyncio.to_thread(kill, victim, standing, chance)
            await until(told, PHONES + 1)  # each phone may have had one answer on its way
            outcome.kills[victim] += 1
            outcome.down[victim].append(time.monotonic() - began)
            if number % LOOK_EVERY == 0:
                outcome.broken += await broken(url, told)
                say(f"{number} kills, {len(told.acknowledged)} acknowledged")
        await until(told, AFTER)
    outcome.broken += await broken(url, told)


def kill(victim: str, standing: Standing, chance: random.Random) -> None:
    """End it at once; a service is started anew, a server is started by what watches it."""
    service = standing.service
    server = int((service.data_dir / "postgres" / "postmaster.pid").read_text().split()[0])
    if victim == "backend":
        end(chance.choice(children(server)))
    if victim in {"postmaster", "both"}:
        end(server)
    if victim in {"service", "both"}:
        end(service.process.pid)
        service.ended()
        standing.service = Service(service.data_dir, "--port", str(service.address[1]))


def end(pid: int) -> None:
    """kill -9"""
    os.kill(pid, signal.SIGKILL)


def children(pid: int) -> list[int]:
    """The processes of a server: one for each connection, and those that write to disk."""
    listed = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return sorted(int(one) for one in listed.split())
