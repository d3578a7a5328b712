"""The columns nobody sends: who recorded it, when it happened, by which clock, how it came in."""

from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import orjson
from pydantic import BaseModel

from app.access.policy import Caller, Viewer
from app.kit import clock
from app.kit.errors import Invalid
from app.records.kinds import Arrival, Subject
from app.records.schemas import ClinicalIn
from app.records.tables import EntryMode, Status

AHEAD = timedelta(hours=24)
"""Staff and EHR times further ahead than this can't have happened."""

LIVE = timedelta(hours=1)
"""Recorded within this of happening is `live`; [default], no source sets it."""

HISTORY = timedelta(hours=72)
"""What an integration records later than this is history it brings along."""

SKEW = timedelta(minutes=5)
"""A phone's clock further off than this is corrected."""


def digest(under: UUID, sent: BaseModel) -> bytes:
    """A fingerprint of what was sent: order, offset, 9/9.0, null/absent don't matter.

    `under` is what it was created under: the patient, or a session of theirs.
    """
    content = sent.model_dump(mode="json", exclude_none=True, exclude_defaults=True)
    told = orjson.dumps([str(under), _plain(content)], option=orjson.OPT_SORT_KEYS)
    return sha256(told).digest()


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list) else value


def stamp(
    viewer: Viewer,
    subject: Subject,
    sent: ClinicalIn,
    record_id: UUID,
    arrival: Arrival | None = None,
) -> dict[str, Any]:
    """The columns of a new record: what was sent, and who, when, by which clock."""
    now = arrival.received_at if arrival else clock.now()
    refuse_the_future(sent, now, arrival)
    moment = sent.moment(subject.time_zone)
    return {
        "clinic_id": viewer.clinic_id,
        "id": record_id,
        "patient_id": subject.id,
        "version": 1,
        "status": Status.FINAL.value,
        "recorded_at": now,
        "recorded_by": viewer.id,
        "changed_at": now,
        "changed_by": viewer.id,
        "change_reason": None,
        "content_sha256": digest(subject.under or subject.id, sent),
        "flags": [],
        "device_at": arrival.sent_at if arrival else None,
        **columns(sent),
        **timed(viewer, sent, moment or now, now, subject.time_zone, arrival),
    }


def refuse_the_future(sent: ClinicalIn, now: datetime, arrival: Arrival | None) -> None:
    """Raise Invalid for a time that can't have come yet. A phone's clock is never refused."""
    if arrival is not None:
        return
    told = {name: getattr(sent, name) for name in type(sent).model_fields}
    ahead = [
        (f"/{name}", "lies more than 24 hours ahead")
        for name, value in told.items()
        if name not in sent.may_lie_ahead and isinstance(value, datetime) and value - now > AHEAD
    ]
    if sent.day is not None and sent.day > (now + AHEAD).date():
        ahead.append((f"/{sent.clock}_on", "lies more than 24 hours ahead"))
    if ahead:
        raise Invalid(*ahead)


def columns(sent: ClinicalIn) -> dict[str, Any]:
    """The fields of a model as columns; nested ones as JSON."""
    fields = {name: _column(getattr(sent, name)) for name in _own_columns(type(sent))}
    source = sent.source
    return fields | {
        "source_system": source.system if source else None,
        "source_record_id": source.record_id if source else None,
        "source_version": source.version if source else None,
    }


@cache
def _own_columns(model: type[ClinicalIn]) -> tuple[str, ...]:
    """The fields of a model that are columns of the same name."""
    apart = {"source", "entry_mode"} | model.columns_apart
    return tuple(name for name in model.model_fields if name not in apart)


def _column(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, list | tuple) and value and isinstance(value[0], BaseModel):
        return [one.model_dump(mode="json") for one in value]
    return list(value) if isinstance(value, tuple) else value


def timed(
    viewer: Viewer,
    sent: ClinicalIn,
    moment: datetime,
    now: datetime,
    zone: str,
    arrival: Arrival | None = None,
) -> dict[str, Any]:
    """When it happened, how sure that is, and how it came in."""
    skew = arrival.received_at - arrival.sent_at if arrival else timedelta(0)
    effective = moment + skew if abs(skew) > SKEW else moment
    suspect = arrival is not None and effective > now
    effective = now if suspect else effective
    offset = effective.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    return {
        "effective_at": effective,
        "precision": sent.precision.value,
        "entry_mode": entry_mode(viewer, sent, now - effective),
        "time_zone": zone,
        "utc_offset_minutes": int(offset.total_seconds() // 60),
        "clock_skew_seconds": skew.total_seconds() if arrival else None,
        "late_seconds": max(0.0, (now - effective).total_seconds()) if arrival else None,
        "clock_suspect": suspect if arrival else None,
    }


def entry_mode(viewer: Viewer, sent: ClinicalIn, late: timedelta) -> str:
    """Live, late, or an import: only an integration brings history."""
    brought = sent.entry_mode is not None or late > HISTORY
    if viewer.caller == Caller.CLIENT and brought:
        return EntryMode.IMPORT.value
    return EntryMode.LIVE.value if late <= LIVE else EntryMode.LATE.value
