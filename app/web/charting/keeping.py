"""What the forms of the chart do: the same actions as the API's, a form sent twice one record."""

from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.clinics import queries as clinics
from app.kit.bodies import Unread, written
from app.kit.db import Db
from app.kit.errors import Invalid
from app.patients import moving
from app.patients import queries as subjects
from app.patients.schemas import Move
from app.records import changes
from app.records.actions import get, put
from app.records.kinds import Kind
from app.records.schemas import Void
from app.science.instruments import find
from app.web import answering, entries
from app.web.charting.corrected import form_of
from app.web.charting.fields import Field, alone, entry_of, inputs, read
from app.web.charting.fields import written as filled_of
from app.web.charting.forms import Form
from app.web.entries import Content, Typed


async def zone_of(db: Db) -> str:
    """The clinic's time zone: forms are typed and records shown in it."""
    return str((await clinics.get(db))["time_zone"])


async def document(db: Db, kind: Kind, record_id: UUID) -> dict[str, Any]:
    """A record as it now is. Raises NotFound."""
    return dict(orjson.loads((await get(db, kind, record_id)).json))


async def add(db: Db, viewer: Viewer, form: Form, patient_id: UUID, typed: Typed) -> UUID:
    """Keep what a form says under the id that it carries."""
    kind, record_id = form.kind, entries.id_of(typed)
    subject = await (kind.subject or subjects.subject)(db, patient_id)
    content: Content = dict(form.fixed)
    zone = await zone_of(db)
    for field in form.fields:
        content |= read(kind.model, field, typed, zone)
    await put(db, viewer, kind, subject, record_id, Unread(kind.model, written(content)))
    return record_id


def filled_in(form: Form, one: dict[str, Any], zone: str) -> dict[str, str]:
    """A form as it is filled in with a record: each input by its name."""
    model, own = form.kind.model, changes.content(form.kind, one)
    filled: dict[str, str] = {}
    for field in form.fields:
        day = alone(model, field.name)
        if day and own.get(day):
            filled[f"{field.name}-day"] = own[day]
        elif not field.confirms:
            filled |= filled_of(model, field, own.get(field.name), zone)
    return filled


async def correct(db: Db, viewer: Viewer, kind: Kind, record_id: UUID, typed: Typed) -> None:
    """Change what a form says otherwise than the record that it was filled in with.

    The form says the version: raises Stale where somebody changed the record meanwhile.
    """
    one = await document(db, kind, record_id)
    form, zone = form_of(kind.noun, one), await zone_of(db)
    viewer.must(form.write)
    filled = filled_in(form, one, zone)
    patch: Content = {}
    for field in form.fields:
        if field.confirms:
            patch |= read(form.kind.model, field, typed, zone)
        elif inputs(kind.model, field, typed) != inputs(kind.model, field, filled):
            patch |= change(form, field, one, typed, zone)
    if typed.get("change_reason"):
        patch["change_reason"] = typed["change_reason"]
    unread = Unread(kind.model, written(patch))
    await changes.change(db, viewer, kind, record_id, typed.get("version", ""), unread)


def change(form: Form, field: Field, one: dict[str, Any], typed: Typed, zone: str) -> Content:
    """What one field says anew, as a merge patch."""
    model, name = form.kind.model, field.name
    by = entry_of(model, name).by
    if by == "answers":
        instrument = find(one["instrument"])
        assert instrument is not None, "only what is known was kept"
        return {name: answering.sent(instrument, typed).get("answers")}
    told = read(model, field, typed, zone)
    if by == "checklist":
        return {name: dict.fromkeys(one[name]) | told.get(name, {})}
    day = alone(model, name)
    return {name: None} | ({day: None} if day else {}) | told


async def void(db: Db, viewer: Viewer, kind: Kind, record_id: UUID, typed: Typed) -> None:
    """Mark a record as entered in error, and say why."""
    one = await document(db, kind, record_id)
    viewer.must(form_of(kind.noun, one).write)
    told = {"reason": reason(typed), "with_children": typed.get("with_children") == "yes"}
    await changes.void(db, viewer, kind, record_id, Unread(Void, written(told)))


async def move(db: Db, viewer: Viewer, kind: Kind, record_id: UUID, typed: Typed) -> None:
    """Take a record to the patient whose it is, and say why it stood with another."""
    one = await document(db, kind, record_id)
    viewer.must(form_of(kind.noun, one).write)
    told: Content = {"patient_id": typed.get("patient_id"), "reason": reason(typed)}
    if typed.get("separate_from"):
        told["separate_from"] = [typed["separate_from"]]
    unread = Unread(Move, written(told))
    await moving.move(db, viewer, kind, record_id, typed.get("version", ""), unread)


def reason(typed: Typed) -> str:
    """Why, as it was typed. Raises Invalid where nothing was."""
    if not typed.get("reason"):
        raise Invalid(("/reason", "say why"))
    return typed["reason"]
