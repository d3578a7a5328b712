"""Statements that forget a person: for the owner, whom no wall holds.

Whatever text is not a word of ours is taken for somebody's own, so that a new column is forgotten
without being named.
"""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    Column,
    Date,
    Table,
    Text,
    Update,
    any_,
    bindparam,
    cast,
    delete,
    func,
    literal_column,
    null,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.access.policy import BACKGROUND
from app.access.tables import Device, Enrolment, RefreshToken, Token
from app.kit.db import Db, Row, Sql
from app.kit.tables import Base, table_of
from app.patients.queries.following import STAYS
from app.patients.tables import Identifier, Patient
from app.records.tables import History, IdempotencyKey

ERASED = "erased"
"""Stands where a text was that every record of its kind has."""

OURS = frozenset({"status", "precision", "entry_mode", "time_zone", "flags", "kind", "instrument"})
"""Columns of any table that hold words of ours."""

WORDS: dict[str, frozenset[str]] = {
    "alerts": frozenset({"rule", "level", "subject_kind", "evidence_status"}),
    "allergies": frozenset({"severity"}),
    "assessments": frozenset(
        {"total_source", "band", "scoring_version", "self_harm", "answered_by"}
    ),
    "conditions": frozenset({"condition"}),
    "consents": frozenset({"given_by", "text_version"}),
    "courses": frozenset({"indication", "phase"}),
    "decisions": frozenset({"decision", "outcome"}),
    "infusions": frozenset(
        {"drug", "route", "weight_kind", "setting", "supplies", "discharge_checks"}
    ),
    "labs": frozenset({"code", "loinc", "unit"}),
    "medications": frozenset({"drug_class", "dose_unit"}),
    "medications_given": frozenset({"unit", "why"}),
    "patients": frozenset({"sex", "instrument_priority"}),
    "screenings": frozenset({"result", "form_version", "answers"}),
    "side_effects": frozenset({"effect", "grade", "action_taken", "relatedness", "reported_by"}),
    "vitals": frozenset({"method"}),
    "worklist": frozenset({"state", "alert_level", "alerts", "forecast"}),
}
"""Columns that hold words of ours, units, or what the law wants to be kept of a vial."""

LISTS = frozenset({"identifiers", "emergency_contacts", "reasons", "interventions", "slots"})
"""Columns that hold a list of objects."""

ID = Patient.id.type
PEOPLE = bindparam("people", type_=ARRAY(ID))
AT = bindparam("at", type_=table_of(Patient).c.changed_at.type)

P, N, H, K = table_of(Patient), table_of(Identifier), table_of(History), table_of(IdempotencyKey)
DEVICE, ENROLMENT = table_of(Device), table_of(Enrolment)
REFRESH, TOKEN = table_of(RefreshToken), table_of(Token)

GONE = {t.name for t in (N, DEVICE, ENROLMENT, TOKEN)}
"""Tables of which nothing is left."""


def texts(t: Table) -> list[Column[Any]]:
    """The columns that may hold what somebody wrote."""
    kept = OURS | WORDS.get(t.name, frozenset())
    return [c for c in t.c if c.name not in kept and _may_hold_text(c)]


def _may_hold_text(c: Column[Any]) -> bool:
    listed = isinstance(c.type, ARRAY) and isinstance(c.type.item_type, Text)
    return listed or isinstance(c.type, Text | JSONB)


def blank(c: Column[Any]) -> Any:
    """What stands in place of a text, as JSON has it."""
    if isinstance(c.type, ARRAY) or c.name in LISTS:
        return []
    if c.nullable:
        return None
    return {} if isinstance(c.type, JSONB) else "" if c.name.endswith("_key") else ERASED


def blanks(t: Table) -> dict[str, Any]:
    """The columns of a table that are forgotten, and what stands there."""
    values = {c.name: blank(c) for c in texts(t)}
    if "content_sha256" in t.c:
        values["content_sha256"] = b""
    return values


@cache
def mine() -> dict[str, Table]:
    """Every table with rows of a patient that stay, nameless."""
    every = Base.metadata.tables
    of = {n: t for n, t in every.items() if "patient_id" in t.c and n not in GONE | set(STAYS)}
    return of | {name: every[name] for name in ("patients", "schedules", "worklist")}


def _owner(t: Table) -> Column[Any]:
    return t.c.patient_id if "patient_id" in t.c else t.c.id


@cache
def _forget(t: Table) -> Sql:
    values = blanks(t)
    for c in t.c:
        if c.name in values and values[c.name] is None:
            values[c.name] = null()
    values |= _of_versions(t) | _of_person(t)
    return Sql(_here(update(t), t).values(values))


