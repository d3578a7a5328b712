"""What is done at a chair from a form: the same actions as the API's, sent twice as safe as there.

Every function takes the fields of a form, and raises what its action raises.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import orjson

from app.access.policy import Viewer
from app.chair import actions as chair
from app.chair import dosing
from app.chair.schemas import DischargeIn
from app.clinics import queries as clinics
from app.infusions import actions as infusions
from app.infusions.dose_events import DOSE_EVENT, session_subject
from app.infusions.medications_given import MEDICATION_GIVEN
from app.infusions.queries import events_of, session
from app.infusions.schemas import CancelIn, CompleteIn, DoseEventIn, StartIn, StopIn
from app.infusions.schemas.sessions import InfusionIn, Standing
from app.infusions.sessions import INFUSION
from app.infusions.side_effects import SIDE_EFFECT
from app.infusions.tables import DoseKind, Route, SessionStatus
from app.infusions.vitals import VITALS
from app.kit import clock
from app.kit.bodies import Unread, parse, written
from app.kit.db import Db, Row
from app.kit.errors import Invalid, NotFound
from app.kit.ids import new_id
from app.patients.queries import hold
from app.records import changes
from app.records.actions import create, get, put
from app.records.kinds import Kind
from app.records.schemas import Void
from app.web import entries
from app.web.entries import Content, Typed

Doing = Callable[[Db, Viewer, UUID, Typed], Awaitable[Any]]

ASKED = (
    "nausea",
    "vomiting",
    "dissociation",
    "dizziness",
    "headache",
    "blurred_vision",
    "anxiety",
    "sedation",
)
"""The side effects that everybody is asked about; clinical reference, section 4."""

VOIDED_HERE = {one.noun: one for one in (VITALS, SIDE_EFFECT, DOSE_EVENT, MEDICATION_GIVEN)}
"""What may be marked as entered in error at the chair."""


async def keep(
    db: Db, viewer: Viewer, kind: Kind, infusion_id: UUID, record_id: UUID, content: Content
) -> None:
    """Keep a record of a session under the id that its form carries."""
    row = await session(db, infusion_id)
    if kind in (DOSE_EVENT, MEDICATION_GIVEN):
        subject = await session_subject(db, infusion_id)
    else:
        subject = await hold(db, row["patient_id"])
        content = content | {"infusion_id": str(infusion_id)}
    await put(db, viewer, kind, subject, record_id, Unread(kind.model, written(content)))


async def moment(db: Db, kind: Kind, record_id: UUID, typed: Typed, name: str) -> str:
    """When it happened: as a script says, else as it was kept before, else now.

    A form that is sent twice without a script is sent at two times, and is one record.
    """
    if typed.get("at"):
        return typed["at"]
    there = await db.row(kind.statements.find, id=record_id)
    if there is not None:
        return str(orjson.loads(there["json"])[name])
    return clock.now().isoformat()


async def record_reading(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Vital signs, or why there are none."""
    record_id = entries.id_of(typed)
    at = await moment(db, VITALS, record_id, typed, "measured_at")
    content = entries.reading(typed) | {"measured_at": at}
    await keep(db, viewer, VITALS, infusion_id, record_id, content)


