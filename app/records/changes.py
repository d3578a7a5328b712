"""How a record changes: amended by merge patch, voided with a reason, never deleted."""

from typing import Any
from uuid import UUID

import orjson

from app.access.policy import Viewer
from app.kit import clock
from app.kit.bodies import Unread, expected, parse, written
from app.kit.db import Db, Row
from app.kit.errors import Invalid, NotFound, Stale, Voided
from app.records import queries
from app.records.actions import get, refuse_taken_source
from app.records.kinds import Kept, Kind, Subject, Telling
from app.records.schemas import ClinicalIn, Void
from app.records.stamps import columns, refuse_the_future, timed
from app.records.tables import Status

LONGEST_REASON = 1000
"""Characters of a change_reason."""

DEEPEST = 20
"""How deep a merge patch may nest; no record goes deeper than three."""


async def lock(db: Db, kind: Kind, record_id: UUID) -> Row:
    """One record's row, held, and its patient before it where order matters. Raises NotFound."""
    if kind.subject is not None:
        there = await db.row(kind.statements.find, id=record_id)
        if there is None:
            raise NotFound
        await kind.subject(db, there["patient_id"])
    row = await db.row(kind.statements.lock, id=record_id)
    if row is None:
        raise NotFound
    return row


def must_match(header: str | None, row: Row) -> None:
    """The change names the version it changes. Raises MatchRequired or Stale."""
    if expected(header) != row["version"]:
        raise Stale(current_version=row["version"])


def change_reason(patch: dict[str, Any]) -> str | None:
    """Take the write-only change_reason out of a patch. Raises Invalid."""
    reason = patch.pop("change_reason", None)
    if reason is None:
        return None
    if not isinstance(reason, str) or len(reason) > LONGEST_REASON or "\x00" in reason:
        raise Invalid(("/change_reason", f"must be text of at most {LONGEST_REASON} characters"))
    return reason


def merged(
    document: dict[str, Any], patch: dict[str, Any], deeper: int = DEEPEST
) -> dict[str, Any]:
    """A document after a merge patch, RFC 7396. Raises Invalid for one that nests too deep.

    >>> merged({"a": 1, "b": {"c": 2}}, {"a": None, "b": {"d": 3}})
    {'b': {'c': 2, 'd': 3}}
    """
    if deeper == 0:
        raise Invalid(("", "is nested too deep"))
    out = dict(document)
    for name, value in patch.items():
        if value is None:
            out.pop(name, None)
        elif isinstance(value, dict):
            under = out.get(name)
            out[name] = merged(under if isinstance(under, dict) else {}, value, deeper - 1)
        else:
            out[name] = value
    return out


def content(kind: Kind, document: dict[str, Any]) -> dict[str, Any]:
    """The fields a client may change, out of the whole document."""
    own = document if kind.content is None else kind.content(document)
    return {
        name: own[name]
        for name in kind.model.model_fields
        if name in own and name != "entry_mode" and own[name] is not None
    }


async def change(
    db: Db, viewer: Viewer, kind: Kind, record_id: UUID, match: str | None, unread: Unread[Any]
) -> Kept:
    """Amend a record by merge patch: the whole is judged again as if it were sent anew."""
    row = await lock(db, kind, record_id)
    must_match(match, row)
    if row["status"] == Status.ENTERED_IN_ERROR:
        raise Voided
    patch = unread.object()
    reason = change_reason(patch)
    there = await get(db, kind, record_id)
    was = content(kind, orjson.loads(there.json))
    before, after = parse(kind.model, was), parse(kind.model, merged(was, patch))
    if after == before:
        return there
    return await amend(db, viewer, kind, row, (before, after), reason)


async def amend(
    db: Db,
    viewer: Viewer,
    kind: Kind,
    row: Row,
    sent: tuple[ClinicalIn | None, ClinicalIn],
    reason: str | None,
) -> Kept:
    """Write a new version of a record that is held: `sent` is what it said and what it says."""
    before, after = sent
    now = clock.now()
    refuse_the_future(after, now, None)
    values = columns(after)
    await refuse_taken_source(db, kind, values | {"id": row["id"]})
    values |= {
        "version": row["version"] + 1,
        "status": Status.AMENDED.value,
        "changed_at": now,
        "changed_by": viewer.id,
        "change_reason": reason,
    }
    moment = after.moment(row["time_zone"])
    if moment is not None and (before is None or moment != before.moment(row["time_zone"])):
        times = timed(viewer, after, moment, now, row["time_zone"])
        moved = ("effective_at", "precision", "utc_offset_minutes")
        values |= {name: times[name] for name in moved}
    return await write(db, viewer, kind, row, after, values)


async def write(
    db: Db, viewer: Viewer, kind: Kind, row: Row, sent: Any, values: dict[str, Any]
) -> Kept:
    """Derive, write, and let follow what follows."""
    subject = Subject(row["patient_id"], row["time_zone"])
    telling = Telling(db, viewer, subject, sent, values, before=row)
    await kind.derive(telling)
    kept = await queries.change(db, kind.statements, row["id"], values)
    await kind.after(telling)
    if kind.rereads:
        return await get(db, kind, row["id"])
    return Kept(kept["json"], kept["version"], id=row["id"])


async def void(db: Db, viewer: Viewer, kind: Kind, record_id: UUID, unread: Unread[Void]) -> Kept:
    """Mark a record as entered in error. Again is harmless: the first reason stands."""
    row = await lock(db, kind, record_id)
    if row["status"] == Status.ENTERED_IN_ERROR:
        return await get(db, kind, record_id)
    sent = unread.read()
    values = {
        "status": Status.ENTERED_IN_ERROR.value,
        "version": row["version"] + 1,
        "changed_at": clock.now(),
        "changed_by": viewer.id,
        "change_reason": sent.reason,
    }
    subject = Subject(row["patient_id"], row["time_zone"])
    telling = Telling(db, viewer, subject, sent, values, before=row)
    if kind.voiding is not None:
        await kind.voiding(telling)
    kept = await queries.change(db, kind.statements, record_id, values)
    await kind.after(telling)
    return Kept(kept["json"], kept["version"], id=record_id)


def says_something(name: str, after: Any) -> bool:
    """Whether a field's change tells more than that there was one."""
    return name != "version" and not (name == "status" and after == Status.AMENDED)


async def history(db: Db, statements: queries.Statements, record_id: UUID) -> bytes:
    """Every version: who, when, why, and both values of each field that changed."""
    versions = await db.rows(statements.versions, id=record_id)
    if not versions:
        raise NotFound
    items: list[dict[str, Any]] = []
    before: dict[str, Any] = {}
    for version in versions:
        after = orjson.loads(version["json"])
        items.append(
            {
                "version": version["version"],
                "at": version["changed_at"],
                "by": version["changed_by"],
                "reason": version["change_reason"],
                "changes": differences(before, after) if before else [],
                "record": after,
            }
        )
        before = after
    return written({"items": items, "next_cursor": None})


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[dict[str, Any]]:
    """The fields that differ, with both values.

    >>> differences({"total": 9, "version": 1}, {"total": 8, "version": 2})
    [{'field': 'total', 'before': 9, 'after': 8}]
    """
    return [
        {"field": name, "before": before.get(name), "after": value}
        for name, value in after.items()
        if before.get(name) != value and says_something(name, value)
    ]
