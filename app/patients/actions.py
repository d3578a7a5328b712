"""What can be done with patients: keep them once, change them, find them, cut their courses."""

import unicodedata
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.clinics import queries as clinics
from app.kit import clock
from app.kit.bodies import Unread, parse
from app.kit.db import Db, Row
from app.kit.errors import (
    Erased,
    HasChildren,
    IdentifierTaken,
    IdTaken,
    Invalid,
    Merged,
    NotFound,
    Refusal,
    Voided,
)
from app.kit.ids import new_id
from app.kit.paging import cursor_of, key_of, page_body
from app.patients import queries
from app.patients.queries import PATIENT, finding
from app.patients.schemas import LegalHold, PatientIn, Search
from app.records import queries as records
from app.records.actions import again
from app.records.changes import change_reason, merged, must_match
from app.records.kinds import Kept
from app.records.schemas import Void
from app.records.stamps import digest
from app.records.tables import Status

LAST = "\U0010ffff"
"""Sorts after every letter: a prefix and it bound all that begin so."""


def name_key(name: str | None) -> str:
    """A name as the search compares it: no accents, no case.

    >>> name_key("Éloïse O'Brien")
    "eloise o'brien"
    """
    bare = unicodedata.normalize("NFKD", name or "")
    return "".join(c for c in bare if not unicodedata.combining(c)).casefold().strip()


def columns(sent: PatientIn) -> dict[str, Any]:
    """A patient's own columns."""
    values = sent.model_dump()
    values["identifiers"] = [one.model_dump() for one in sent.identifiers]
    values["emergency_contacts"] = [one.model_dump() for one in sent.emergency_contacts]
    values["phones"] = list(sent.phones)
    values["instrument_priority"] = list(sent.instrument_priority)
    values["sex"] = sent.sex.value
    keys = {"given_key": name_key(sent.given_name), "family_key": name_key(sent.family_name)}
    return values | keys


async def create(
    db: Db, viewer: Viewer, unread: Unread[PatientIn], patient_id: UUID | None = None
) -> Kept:
    """Keep a patient once. Raises IdentifierTaken where an identifier is another patient's."""
    sent = await read(db, unread, patient_id)
    now, new = clock.now(), patient_id or new_id()
    values = columns(sent) | {
        "clinic_id": viewer.clinic_id,
        "id": new,
        "version": 1,
        "status": Status.FINAL.value,
        "recorded_at": now,
        "recorded_by": viewer.id,
        "changed_at": now,
        "changed_by": viewer.id,
        **dict.fromkeys(("change_reason", "merged_into_id", "erased_at")),
        "content_sha256": digest(new if patient_id else viewer.clinic_id, sent),
        "is_demo": (await clinics.get(db))["is_demo"],
    }
    if patient_id is not None and (there := await again(db, PATIENT, values, sent)) is not None:
        return there
    await refuse_strangers(db, sent)
    row = await db.row(PATIENT.add, **values)
    if row is None:
        there = await again(db, PATIENT, values, sent)
        assert there is not None, "nothing but the id of a patient can be taken"
        return there
    await name(db, new, sent)
    found = await get(db, new)
    return Kept(found.json, found.version, created=True, id=new)


async def read(db: Db, unread: Unread[PatientIn], patient_id: UUID | None) -> PatientIn:
    """The patient sent. A taken id is 409 before a bad body is 422."""
    try:
        return unread.read()
    except Refusal:
        row = await db.row(PATIENT.find, id=patient_id) if patient_id is not None else None
        if row is None:
            raise
        raise IdTaken(current_version=row["version"]) from None


async def refuse_strangers(db: Db, sent: PatientIn) -> None:
    """The responsible clinician works here. Raises Invalid."""
    staff_id = sent.responsible_clinician_id
    if staff_id is not None and not await queries.is_staff(db, staff_id):
        raise Invalid(("/responsible_clinician_id", "is nobody who works here"))


async def name(db: Db, patient_id: UUID, sent: PatientIn) -> None:
    """Give a patient their identifiers, in an order that two requests can't cross in."""
    numbered = sorted(enumerate(sent.identifiers), key=lambda one: (one[1].system, one[1].value))
    for position, identifier in numbered:
        told = {"system": identifier.system, "value": identifier.value}
        added = await queries.add_identifier(
            db, id=new_id(), patient_id=patient_id, position=position, **told
        )
        if not added:
            other = await queries.patient_of(db, **told)
            raise IdentifierTaken(existing_id=str(other))


async def get(db: Db, patient_id: UUID) -> Kept:
    """One patient. Raises NotFound."""
    row = await db.row(PATIENT.find, id=patient_id)
    if row is None:
        raise NotFound
    return Kept(row["json"], row["version"], id=patient_id)


def refuse_gone(row: Row) -> None:
    """Raise Merged, Voided or Erased for a patient who is not changed any more."""
    if row["merged_into_id"] is not None:
        raise Merged(merged_into_id=str(row["merged_into_id"]))
    if row["status"] == queries.VOIDED:
        raise Voided
    if row["erased_at"] is not None:
        raise Erased


