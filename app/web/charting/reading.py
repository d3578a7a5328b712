"""What the page of a record shows, and that of a patient's chart."""

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

import orjson

from app.access.policy import BACKGROUND, Viewer
from app.audit.queries import name_of
from app.background.events import EVENT
from app.background.findings import ALLERGY, CONDITION, LAB, MEDICATION
from app.background.queries import current
from app.background.screenings import SCREENING
from app.exchange.kinds import CLINICAL
from app.kit.bodies import parse
from app.kit.db import Db
from app.patients import actions as patients
from app.patients.queries import finding
from app.patients.schemas import Search
from app.records.changes import history
from app.records.kinds import Kind
from app.records.queries import Filter, listing
from app.records.tables import Status
from app.relief.decisions import DECISION
from app.web import queries, telling
from app.web.charting.corrected import form_of, word_of
from app.web.charting.facts import changed, facts
from app.web.charting.forms import FORMS
from app.web.charting.keeping import document, zone_of
from app.web.charting.lines import line
from app.web.enrolling import today_of

Json = dict[str, Any]

KINDS: dict[str, Kind] = CLINICAL | {DECISION.noun: DECISION}
"""Every kind of record that has a page, by its noun."""

SECTIONS = (
    (MEDICATION, "Medications"),
    (ALLERGY, "Allergies"),
    (CONDITION, "Conditions"),
    (SCREENING, "Screenings"),
    (LAB, "Laboratory"),
    (EVENT, "Events"),
)
"""Of a chart, in the order in which it is read."""

MOST = 200
"""Records of one kind that a chart lists."""


async def record(db: Db, viewer: Viewer, kind: Kind, record_id: UUID) -> Json:
    """One record in words, who recorded it, and every version of it. Raises NotFound."""
    one, zone = await document(db, kind, record_id), await zone_of(db)
    person = orjson.loads((await patients.get(db, UUID(one["patient_id"]))).json)
    form, voided = form_of(kind.noun, one), one["status"] == Status.ENTERED_IN_ERROR
    return {
        "one": one,
        "noun": kind.noun,
        "heading": form.title,
        "said": line(kind.noun, one),
        "facts": list(facts(kind.noun, one, zone)),
        "person": person,
        "name": telling.name_of(person),
        "zone": zone,
        "versions": await versions(db, kind, one, zone),
        "voided": voided,
        "may_change": viewer.may(form.write) and not voided,
        "another": word_of(kind.noun, one),
    }


async def versions(db: Db, kind: Kind, record: Json, zone: str) -> list[Json]:
    """Every version of a record, the first one first: who made it, and what it changed."""
    found = orjson.loads(await history(db, kind.statements, UUID(record["id"])))["items"]
    people = await called(db, {one["by"] for one in found})
    if record["clock_skew_seconds"] is not None:
        people.setdefault(record["recorded_by"], "a phone")
    moved = [
        UUID(whose)
        for one in found
        for change in one["changes"]
        if change["field"] == "patient_id"
        for whose in (change["before"], change["after"])
    ]
    names = {key: telling.name_of(row) for key, row in (await queries.names_of(db, moved)).items()}
    return [
        one
        | {
            "who": people.get(one["by"], "somebody not known here"),
            "told": changed(kind.noun, one, zone, names),
        }
        for one in found
    ]


async def called(db: Db, ids: Iterable[str]) -> dict[str, str]:
    """What those who record are called, by id: staff, programs, phones."""
    wanted = list(ids)
    found = await queries.staff_names(db, [UUID(one) for one in wanted])
    for one in wanted:
        if one not in found and (name := await stranger(db, UUID(one))):
            found[one] = name
    return found


async def stranger(db: Db, actor_id: UUID) -> str | None:
    """What records and is nobody of the staff is called; None where nobody knows."""
    if actor_id == BACKGROUND:
        return "Afterglow itself"
    program = await name_of(db, "client", actor_id)
    phone = None if program else await name_of(db, "device", actor_id)
    if phone:
        return f"the phone {phone}"
    return f"the program {program}" if program else None


async def section(db: Db, patient_id: UUID, zone: str) -> Json:
    """What the patient's page shows of the chart, and what can be added to it."""
    forms = [(what, form.title) for what, form in FORMS.items()]
    return {"charted": await current_of(db, patient_id, zone), "forms": forms}


async def current_of(db: Db, patient_id: UUID, zone: str) -> dict[str, list[Json]]:
    """What is true of a patient now, in short lines, by kind."""
    today = today_of(zone)
    found: dict[str, list[Json]] = {}
    for row in await current(db, patient_id, today):
        one = orjson.loads(row["json"])
        found.setdefault(row["noun"], []).append(item(row["noun"], one, today))
    return found


def item(noun: str, one: Json, today: date) -> Json:
    """A record as a list has it."""
    expires = one.get("expires_on")
    return {
        "id": one["id"],
        "said": line(noun, one),
        "at": None if is_undated(noun, one) else one["effective_at"],
        "expires_on": expires,
        "expired": expires is not None and date.fromisoformat(expires) <= today,
        "voided": one.get("status") == Status.ENTERED_IN_ERROR,
    }


def is_undated(noun: str, one: Json) -> bool:
    """Whether nobody knows when: then a record is ordered by when it was recorded."""
    clock_of = KINDS[noun].model.clock
    return f"{clock_of}_on" in one and not one[f"{clock_of}_on"] and not one.get(f"{clock_of}_at")


async def chart(db: Db, patient_id: UUID) -> Json:
    """A patient's whole chart, what is over and what was entered in error too."""
    person = orjson.loads((await patients.get(db, patient_id)).json)
    zone = await zone_of(db)
    today = today_of(zone)
    wanted = Filter(equal=("patient_id",), voided=True)
    sections = []
    for kind, title in SECTIONS:
        sql = listing(kind.statements, wanted)
        rows = await db.rows(sql, limit=MOST + 1, patient_id=patient_id)
        items = [item(kind.noun, orjson.loads(row["json"]), today) for row in rows]
        sections.append({"noun": kind.noun, "title": title, "items": items})
    return {
        "person": person,
        "name": telling.name_of(person),
        "zone": zone,
        "sections": sections,
        "most": MOST,
    }


async def medications(db: Db, patient_id: UUID) -> list[tuple[str, str]]:
    """A patient's medications to choose from: id and line."""
    sql = listing(MEDICATION.statements, Filter(equal=("patient_id",)))
    rows = await db.rows(sql, limit=MOST, patient_id=patient_id)
    documents = [orjson.loads(row["json"]) for row in rows]
    return [(one["id"], line(MEDICATION.noun, one)) for one in documents]


async def candidates(db: Db, text: str) -> list[Json]:
    """The patients that somebody may mean: by the beginning of a name, an identifier or an id."""
    text = text.replace("\x00", "")
    try:
        known = await queries.names_of(db, [UUID(text)])
        ids = [UUID(one) for one in known]
    except ValueError:
        ids = await finding.known_as(db, text.rpartition("|")[2])
    found = [orjson.loads((await patients.get(db, one)).json) for one in ids]
    if not found:
        sent = parse(Search, {"name": text})
        found = orjson.loads((await patients.search(db, 20, None, sent))[0])["items"]
    return [one for one in found if not gone(one)]


def gone(person: Json) -> bool:
    """Whether nothing more is recorded of somebody."""
    voided = person["status"] == Status.ENTERED_IN_ERROR
    return voided or bool(person["merged_into_id"]) or bool(person["erased_at"])
