"""Rows and callers for tests. Every argument has a default; say only what the test is about."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx

from app.access.policy import Caller, Role
from app.kit.ids import new_id
from app.tables import metadata

serial = count(1)

NOW = datetime.now(UTC).replace(microsecond=0)

FILLED_BY_TESTS = sorted(set(metadata.tables) - {"feed", "followers"})
"""The tables that are empty after the migrations."""


@dataclass
class Owner:
    """The database, seen by its owner."""

    connection: asyncpg.Connection

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str) -> AsyncIterator["Owner"]:
        connection = await asyncpg.connect(url)
        yield cls(connection)
        await connection.close()

    async def insert(self, table: str, **values: Any) -> UUID:
        names = ", ".join(values)
        places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
        await self.connection.execute(
            f"INSERT INTO {table} ({names}) VALUES ({places})", *values.values()
        )
        return values.get("id")

    async def value(self, sql: str, *args: Any) -> Any:
        return await self.connection.fetchval(sql, *args)

    async def rows(self, sql: str, *args: Any) -> list[Any]:
        return await self.connection.fetch(sql, *args)

    async def empty(self) -> None:
        """Delete what the test made. TRUNCATE of so many tables takes 25 times as long."""
        await self.untouchable("; ".join(f"DELETE FROM {table}" for table in FILLED_BY_TESTS))

    async def untouchable(self, sql: str, *args: Any) -> None:
        """Run what triggers refuse to the owner too: only a superuser can."""
        await self.connection.execute("SET session_replication_role = replica")
        await self.connection.execute(sql, *args)
        await self.connection.execute("SET session_replication_role = origin")


@dataclass
class Made:
    """A clinic, and headers that sign a request in as someone of it."""

    id: UUID
    slug: str
    maker: "Maker" = field(repr=False)

    async def _token(self, caller, role, scope="", patient_id=None, subject_id=None):
        secret = f"secret-{next(serial)}-{uuid4()}"
        await self.maker.owner.insert(
            "tokens",
            clinic_id=self.id,
            id=new_id(),
            sha256=sha256(secret.encode()).digest(),
            caller=caller,
            subject_id=subject_id or new_id(),
            role=role,
            scope=scope,
            patient_id=patient_id,
            issued_at=NOW,
            expires_at=NOW + timedelta(hours=12),
        )
        return {"Authorization": f"Bearer {secret}"}

    async def staff(self, role: Role = Role.CLINICIAN, staff_id: UUID | None = None):
        """Headers of someone who works here."""
        return await self._token(Caller.STAFF, role, subject_id=staff_id)

    async def ehr(self, scope: str = "read write"):
        """Headers of an EHR integration."""
        return await self._token(Caller.CLIENT, "client", scope)

    async def phone(self, patient_id: UUID | str):
        """Headers of a patient's phone."""
        return await self._token(
            Caller.DEVICE, "patient", "patient", patient_id=UUID(str(patient_id))
        )


@dataclass
class Maker:
    """Makes clinics directly, and everything else through the service."""

    owner: Owner

    async def clinic(self, slug: str = "", time_zone: str = "UTC", is_demo: bool = False) -> Made:
        slug = slug or f"clinic-{next(serial)}"
        clinic_id = await self.owner.insert(
            "clinics",
            id=new_id(),
            slug=slug,
            name=slug.title(),
            time_zone=time_zone,
            is_demo=is_demo,
            created_at=NOW,
        )
        return Made(clinic_id, slug, self)


async def patient(http: httpx.AsyncClient, headers: dict[str, str], **fields: Any) -> str:
    """A new patient's id."""
    answer = await http.post("/v1/patients", json={"given_name": "Ada"} | fields, headers=headers)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def at(days: float = 0, hours: float = 0) -> str:
    """An instant so long ago, as the API takes it."""
    return (NOW - timedelta(days=days, hours=hours)).isoformat()