async def hold_for_the_law(
    db: Db, viewer: Viewer, patient_id: UUID, unread: Unread[LegalHold]
) -> Kept:
    """Say whether nothing of a patient may be erased. Again is harmless."""
    row = await db.row(PATIENT.lock, id=patient_id)
    if row is None:
        raise NotFound
    refuse_gone(row)
    sent = unread.read()
    if row["legal_hold"] != sent.held:
        values = {
            "legal_hold": sent.held,
            "version": row["version"] + 1,
            "changed_at": clock.now(),
            "changed_by": viewer.id,
            "change_reason": sent.reason,
        }
        await records.change(db, PATIENT, patient_id, values)
    return await get(db, patient_id)


async def change(
    db: Db, viewer: Viewer, patient_id: UUID, match: str | None, unread: Unread[PatientIn]
) -> Kept:
    """Change a patient by merge patch."""
    row = await db.row(PATIENT.lock, id=patient_id)
    if row is None:
        raise NotFound
    must_match(match, row)
    refuse_gone(row)
    patch, there = unread.object(), await get(db, patient_id)
    reason = change_reason(patch)
    whole = orjson.loads(there.json) | {"time_zone": row["time_zone"]}
    was = {name: whole[name] for name in PatientIn.model_fields if whole[name] is not None}
    before, after = parse(PatientIn, was), parse(PatientIn, merged(was, patch))
    if after == before:
        return there
    await refuse_strangers(db, after)
    if after.identifiers != before.identifiers:
        await db.run(queries.DROP_IDENTIFIERS, patient_id=patient_id)
        await name(db, patient_id, after)
    values = columns(after) | {
        "status": Status.AMENDED.value,
        "version": row["version"] + 1,
        "changed_at": clock.now(),
        "changed_by": viewer.id,
        "change_reason": reason,
    }
    await records.change(db, PATIENT, patient_id, values)
    return await get(db, patient_id)


async def void(db: Db, viewer: Viewer, patient_id: UUID, unread: Unread[Void]) -> Kept:
    """Mark a patient as registered by mistake, and free their identifiers.

    Raises HasChildren while anything that stands is recorded of them.
    """
    await queries.hold(db, patient_id)
    row = await db.row(PATIENT.lock, id=patient_id)
    assert row is not None, "the patient is held"
    if row["status"] == queries.VOIDED:
        return await get(db, patient_id)
    if await queries.has_records(db, patient_id):
        raise HasChildren("Void what is recorded of them first, or move it.")
    sent = unread.read()
    await db.run(queries.DROP_IDENTIFIERS, patient_id=patient_id)
    values = {
        "status": queries.VOIDED,
        "identifiers": [],
        "active": False,
        "version": row["version"] + 1,
        "changed_at": clock.now(),
        "changed_by": viewer.id,
        "change_reason": sent.reason,
    }
    await records.change(db, PATIENT, patient_id, values)
    return await get(db, patient_id)


async def listed(
    db: Db, limit: int, cursor: str | None, filters: dict[str, Any]
) -> tuple[bytes, str | None]:
    """A page of patients, in the order of their ids.

    Those voided, merged or erased too where `voided` is true.
    """
    given = {name: value for name, value in filters.items() if value is not None}
    voided = given.pop("voided", False)
    if cursor is not None:
        given["after"] = patient_key(cursor)[0]
    if "identifier" in given:
        system, bar, value = given.pop("identifier").rpartition("|")
        if not bar:
            raise Invalid(("/identifier", "must be SYSTEM|VALUE"))
        given |= {"system": system, "value": value}
    names = frozenset(given) - {"system", "value"}
    names |= {"identifier"} if "system" in given else set()
    names |= {"voided"} if voided else set()
    rows = await db.rows(finding.listing(names), limit=limit + 1, **given)
    more = cursor_of(rows[limit - 1]["id"]) if len(rows) > limit else None
    return page_body([row["json"] for row in rows[:limit]], more), more


def patient_key(cursor: str) -> tuple[UUID, str]:
    """The patient and the name in a cursor. Raises Invalid."""
    key = key_of(cursor)
    try:
        return UUID(key[-1]), key[0]
    except (ValueError, IndexError):
        raise Invalid(("/cursor", "is not a cursor that this list gave")) from None


async def search(db: Db, limit: int, cursor: str | None, sent: Search) -> tuple[bytes, str | None]:
    """A page of the patients whose given or family name begins so."""
    told = {"birth_date": sent.birth_date, "active": sent.active}
    if sent.name is None:
        return await listed(db, limit, cursor, told)
    low = name_key(sent.name)
    given: dict[str, Any] = {name: value for name, value in told.items() if value is not None}
    if cursor is not None:
        given["key_id"], given["key_name"] = patient_key(cursor)
    names = frozenset(given) & {"birth_date", "active"}
    names |= {"after"} if cursor is not None else set()
    sql = finding.search(names)
    rows = await db.rows(sql, limit=limit + 1, low=low, high=low + LAST, **given)
    last = rows[limit - 1] if len(rows) > limit else None
    more = cursor_of(last["name_key"], last["id"]) if last is not None else None
    return page_body([row["json"] for row in rows[:limit]], more), more
