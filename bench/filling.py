"""A clinic of any size, made by PostgreSQL itself: the same one each time.

Rows are written without their triggers, so history and outbox are empty as after a clean-up; they
come in the order of time, as years would have written them, so that a patient's rows lie apart.
"""

import asyncio
from dataclasses import dataclass
from hashlib import md5, sha256
from uuid import UUID

import asyncpg

from bench.rows import CLINIC, CREDENTIALS, KINDS, PATIENTS

CLINIC_ID = UUID(md5(b"clinic").hexdigest())

BUSY = 20
"""Patients who come to the clinic for ten years, once or twice a month."""

PHONES = 400
"""Patients who check in while we measure; each holds their own record, so they do not queue."""

STAFF_TOKEN = "staff"

FAMILY = (
    "abbott",
    "becker",
    "castellano",
    "dumitru",
    "eriksen",
    "fontaine",
    "grigoryan",
    "hollander",
    "ivanova",
    "jankowski",
    "kowalczyk",
    "lindqvist",
    "moreau",
    "nakamura",
    "oyelaran",
    "papadakis",
)
"""What family names begin with: at a thousand patients each fills a page of fifty."""

PARALLEL = 2


@dataclass(frozen=True)
class Clinic:
    """A filled database."""

    patients: int
    owner_url: str
    login_url: str

    @property
    def busy(self) -> list[UUID]:
        """Those who have ten years of treatment."""
        return [patient_id(n) for n in range(1, BUSY + 1)]

    @property
    def phones(self) -> list[tuple[UUID, str]]:
        """Patients and the tokens of their phones, from all over the clinic."""
        step = max(1, self.patients // PHONES)
        return [(patient_id(n), phone_token(n)) for n in range(step, self.patients + 1, step)]


def patient_id(n: int) -> UUID:
    """The id of the n-th patient."""
    return UUID(md5(f"patient-{n}".encode()).hexdigest())


def phone_token(n: int) -> str:
    """The token of the n-th patient's phone."""
    return f"phone-{n}"


async def fill(clinic: Clinic) -> None:
    """Fill a database that is migrated and empty."""
    waiting = [(CLINIC, ()), (PATIENTS, (clinic.patients, list(FAMILY)))]
    for sql, values in waiting:
        await _run(clinic.owner_url, sql, CLINIC_ID, *values)
    token = sha256(STAFF_TOKEN.encode()).digest()
    jobs = [(CREDENTIALS, (clinic.patients, token))]
    for kind in KINDS:
        jobs.append((kind.sql, (1, clinic.patients, kind.each)))
        jobs.append((kind.sql, (1, BUSY, kind.busy)))
    few = asyncio.Semaphore(PARALLEL)

    async def one(sql, values):
        async with few:
            await _run(clinic.owner_url, sql, CLINIC_ID, *values)

    await asyncio.gather(*(one(*job) for job in jobs))
    await _run(clinic.owner_url, "VACUUM (ANALYZE)")


async def _run(url, sql, *values):
    connection = await asyncpg.connect(
        url, server_settings={"session_replication_role": "replica", "jit": "off"}
    )
    try:
        await connection.execute(sql, *values, timeout=600)
    finally:
        await connection.close()