async def record_effect(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """One side effect; or, of all that nobody has told of yet, that they are absent."""
    record_id = entries.id_of(typed)
    if typed.get("effect") != "none":
        at = await moment(db, SIDE_EFFECT, record_id, typed, "observed_at")
        content = entries.effect(typed) | {"observed_at": at, "reported_by": "patient"}
        await keep(db, viewer, SIDE_EFFECT, infusion_id, record_id, content)
        return
    for effect in typed.get("effects", "").split():
        one = uuid5(record_id, effect)
        at = await moment(db, SIDE_EFFECT, one, typed, "observed_at")
        content = {"effect": effect, "present": False, "observed_at": at, "reported_by": "patient"}
        await keep(db, viewer, SIDE_EFFECT, infusion_id, one, content)


async def record_dose(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """A pause, a change of rate, a bolus, a device."""
    record_id = entries.id_of(typed)
    at = await moment(db, DOSE_EVENT, record_id, typed, "at")
    content = entries.dose_event(typed) | {"at": at}
    await keep(db, viewer, DOSE_EVENT, infusion_id, record_id, content)


async def record_medication(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """A medication beside the drug: given at the time that was typed, else now."""
    record_id = entries.id_of(typed)
    row, zone = await session(db, infusion_id), await zone_of(db)
    near = row["started_at"] or clock.now()
    typed_at = entries.nearest_clock(typed, "clock", near, zone.key)
    kept_at = await moment(db, MEDICATION_GIVEN, record_id, typed, "given_at")
    content = entries.medication(typed) | {"given_at": typed_at or kept_at}
    await keep(db, viewer, MEDICATION_GIVEN, infusion_id, record_id, content)


async def start(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Start a session, and say what runs: a rate into a vein, else the dose at once.

    A spray is given device by device.
    """
    row = await session(db, infusion_id)
    told = entries.numbers(typed, "weight_kg", "planned_dose_mg")
    told |= entries.flags(typed, "weight_confirmed") | entries.texts(typed, "chair")
    told["reasons"] = entries.reasons(typed)
    if typed.get("at"):
        told["started_at"] = typed["at"]
    if told.get("weight_kg") not in (None, row["weight_kg"]):
        local = clock.now().astimezone(await zone_of(db))
        told |= {"weight_measured_on": local.date().isoformat(), "weight_kind": "actual"}
    if "planned_dose_mg" not in told and is_number(told.get("weight_kg")):
        told["planned_dose_mg"] = dosing.planned_mg(dict(row) | told | {"planned_dose_mg": None})
    unread = Unread(StartIn, written(told))
    await infusions.move(db, viewer, infusion_id, Standing.IN_PROGRESS, unread)
    if row["status"] == SessionStatus.PLANNED:
        await begin_dose(db, viewer, await session(db, infusion_id), typed)


def is_number(value: object) -> bool:
    """Whether what was typed is a number."""
    return isinstance(value, int | float)


async def zone_of(db: Db) -> ZoneInfo:
    """The clinic's time zone."""
    return ZoneInfo((await clinics.get(db))["time_zone"])


async def begin_dose(db: Db, viewer: Viewer, row: Row, typed: Typed) -> None:
    """The first dose event of a session that has just started."""
    mg, rate = dosing.planned_mg(row), entries.number(typed.get("rate_mg_per_minute") or "")
    told: Content = {"at": row["started_at"].isoformat()}
    if row["route"] == Route.IV:
        told |= {"kind": DoseKind.RATE, "rate_mg_per_minute": rate or dosing.rate(row)}
    else:
        told |= {"kind": DoseKind.BOLUS, "dose_mg": mg}
    known = told.get("rate_mg_per_minute", told.get("dose_mg")) is not None
    if known and row["route"] != Route.INTRANASAL:
        subject = await session_subject(db, row["id"])
        await create(db, viewer, DOSE_EVENT, subject, parse(DoseEventIn, told), new_id())


async def complete(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Say that a session ran to its end: when what was planned had run in, else now."""
    row, now = await session(db, infusion_id), clock.now()
    events = await events_of(db, infusion_id)
    told = entries.numbers(typed, "dose_mg")
    planned = dosing.planned_mg(row)
    zone = (await clinics.get(db))["time_zone"]
    end = entries.at_clock(typed, "ended", now, zone)
    reached = dosing.reached_at(events, planned, now) if end is None else None
    if reached is not None and told.get("dose_mg") in (None, planned):
        told |= {"ended_at": reached, "dose_mg": planned}
    elif end is not None or typed.get("at"):
        told["ended_at"] = end or typed["at"]
    if not events and "dose_mg" not in told and row["dose_mg"] is None:
        raise Invalid(("/dose_mg", "say how much was given"))
    unread = Unread(CompleteIn, written(told))
    await infusions.move(db, viewer, infusion_id, Standing.COMPLETED, unread)


async def stop(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Stop a session before its end."""
    if not typed.get("stop_reason"):
        raise Invalid(("/stop_reason", "say why"))
    told = entries.texts(typed, "stop_reason") | entries.numbers(typed, "dose_mg")
    if typed.get("at"):
        told["ended_at"] = typed["at"]
    await infusions.move(db, viewer, infusion_id, Standing.STOPPED, Unread(StopIn, written(told)))


async def cancel(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Say that a session does not take place."""
    if not typed.get("cancel_reason"):
        raise Invalid(("/cancel_reason", "say why"))
    unread = Unread(CancelIn, written(entries.texts(typed, "cancel_reason")))
    await infusions.move(db, viewer, infusion_id, Standing.CANCELLED, unread)


async def discharge(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Let somebody go home."""
    told = entries.discharge(typed) | entries.texts(typed, "at")
    await chair.discharge(db, viewer, infusion_id, Unread(DischargeIn, written(told)))


async def void(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Mark an entry of this session as made in error. Raises NotFound for one of another."""
    kind, record_id = VOIDED_HERE.get(typed.get("kind", "")), entries.id_of(typed)
    if kind is None:
        raise NotFound
    await of_session(db, kind, infusion_id, record_id)
    told = {"reason": typed.get("reason") or "Entered in error at the chair"}
    await changes.void(db, viewer, kind, record_id, Unread(Void, written(told)))


async def of_session(db: Db, kind: Kind, infusion_id: UUID, record_id: UUID) -> Content:
    """An entry of this session as it now is. Raises NotFound for one of another."""
    there: Content = orjson.loads((await get(db, kind, record_id)).json)
    if there["infusion_id"] != str(infusion_id):
        raise NotFound
    return there


async def plan(db: Db, viewer: Viewer, patient_id: UUID, typed: Typed) -> UUID:
    """Plan a session; sent twice it is one."""
    record_id = entries.id_of(typed)
    zone = (await clinics.get(db))["time_zone"]
    content = entries.plan(typed, zone)
    if "scheduled_at" not in content:
        content["scheduled_at"] = await moment(db, INFUSION, record_id, typed, "scheduled_at")
    weight = content.get("weight_kg")
    if weight is not None and "weight_measured_on" not in content:
        content["weight_measured_on"] = day_in(zone, content["scheduled_at"])
    subject = await hold(db, patient_id)
    unread = Unread(InfusionIn, written(content))
    await put(db, viewer, INFUSION, subject, record_id, unread)
    return record_id


def day_in(zone: str, at: str) -> str:
    """The day where the clinic is of an instant, and no later than today."""
    local = min(datetime.fromisoformat(at), clock.now()).astimezone(ZoneInfo(zone))
    return local.date().isoformat()
