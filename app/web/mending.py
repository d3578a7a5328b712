"""What is corrected at a chair: an entry's time and values, at the version that was looked at."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from app.access.policy import Viewer
from app.infusions.dose_events import DOSE_EVENT
from app.infusions.medications_given import MEDICATION_GIVEN
from app.infusions.vitals import VITALS
from app.kit.bodies import Unread, written
from app.kit.db import Db
from app.kit.errors import NotFound
from app.records import changes
from app.records.kinds import Kind
from app.web import chairside, entries, words
from app.web.entries import Content, Typed

WHY = "Corrected at the chair"
"""Kept as the reason of a correction for which nobody typed one."""


@dataclass(frozen=True)
class Mended:
    """What of a kind of entry a form corrects."""

    kind: Kind
    time: str
    numbers: tuple[str, ...]
    texts: tuple[str, ...] = ()


MENDED = {
    one.kind.noun: one
    for one in (
        Mended(
            VITALS,
            "measured_at",
            ("systolic_mmhg", "diastolic_mmhg", "heart_rate_bpm", "spo2_percent", "sedation_moaas"),
        ),
        Mended(DOSE_EVENT, "at", ("rate_mg_per_minute", "dose_mg"), ("reason",)),
        Mended(
            MEDICATION_GIVEN,
            "given_at",
            ("dose",),
            ("name", "unit", "route", "why", "response", "performed_by"),
        ),
    )
}
"""By the noun of the kind."""


async def correct(db: Db, viewer: Viewer, infusion_id: UUID, typed: Typed) -> None:
    """Correct an entry of this session. Sent again it changes nothing.

    Raises NotFound for an entry of another session, Stale where somebody corrected it meanwhile.
    """
    mended = MENDED.get(typed.get("kind", ""))
    if mended is None:
        raise NotFound
    record_id = entries.id_of(typed)
    there = await chairside.of_session(db, mended.kind, infusion_id, record_id)
    zone = (await chairside.zone_of(db)).key
    patch = differing(mended, typed, there) | moved(mended, typed, there, zone)
    if not patch:
        return
    patch["change_reason"] = typed.get("why_corrected") or WHY
    unread = Unread(mended.kind.model, written(patch))
    await changes.change(db, viewer, mended.kind, record_id, typed.get("version"), unread)


def differing(mended: Mended, typed: Typed, there: Mapping[str, Any]) -> Content:
    """The fields that say something else than what is kept; one that was emptied is taken out."""
    told = {name: entries.number(typed[name]) for name in mended.numbers if name in typed}
    told |= {name: typed[name] for name in mended.texts if name in typed}
    plain = {name: None if value == "" else value for name, value in told.items()}
    return {name: value for name, value in plain.items() if value != there[name]}


def moved(mended: Mended, typed: Typed, there: Mapping[str, Any], zone: str) -> Content:
    """Its time, where another was typed: the seconds of one that was left alone are kept."""
    was = words.instant(there[mended.time])
    if typed.get("clock") in (None, "", words.clock(was, zone)):
        return {}
    return {mended.time: entries.nearest_clock(typed, "clock", was, zone)}
