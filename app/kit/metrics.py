"""What is counted and measured, for Prometheus.

With several processes each keeps its numbers in a file of its own, and whichever is asked adds
them up: prometheus_client does so when PROMETHEUS_MULTIPROC_DIR is set before it is imported.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

import asyncpg
from prometheus_client import (
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector

from app.kit import clock
from app.kit.db import Pool
from app.kit.errors import Unavailable

disable_created_metrics()  # type: ignore[no-untyped-call]  # it has no types

MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
FILES = "PROMETHEUS_MULTIPROC_DIR"
EVERY_SECONDS = 5
LEVELS = ("info", "warn", "stop", "emergency")
SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

REQUESTS = Counter(
    "afterglow_requests", "Requests answered", ("method", "route", "status"), registry=REGISTRY
)
DURATION = Histogram(
    "afterglow_request_seconds",
    "Time from a request's headers to the end of its answer",
    ("method", "route"),
    buckets=SECONDS,
)
POOL_SIZE = Gauge(
    "afterglow_pool_connections", "Database connections open", multiprocess_mode="livesum"
)
POOL_FREE = Gauge(
    "afterglow_pool_connections_free", "Those in nobody's use", multiprocess_mode="livesum"
)

REFUSED = Counter(
    "afterglow_refused_credentials",
    "Passwords, secrets, codes and tokens refused, those of nobody too",
    ("route",),
)

UNAUDITED = Counter(
    "afterglow_unaudited_requests", "Requests whose row of the audit could not be written"
)

NOT_NOW = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError, Unavailable)
"""What the database says when it can't be asked: the other metrics are still told."""

Children = tuple[Any, Any]
_children: dict[tuple[str, str, int], Children] = {}


def count(method: str, route: str, status: int, seconds: float) -> None:
    """Count one request."""
    key = (method, route, status)
    children = _children.get(key)
    if children is None:
        children = _children[key] = (
            REQUESTS.labels(method, route, str(status)),
            DURATION.labels(method, route),
        )
    children[0].inc()
    children[1].observe(seconds)


def measure_pool(pool: Pool) -> None:
    """Note how many connections are open, and how many of them are free."""
    size, free = pool.size
    POOL_SIZE.set(size)
    POOL_FREE.set(free)


class Alerts:
    """What the database says of alerts that nobody has acknowledged."""

    def __init__(self, rows: Iterable[asyncpg.Record] | None) -> None:
        self.rows = rows

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Every level, those with no alert too; none where the database did not answer."""
        up = GaugeMetricFamily("afterglow_database_up", "1 while the database answers")
        up.add_metric([], float(self.rows is not None))
        yield up
        if self.rows is None:
            return
        now = clock.now()
        found = {row["level"]: (row["how_many"], age(row["oldest"], now)) for row in self.rows}
        many = GaugeMetricFamily(
            "afterglow_alerts_open", "Alerts not acknowledged", labels=["level"]
        )
        oldest = GaugeMetricFamily(
            "afterglow_alert_oldest_unacknowledged_seconds",
            "Age of the oldest alert not acknowledged, 0 if there is none",
            labels=["level"],
        )
        for level in LEVELS:
            how_many, seconds = found.get(level, (0, 0.0))
            many.add_metric([level], how_many)
            oldest.add_metric([level], seconds)
        yield many
        yield oldest


class Following:
    """How far the worker is behind the facts, as the database says."""

    def __init__(self, row: asyncpg.Record | None) -> None:
        self.row = row

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Nothing where the database did not answer."""
        if self.row is None:
            return
        now, row = clock.now(), self.row
        yield _gauge("afterglow_patients_due", "Patients to be worked out anew", row["stale"])
        yield _gauge(
            "afterglow_patient_oldest_due_seconds",
            "How long the one who waits longest has been due, 0 if nobody is",
            age(row["oldest"] or now, now),
        )
        yield _gauge(
            "afterglow_follower_lag_seconds",
            "Since the worker last followed the facts; it notes that every ten seconds",
            age(row["followed_at"], now),
        )


class Unsealed:
    """How long the audit has waited to be sealed, as the database says."""

    def __init__(self, row: asyncpg.Record | None) -> None:
        self.row = row

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Nothing where the database did not answer."""
        if self.row is not None:
            now = clock.now()
            yield _gauge(
                "afterglow_audit_oldest_unsealed_seconds",
                "Age of the oldest row of the audit that is not sealed, 0 if all are",
                age(self.row["oldest"] or now, now),
            )


def _gauge(name: str, about: str, value: float) -> GaugeMetricFamily:
    found = GaugeMetricFamily(name, about)
    found.add_metric([], value)
    return found


def age(at: datetime, now: datetime) -> float:
    """Seconds since then; none for what is yet to come."""
    return max(0.0, (now - at).total_seconds())


@asynccontextmanager
async def measured(pool: Pool) -> AsyncIterator[None]:
    """Note the pool now and then: with several processes, whichever is asked tells for all."""
    if FILES not in os.environ:
        yield
        return
    task = asyncio.create_task(_keep_measuring(pool))
    yield
    task.cancel()


async def _keep_measuring(pool: Pool) -> None:
    while True:
        measure_pool(pool)
        await asyncio.sleep(EVERY_SECONDS)


async def exposed(pool: Pool) -> bytes:
    """Everything, in the format that Prometheus reads."""
    measure_pool(pool)
    told = CollectorRegistry()
    told.register(Alerts(await _asked(pool, "SELECT * FROM open_alerts()")))
    lag = await _asked(pool, "SELECT * FROM worklist_lag($1)", clock.now())
    told.register(Following(lag[0] if lag else None))
    unsealed = await _asked(pool, "SELECT * FROM unsealed_audit()")
    told.register(Unsealed(unsealed[0] if unsealed else None))
    return _counted() + generate_latest(told)


def _counted() -> bytes:
    if FILES not in os.environ:
        return generate_latest(REGISTRY)
    everyone = CollectorRegistry()
    MultiProcessCollector(everyone)  # type: ignore[no-untyped-call]  # it has no types
    return generate_latest(everyone)


async def _asked(pool: Pool, sql: str, *args: Any) -> list[asyncpg.Record] | None:
    try:
        async with pool.connection() as connection:
            rows: list[asyncpg.Record] = await connection.fetch(sql, *args)
    except NOT_NOW:
        return None
    return rows
