"""The usual: FastAPI with SQLAlchemy's ORM and response models, as most would write it first.

It asks for no token and has no wall; its documents leave out what Afterglow computes (hours since
the last infusion, the phase of a reading). Both make it faster than it would be.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import asyncpg
from fastapi import Depends, FastAPI, Request
from pydantic import BaseModel, ConfigDict, SerializeAsAny, create_model
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession, async_sessionmaker, create_async_engine

from app.alerts.tables import Alert
from app.assessments.tables import Assessment
from app.clinics.tables import Clinic
from app.infusions.tables import Infusion, SideEffect, Vitals
from app.kit.tables import table_of
from app.patients.tables import Identifier, Patient

PAGE = 50

INTERNAL = {"clinic_id", "content_sha256", "changed_at", "changed_by", "change_reason", "device_at"}


class Out(BaseModel):
    """Something going out, read from a row's attributes."""

    model_config = ConfigDict(from_attributes=True)


def out(model: Any) -> Any:
    """A response model with the columns that clients see."""
    fields: dict[str, Any] = {}
    for column in table_of(model).c:
        kind: Any = column.type.python_type
        if kind in (list, dict):
            kind = Any
        if column.name not in INTERNAL:
            fields[column.name] = (
                kind | None if column.nullable and kind is not Any else kind,
                ...,
            )
    return create_model(f"{model.__name__}Row", __base__=Out, **fields)


KINDS: dict[str, tuple[Any, Any, str]] = {
    "infusion": (Infusion, out(Infusion), "effective_at"),
    "vitals": (Vitals, out(Vitals), "effective_at"),
    "side_effect": (SideEffect, out(SideEffect), "effective_at"),
    "assessment": (Assessment, out(Assessment), "effective_at"),
    "alert": (Alert, out(Alert), "raised_at"),
}


class Item(Out):
    """Something that happened."""

    at: datetime
    kind: str
    id: UUID
    data: SerializeAsAny[Out]


class Timeline(BaseModel):
    """A page."""

    items: list[Item]


class IdentifierOut(Out):
    """What another system calls the patient."""

    system: str
    value: str


class PatientOut(Out):
    """A patient."""

    id: UUID
    version: int
    recorded_at: datetime
    recorded_by: UUID
    status: str
    identifiers: list[IdentifierOut]
    given_name: str | None
    family_name: str | None
    birth_date: date | None
    sex: str
    time_zone: str
    preferred_language: str | None
    phones: list[str]
    emergency_contacts: list[dict[str, Any]]
    responsible_clinician_id: UUID | None
    instrument_priority: list[str]
    active: bool
    deceased_on: date | None
    is_demo: bool


class Patients(BaseModel):
    """A page."""

    items: list[PatientOut]


class Search(BaseModel):
    """Whom to look for."""

    name: str


class CheckIn(BaseModel):
    """A questionnaire."""

    id: UUID
    instrument: str
    taken_at: datetime
    answers: list[int]


class CheckIns(BaseModel):
    """A batch."""

    items: list[CheckIn]


class Result(BaseModel):
    """What became of an item."""

    id: UUID
    status: str


def create_app(owner_url: str, clinic_id: UUID, pool_size: int) -> FastAPI:
    """The program."""

    @asynccontextmanager
    async def lifespan(_: FastAPI):
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=connector(owner_url),
            pool_size=pool_size,
            max_overflow=0,
        )
        yield {"sessions": async_sessionmaker(engine, expire_on_commit=False)}
        await engine.dispose()

    service = FastAPI(lifespan=lifespan)

    @service.get("/patients/{patient_id}/timeline")
    async def timeline(patient_id: UUID, session: Session) -> Timeline:
        found = []
        for kind, (model, _, clock) in KINDS.items():
            at = getattr(model, clock)
            query = select(model).where(
                model.clinic_id == clinic_id, model.patient_id == patient_id
            )
            rows = await session.scalars(query.order_by(at.desc(), model.id.desc()).limit(PAGE))
            found += [(getattr(row, clock), row.id, kind, row) for row in rows]
        found.sort(key=lambda one: one[:2], reverse=True)
        return Timeline(
            items=[
                Item(at=at, kind=kind, id=row_id, data=KINDS[kind][1].model_validate(row))
                for at, row_id, kind, row in found[:PAGE]
            ]
        )

    @service.post("/patients/search")
    async def search(sent: Search, session: Session) -> Patients:
        clinic = await session.get_one(Clinic, clinic_id)
        name = sent.name
        query = select(Patient).where(
            Patient.clinic_id == clinic_id,
            Patient.family_key.startswith(name) | Patient.given_key.startswith(name),
        )
        query = query.order_by(Patient.family_key, Patient.id).limit(PAGE)
        patients = (await session.scalars(query)).all()
        named = select(Identifier).where(
            Identifier.clinic_id == clinic_id, Identifier.patient_id.in_([p.id for p in patients])
        )
        identifiers: dict[UUID, list[Identifier]] = {}
        for one in await session.scalars(named.order_by(Identifier.position)):
            identifiers.setdefault(one.patient_id, []).append(one)
        own = set(PatientOut.model_fields) - {"identifiers", "time_zone"}
        return Patients(
            items=[
                PatientOut(
                    **{name: getattr(p, name) for name in own},
                    identifiers=[
                        IdentifierOut.model_validate(one) for one in identifiers.get(p.id, [])
                    ],
                    time_zone=p.time_zone or clinic.time_zone,
                )
                for p in patients
            ]
        )

    @service.post("/patients/{patient_id}/check-ins")
    async def check_in(patient_id: UUID, sent: CheckIns, session: Session) -> list[Result]:
        now = datetime.now().astimezone()
        session.add_all(row(clinic_id, patient_id, item, now) for item in sent.items)
        await session.commit()
        return [Result(id=item.id, status="created") for item in sent.items]

    return service


def row(clinic_id: UUID, patient_id: UUID, item: CheckIn, now: datetime) -> Assessment:
    return Assessment(
        clinic_id=clinic_id,
        id=item.id,
        patient_id=patient_id,
        version=1,
        status="final",
        effective_at=item.taken_at,
        precision="instant",
        entry_mode="live",
        time_zone="America/Denver",
        utc_offset_minutes=-420,
        recorded_at=now,
        recorded_by=clinic_id,
        changed_at=now,
        changed_by=clinic_id,
        content_sha256=b"\x00",
        instrument=item.instrument,
        taken_at=item.taken_at,
        answers=item.answers,
        total=float(sum(item.answers)),
        total_source="computed",
        complete=True,
        band="mild",
        scoring_version="1",
        self_harm="none",
        answered_by="patient",
    )


def connector(url: str):
    """asyncpg reads the URL of a socket in a folder, which SQLAlchemy does not."""

    async def connect():
        return await asyncpg.connect(url, server_settings={"jit": "off", "timezone": "UTC"})

    return connect


async def session_of(request: Request) -> AsyncIterator[AsyncSession]:
    async with request.state.sessions() as session:
        yield session


Session = Annotated[AsyncSession, Depends(session_of)]
