"""A picture of one patient, from what relief found and what the chart holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.kit import clock
from app.kit.db import Db, Row
from app.kit.errors import Invalid
from app.picture import queries
from app.picture.drawing import draw
from app.picture.scene import Ahead, Felt, Flag, Given, Levels, Peak, Scene, Score, Span
from app.picture.summary import summary
from app.relief import actions as relief
from app.science.instruments import find
from app.science.relief.scales import SCALES, Scale

Json = Mapping[str, Any]

USUAL = timedelta(days=180)
"""How far back a picture reaches unless it is asked for more."""

ROOM = timedelta(days=7)
"""Space before the first thing and after the last."""

LONGEST = timedelta(days=366 * 30)


async def picture(
    db: Db,
    patient_id: UUID,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    instrument: str | None = None,
    width: int = 960,
    theme: str | None = "light",
) -> str:
    """The timeline as SVG. Raises NotFound, and Invalid for a range that is none."""
    found = await relief.read(db, patient_id, instrument)
    return draw(await scene(db, patient_id, found, Range(since, until)), width, theme)


@dataclass(frozen=True, slots=True)
class Range:
    """From when to when; without a beginning as far back as `reach`, or to the first thing."""

    since: datetime | None = None
    until: datetime | None = None
    reach: timedelta | None = USUAL


async def zone_of(db: Db, patient_id: UUID) -> str:
    """The clock by which a patient's days begin. Raises NotFound."""
    return await queries.zone_of(db, patient_id)


async def scene(db: Db, patient_id: UUID, found: Json, span: Range = Range()) -> Scene:
    """What there is to show of a patient in a range of time; `found` is what relief read."""
    now, zone = clock.now(), await queries.zone_of(db, patient_id)
    given = await queries.sessions(db, patient_id)
    scale, spans, ahead = scale_of(found), spans_of(found, given), ahead_of(found, zone)
    begun = earliest(given, await queries.first_score(db, patient_id, scale.code))
    since, until = bounds(span, begun, ahead, now)
    return Scene(
        scale=scale,
        since=since,
        until=until,
        now=now,
        given=[given_of(one) for one in given],
        spans=spans,
        levels=levels_of(found, scale),
        ahead=ahead,
        summary=summary(found["current"], spans, scale.code, zone),
        zone=zone,
        whole=bounds(Range(reach=None), begun, ahead, now),
        **await within(db, patient_id, scale.code, since, until),
    )


async def within(
    db: Db, patient_id: UUID, code: str, since: datetime, until: datetime
) -> dict[str, Any]:
    """What is only read as far as it is shown: scores, side effects, pressures and flags."""
    told = (db, patient_id)
    peaks = await queries.peaks(*told, since, until)
    flags = await queries.flags(*told, since, until)
    return {
        "scores": scores_of(await queries.scores(*told, code, since, until), code),
        "felt": [Felt(**one) for one in await queries.felt(*told, since, until)],
        "peaks": [Peak(**one) for one in peaks if one["systolic"] is not None],
        "flags": [Flag(str(one["id"]), one["at"], one["kind"], one["level"]) for one in flags],
    }


def scale_of(found: Json) -> Scale:
    """The instrument of the last course that has one; else the first that is preferred."""
    used = [one["instrument"] for one in found["courses"] if one["instrument"]]
    if used:
        return SCALES[used[-1]]
    wanted = next(one["value"] for one in found["policy"] if one["name"] == "instrument_priority")
    return SCALES[wanted[0]]


def earliest(given: list[Row], first: datetime | None) -> datetime | None:
    """When there was first something to show."""
    starts = [one["effective_at"] for one in given[:1]] + ([first] if first else [])
    return min(starts, default=None)


def bounds(
    span: Range, begun: datetime | None, ahead: Ahead | None, now: datetime
) -> tuple[datetime, datetime]:
    """From when to when. Raises Invalid for a range that has no length, or that is too long."""
    since, until = span.since, span.until
    if until is None:
        known = (ahead.upper_at, ahead.closes_at, ahead.opens_at) if ahead else ()
        until = max([now, *(at for at in known if at is not None)]) + ROOM
    if since is None:
        oldest = until - (span.reach or LONGEST) - ROOM
        since = until - USUAL if begun is None else max(oldest, min(begun - ROOM, until - ROOM))
    if not timedelta(hours=1) <= until - since <= LONGEST + ROOM:
        raise Invalid(("/to", "must lie after `from`, by an hour at least and 30 years at most"))
    return since, until


