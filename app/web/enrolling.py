"""A new patient from a form: once however often it is sent, and not somebody who is here already.

No HTTP here.
"""

from datetime import date
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

import orjson

from app.access.policy import Viewer
from app.clinics import queries as clinics
from app.kit import clock
from app.kit.bodies import Unread, parse, written
from app.kit.db import Db
from app.kit.errors import Invalid
from app.patients import actions as patients
from app.patients import queries as subjects
from app.patients.actions import name_key
from app.patients.consents import CONSENT
from app.patients.schemas import PRIORITY, ConsentIn, PatientIn, Search
from app.records.actions import create
from app.records.kinds import Subject
from app.web import people, queries
from app.web.people import Json, Typed

LONGEST_NAME = 100
"""Characters that the search takes."""


def said(typed: Typed) -> Json:
    """A patient as the form says, without what it leaves open."""
    return {name: value for name, value in people.content(typed).items() if value is not None}


async def alike(db: Db, own_id: UUID, told: Json) -> list[Json]:
    """Who is here by the same name and birth date. Where no birth date is told, by the name."""
    names = sorted(name_key(told.get(one)) for one in ("given_name", "family_name"))
    wanted = told.get("family_name") or told.get("given_name")
    parse(PatientIn, told)
    if wanted is None:
        return []
    asked = parse(Search, {"name": wanted[:LONGEST_NAME], "birth_date": told.get("birth_date")})
    found = orjson.loads((await patients.search(db, 100, None, asked))[0])["items"]
    return [
        one
        for one in found
        if one["id"] != str(own_id)
        and sorted(name_key(one[name]) for name in ("given_name", "family_name")) == names
    ]


async def whose(db: Db, own_id: UUID, told: Json) -> dict[int, Json]:
    """Whose identifiers these are already, by their place in the form."""
    found = {}
    for place, one in enumerate(told.get("identifiers", ())):
        if len(one) == len(people.IDENTIFIER):
            other = await subjects.patient_of(db, one["system"], one["value"])
            if other is not None and other != own_id:
                found[place] = orjson.loads((await patients.get(db, other)).json)
    return found


async def offered(db: Db) -> Json:
    """What the fields about a person offer to choose from."""
    return {
        "clinic_zone": (await clinics.get(db))["time_zone"],
        "zones": people.zones(),
        "staff": [
            (str(one["id"]), one["name"] or one["email"]) for one in await queries.colleagues(db)
        ],
        "codes": [(one, one) for one in PRIORITY],
    }


def today_of(zone: str) -> date:
    """What day it is there."""
    return clock.now().astimezone(ZoneInfo(zone)).date()


async def enrol(db: Db, viewer: Viewer, own_id: UUID, typed: Typed, zone: str) -> None:
    """Keep a patient and what they agreed to. Raises IdentifierTaken and Invalid."""
    unread = Unread(PatientIn, written(said(typed)))
    kept = await patients.create(db, viewer, unread, own_id)
    if kept.created:
        subject = await subjects.subject(db, own_id)
        when = people.given_when(typed, clock.now().isoformat(), today_of(zone))
        for kind, told in people.consents(typed, when).items():
            await consent(db, viewer, subject, told, under=f"consents/{kind}/")


async def consent(
    db: Db,
    viewer: Viewer,
    subject: Subject,
    told: Json,
    own_id: UUID | None = None,
    under: str = "",
) -> None:
    """Keep a consent once; a refusal names the fields of the form, which begin with `under`.

    What is typed otherwise in a form that was sent already is another consent.
    """
    if own_id is not None:
        own_id = uuid5(own_id, typed_as(subject, told))
        if await db.row(CONSENT.statements.find, id=own_id) is not None:
            return
    try:
        sent = parse(ConsentIn, told)
        await create(db, viewer, CONSENT, subject, sent, own_id)
    except Invalid as refusal:
        raise Invalid(*placed(refusal, under)) from None


def typed_as(subject: Subject, told: Json) -> str:
    """What a consent says and of whom, without the instant: that of a retry is another."""
    said = {name: value for name, value in told.items() if name != "given_at"}
    return written(said | {"patient_id": str(subject.id)}).decode()


def placed(refusal: Invalid, under: str) -> list[tuple[str, str]]:
    """The findings of a refusal, each where the form has it."""
    errors: Any = refusal.facts.get("errors", [])
    apart = {"given_on", "given_at", "given_by"}
    told = ((one["pointer"].strip("/"), one["detail"]) for one in errors)
    return [(f"/{name if name in apart else under + name}", detail) for name, detail in told]
