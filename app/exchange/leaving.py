"""A clinic that leaves: all of it, one JSON object a line.

Each line that POST /v1/batch takes is an item of one (`kind`, `id`, `patient_id`, `data`). Beside
that stands the row as its table has it and all that it was before, for `afterglow import`.
"""

from collections.abc import AsyncIterator
from typing import Any

import orjson

from app.exchange.items import PATIENT, UNDER_SESSION
from app.exchange.kinds import BY_TABLE, CLINICAL
from app.exchange.queries import whole
from app.kit import clock
from app.kit.bodies import written
from app.kit.db import Db, Row
from app.patients.schemas import PatientIn
from app.records.changes import content

FORMAT = 1
"""Raised when an older Afterglow could not read what a newer one writes."""

OF_STAFF = frozenset({"responsible_clinician_id"})
"""Fields that mean nothing to whoever doesn't have the clinic's staff."""


async def leave(db: Db) -> AsyncIterator[bytes]:
    """Every line of a clinic's file; what others hang on comes first."""
    about = dict(await whole.about(db))
    yield written({"kind": "clinic", "format": FORMAT, "exported_at": clock.now(), "clinic": about})
    for table in whole.leaving():
        async for row in whole.rows_of(db, table):
            yield written(line(table.name, row))


def line(table: str, row: Row) -> dict[str, Any]:
    """One record: as an item of a batch where it can be one, as its row, and as it was."""
    kept: dict[str, Any] = row["row"]
    for secret in whole.SECRET.get(table, ()):
        kept.pop(secret, None)
    kept.pop("clinic_id")
    told = BY_TABLE.get(table)
    found: dict[str, Any] = {"kind": told.noun if told else table, "id": row["id"]}
    if "patient_id" in kept:
        found["patient_id"] = kept["patient_id"]
    if told is not None and told.noun in UNDER_SESSION:
        found["infusion_id"] = kept["infusion_id"]
    if row["shown"] is not None and kept.get("status") != "entered_in_error":
        found |= data(told.noun if told else "", orjson.loads(row["shown"]))
    # Whoever's row holds a secret may have had another one before.
    before = () if table in whole.SECRET else row["history"] or ()
    return found | {"row": kept, "history": [was(one) for one in before]}


def data(noun: str, document: dict[str, Any]) -> dict[str, Any]:
    """What a client would have sent to make the record as it now is; empty where none could."""
    if noun == PATIENT:
        fields = PatientIn.model_fields.keys() - OF_STAFF
        return {"data": {name: document[name] for name in fields if document[name] is not None}}
    kind = CLINICAL.get(noun)
    if kind is None:
        return {}
    return {"data": content(kind, document) | {"entry_mode": "import"}}


def was(one: dict[str, Any]) -> dict[str, Any]:
    """A row as it was."""
    one["row"].pop("clinic_id", None)
    return one