def scores_of(rows: list[Row], code: str) -> list[Score]:
    """Answers with how far back each looks."""
    known = find(code)
    days = (known.recall_hours or 0) / 24 if known else 0.0
    return [Score(str(one["id"]), one["effective_at"], one["total"], days) for one in rows]


def given_of(row: Row) -> Given:
    """One infusion; what comes from a device is not told by weight."""
    by_weight = row["by_weight"] if row["drug"] == queries.WEIGHED else None
    told = None if by_weight is None else round(by_weight, 2)
    return Given(str(row["id"]), row["effective_at"], row["route"], told, row["dose_mg"])


def spans_of(found: Json, given: list[Row]) -> list[Span]:
    """Each episode on the calendar."""
    starts = {str(one["id"]): one["effective_at"] for one in given}
    episodes = [one for one in found["episodes"] if str(one["infusion_id"]) in starts]
    return [
        span_of(one, starts, episodes[place + 1] if place + 1 < len(episodes) else None)
        for place, one in enumerate(episodes)
    ]


def span_of(one: Json, starts: Mapping[str, datetime], after: Json | None) -> Span:
    """One episode on the calendar; it ends with the next infusion."""
    start = starts[str(one["infusion_id"])]

    def at(days: float | None) -> datetime | None:
        return None if days is None else start + timedelta(days=days)

    onset = one["onset"]
    seen = one["status"] in ("lost", "held")
    return Span(
        infusion_id=str(one["infusion_id"]),
        given_at=start,
        ends_at=starts[str(after["infusion_id"])] if after else None,
        status=one["status"],
        begins_at=at(onset["upper_days"]) if onset else None,
        well_until=at(one["lower_days"]) if seen else None,
        lost_by=at(one["upper_days"]) if seen else None,
    )


def levels_of(found: Json, scale: Scale) -> list[Levels]:
    """What counts as response and remission in each course on this instrument."""
    courses = [one for one in found["courses"] if one["instrument"] == scale.code]
    share = next(one["value"] for one in found["policy"] if one["name"] == "response_fraction")
    ends = [*(moment(one["started_at"]) for one in courses[1:]), None][: len(courses)]
    return [
        Levels(
            since=moment(one["started_at"]),
            until=end,
            response=None if one["baseline"] is None else (1 - share) * one["baseline"],
            remission=scale.remission,
        )
        for one, end in zip(courses, ends, strict=True)
    ]


def ahead_of(found: Json, zone: str) -> Ahead | None:
    """What is expected, where there is a forecast or a window."""
    forecast, window = found.get("forecast"), found.get("window")
    if not forecast and not window:
        return None
    middle = forecast["intervals"]["80"] if forecast else {}
    return Ahead(
        lower_at=optional(middle.get("lower_at"), zone),
        median_at=median_of(forecast),
        upper_at=optional(middle.get("upper_at"), zone),
        opens_at=optional((window or {}).get("opens_on"), zone),
        closes_at=optional((window or {}).get("closes_on"), zone),
    )


def median_of(forecast: Json | None) -> datetime | None:
    """When it is as likely as not that relief is lost; None where that is too far to say."""
    if forecast is None or forecast["median_days"] is None:
        return None
    return moment(forecast["infused_at"]) + timedelta(days=forecast["median_days"])


def optional(value: Any, zone: str) -> datetime | None:
    """An instant, or the beginning of a day where the patient is; None stays None."""
    return None if value is None else moment(value, zone)


def moment(value: Any, zone: str = "UTC") -> datetime:
    """An instant from what relief says: an instant, a date, or either as text."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
        if value.tzinfo is None:
            value = value.date()
    if isinstance(value, datetime):
        return value
    assert isinstance(value, date)
    return datetime.combine(value, time(), ZoneInfo(zone))