def _of_versions(t: Table) -> dict[str, Any]:
    if "version" not in t.c:
        return {}
    version = t.c.version + literal_column("1")
    return {"version": version, "changed_at": AT, "changed_by": BACKGROUND}


def _of_person(t: Table) -> dict[str, Any]:
    """The year of birth stays, as the first of January."""
    if t is P:
        year = cast(func.date_trunc("year", t.c.birth_date), Date())
        told = {"birth_date": year, "deceased_on": null(), "active": False, "erased_at": AT}
        return told | {"change_reason": bindparam("reason", type_=Text())}
    if t.name == "alerts":
        records = func.jsonb_build_object("records", t.c.evidence["records"])
        return {"evidence": records}
    if t.name == "decisions":
        return {"snapshot": t.c.snapshot.op("||")(cast({"open_alerts": []}, JSONB))}
    return {}


def _here(query: Update, t: Table) -> Update:
    return query.where(t.c.clinic_id == bindparam("clinic", type_=ID), _owner(t) == any_(PEOPLE))


@cache
def _forget_history(t: Table) -> Sql:
    """What the rows were before, and while they stood with somebody else."""
    told = {name: "\\x" if value == b"" else value for name, value in blanks(t).items()}
    if t is P:
        told |= {"birth_date": None, "deceased_on": None}
    here = H.c.clinic_id == bindparam("clinic", type_=ID)
    now = select(t.c.id).where(t.c.clinic_id == bindparam("clinic", type_=ID))
    records = now.where(_owner(t) == any_(PEOPLE))
    whose = or_(H.c.patient_id == any_(PEOPLE), H.c.record_id.in_(records))
    query = update(H).where(here, H.c.kind == t.name, whose)
    return Sql(query.values(row=H.c.row.op("||")(cast(told, JSONB))))


def _deleted(t: Table, *conditions: Any) -> Sql:
    return Sql(delete(t).where(t.c.clinic_id == bindparam("clinic", type_=ID), *conditions))


PHONES = select(DEVICE.c.id).where(
    DEVICE.c.clinic_id == bindparam("clinic", type_=ID), DEVICE.c.patient_id == any_(PEOPLE)
)

DELETIONS = (
    _deleted(REFRESH, REFRESH.c.device_id.in_(PHONES)),
    *(_deleted(t, t.c.patient_id == any_(PEOPLE)) for t in (TOKEN, ENROLMENT, DEVICE, N)),
    _deleted(
        H, H.c.kind == any_(cast(sorted(GONE), ARRAY(Text()))), H.c.patient_id == any_(PEOPLE)
    ),
)

DROP_ANSWERS = Sql(
    delete(K).where(
        K.c.clinic_id == bindparam("clinic", type_=ID),
        K.c.body.like(any_(bindparam("patterns", type_=ARRAY(Text())))),
    )
)

WHO = Sql(
    select(P.c.id, P.c.merged_into_id, P.c.legal_hold, P.c.erased_at)
    .where(
        P.c.clinic_id == bindparam("clinic", type_=ID),
        or_(
            P.c.id == bindparam("patient", type_=ID),
            P.c.merged_into_id == bindparam("patient", type_=ID),
        ),
    )
    .with_for_update()
)


async def who(db: Db, patient_id: UUID) -> list[Row]:
    """A patient and whoever became them, held."""
    return await db.rows(WHO, clinic=db.clinic_id, patient=patient_id)


async def forget(db: Db, people: Sequence[UUID], at: datetime, reason: str) -> None:
    """Leave of some patients what tells of nobody: each record a version on, and all it was."""
    told: dict[str, Any] = {"clinic": db.clinic_id, "people": list(people)}
    for sql in DELETIONS:
        await db.run(sql, **told)
    for t in mine().values():
        await db.run(_forget(t), **told, at=at, reason=reason)
        await db.run(_forget_history(t), **told)
    await db.run(_forget_merges(), **told)
    patterns = [f"%{one}%" for one in people]
    await db.run(DROP_ANSWERS, clinic=db.clinic_id, patterns=patterns)


@cache
def _forget_merges() -> Sql:
    t = Base.metadata.tables["merges"]
    either = or_(t.c.from_id == any_(PEOPLE), t.c.into_id == any_(PEOPLE))
    moved = t.c.moved.op("||")(cast({"identifiers": []}, JSONB))
    query = update(t).where(t.c.clinic_id == bindparam("clinic", type_=ID), either)
    return Sql(query.values(reason=ERASED, undo_reason=null(), moved=moved))
