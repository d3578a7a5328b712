"""One row of the audit, on its way into the database."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from app.audit.tables import Act

Entry = dict[str, Any]
"""The columns of a row; `named` and `named_id` tell of which record it is to find the patient."""

LONGEST = 200
"""How much of what a client says of itself is kept."""

ID = "_id"
PATIENT = "patient_id"
NOUN, RECORD = "noun", "record_id"
"""What a path calls the kind of a record that may be of any kind, and its id."""


def written(entries: list[Entry]) -> bytes:
    """Rows as append_audit reads them."""
    return orjson.dumps(entries, default=str, option=orjson.OPT_UTC_Z)


def said(text: bytes | None) -> str | None:
    """What a client said, on one line and no longer than it may be; it is kept, never believed.

    >>> said(b" Dr. Weiss "), said(b" ")
    ('Dr. Weiss', None)
    """
    if text is None:
        return None
    line = "".join(char if char.isprintable() else " " for char in text.decode(errors="replace"))
    return line.strip()[:LONGEST] or None


def places(path: Mapping[str, Any], patient_id: UUID | None) -> Entry:
    """Which patient and which record a path names.

    Where it names no patient, the first record that it names tells whose it is.

    >>> str(places({"infusion_id": "00000000-0000-0000-0000-000000000001"}, None)["named"])
    'infusion'
    >>> page = {"noun": "lab", "record_id": "00000000-0000-0000-0000-000000000001"}
    >>> places(page, None)["named"]
    'lab'
    """
    found = {name: as_id(text) for name, text in path.items() if name.endswith(ID)}
    told: Entry = {PATIENT: found.pop(PATIENT, None) or patient_id}
    ids = [(name, one) for name, one in found.items() if one is not None]
    if ids:
        told["record_id"] = ids[-1][1]
        if told[PATIENT] is None:
            name, told["named_id"] = ids[0]
            told["named"] = named(path) if name == RECORD else name.removesuffix(ID)
    return told


def named(path: Mapping[str, Any]) -> str | None:
    """The kind of record that a path names beside a record's id; None for what can be none.

    >>> named({"noun": "lab"}), named({"noun": "no noun"})
    ('lab', None)
    """
    noun = str(path.get(NOUN, ""))
    return noun if noun.replace("_", "").isalpha() and noun.isascii() else None


def as_id(text: object) -> UUID | None:
    """An id as it stands in a path; None for what is none."""
    try:
        return UUID(str(text))
    except ValueError:
        return None


def act_of(method: str, *, reading: bool) -> str:
    """Whether a request reads or writes. A search is a POST that reads."""
    return (Act.READ if reading or method in {"GET", "HEAD"} else Act.WRITE).value
