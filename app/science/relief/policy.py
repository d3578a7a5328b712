"""The thresholds of the relief method: their values, who says so, and how far to trust that.

Afterglow relief method, sections 1 to 3. Most of these numbers no source sets: they are this
method's defaults, labelled so, and a clinic may choose its own.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta, timezone, tzinfo
from typing import Any, Literal, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from app.science.courses import COURSE_GAP_DAYS
from app.science.relief.scales import REMISSION_SOURCES, SCALES, Provenance

METHOD_VERSION = "relief-1"
"""Goes up with any change to a number that a clinician sees."""

Unconfirmed = Literal["censor", "event_if_infusion", "event"]


@dataclass(frozen=True, slots=True)
class Policy:
    """What a clinic decides about relief. Raises ValueError for a value that means nothing."""

    instrument_priority: tuple[str, ...] = tuple(SCALES)
    """A course uses the first of these that can be judged; instruments are never mixed."""
    response_fraction: float = 0.5
    """A response is this share of the baseline gone, or more (inclusive)."""
    loss_fraction: float = 0.5
    """Relief is lost when less than this share of the baseline is gone (strict)."""
    loss_absolute: Mapping[str, float] = field(default_factory=dict)
    """By instrument: relief is lost at this severity or more, in place of `loss_fraction`."""
    confirm: int | None = None
    """Check-ins in a row that a loss needs; None leaves it to the instrument."""
    unconfirmed: Unconfirmed = "event_if_infusion"
    """What a loss still unconfirmed is when the interval ends."""
    max_gap_days: float = 42.0
    """A longer hole between check-ins (strict) ends the observation of relief."""
    response_window_days: float = 14.0
    """A first check-in later than this (strict) that is bad says nothing of a response."""
    baseline_window_days: float = 30.0
    """A score may be this old (inclusive) at the first infusion and still be the baseline."""
    min_baseline: float | None = None
    """Least severity to judge a course by; None asks one point more than remission."""
    carry_baseline: bool = True
    """Whether a course without a baseline may use the last earlier one on its instrument."""
    course_gap_days: float = COURSE_GAP_DAYS
    """A new course starts at an infusion more than this many days after the one before."""
    settle_hours: float = 2.0
    """Scores sooner than this after an infusion's start are ignored."""
    merge_hours: float = 12.0
    """Infusions starting within this of another (inclusive) are one treatment."""
    stale_days: float = 21.0
    """A last reading older than this (strict) no longer tells the current state."""
    fading_fraction: float = 0.5
    """Relief fades once this share of the way from its best to its loss is given back."""
    fading_sems: float = 2.0
    """And not before severity has risen by this many standard errors of measurement."""
    utc_offset_minutes: int = 0
    """The clinic's clock, for the local day and for times without a zone."""
    timezone: str | None = None
    """The clinic's clock by name, such as Europe/Paris; goes before `utc_offset_minutes`."""

    def __post_init__(self) -> None:
        unknown = {*self.instrument_priority, *self.loss_absolute} - SCALES.keys()
        if unknown:
            raise ValueError(f"policy names unknown instruments: {', '.join(sorted(unknown))}")
        if self.unconfirmed not in get_args(Unconfirmed):
            raise ValueError(f"policy: unconfirmed is one of {', '.join(get_args(Unconfirmed))}")
        if self.confirm is not None and self.confirm < 1:
            raise ValueError("policy: confirm is at least 1, or null for the instrument's own")

    def zone(self) -> tzinfo:
        """The clinic's clock. Raises ValueError for a time zone that nobody knows."""
        if self.timezone is None:
            return timezone(timedelta(minutes=self.utc_offset_minutes))
        try:
            return ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise ValueError("policy: no such timezone") from None


CHOSEN_HERE = Provenance("chosen by the clinic in place of the method's default", "clinic")

PROVENANCE = {
    "instrument_priority": Provenance("the field's usual order for clinics", "default"),
    "response_fraction": Provenance(
        "at least half of the baseline gone: McInnes 2022, Albott 2018, Lii 2023", "found"
    ),
    "loss_fraction": Provenance("mirrors the definition of a response", "default"),
    "loss_absolute": Provenance(
        "not used unless set; trials use MADRS 22 or more: Salloum 2020", "default"
    ),
    "confirm": Provenance(
        "relief method, section 9.4, on simulated clinics: a second bad reading in a row helps "
        "daily ratings and hurts weekly questionnaires",
        "default",
    ),
    "unconfirmed": Provenance(
        "relief method, section 9.4, on simulated clinics: censoring at the next infusion "
        "nearly doubles the median, as clinics retreat because the patient is worse",
        "default",
    ),
    "max_gap_days": Provenance("relief method, section 1", "default"),
    "response_window_days": Provenance(
        "relief method, section 2; McInnes 2022 reads response 14 to 31 days after", "default"
    ),
    "baseline_window_days": Provenance(
        "relief method, section 1; clinics look back 30 days", "default"
    ),
    "min_baseline": Provenance("half of a low baseline is noise", "default"),
    "carry_baseline": Provenance("relief method, section 1", "default"),
    "course_gap_days": Provenance("relief method, section 1", "default"),
    "settle_hours": Provenance(
        "effects of the session itself are gone within two hours for most: NIMH 2019", "derived"
    ),
    "merge_hours": Provenance("relief method, section 1", "default"),
    "stale_days": Provenance(
        "a check-in every two weeks is the longest usual cadence; one week of grace", "default"
    ),
    "fading_fraction": Provenance("relief method, current state", "default"),
    "fading_sems": Provenance(
        "a change of 2 standard errors is more than noise: Löwe 2004, for the PHQ-9", "derived"
    ),
    "utc_offset_minutes": Provenance("UTC unless the clinic says otherwise", "default"),
    "timezone": Provenance("the offset unless the clinic names a zone", "default"),
}
"""For every threshold of `Policy`, who says so."""

INSTRUMENT_SOURCES = {
    "same_day": Provenance("scores correct each other, ratings repeat each other", "default"),
    "confirm": PROVENANCE["confirm"],
    "sem": Provenance("Löwe 2004 for the PHQ-9 (2 errors are about 5 points), a prior", "derived"),
}

DEFAULT = Policy()


def policy_from(chosen: Mapping[str, Any]) -> Policy:
    """The default policy with a clinic's choices. Raises ValueError for one it doesn't know."""
    unknown = chosen.keys() - PROVENANCE.keys()
    if unknown:
        raise ValueError(f"policy has no {', '.join(sorted(unknown))}")
    if not chosen:
        return DEFAULT
    lists = {"instrument_priority": tuple(chosen.get("instrument_priority", tuple(SCALES)))}
    return Policy(**{**chosen, **lists})


def policy_provenance(policy: Policy) -> list[dict[str, Any]]:
    """Every threshold in force: `name`, `value`, `source`, `version` (of the method), `trust`.

    First the policy's own, then each preferred instrument's as "PHQ-9.remission" and so on. A
    value other than the default is the clinic's, whatever the default's source.
    """
    rows = []
    for name in (each.name for each in fields(policy)):
        value, provenance = getattr(policy, name), PROVENANCE[name]
        rows.append(_row(name, value, provenance, usual=value == getattr(DEFAULT, name)))
    for code in policy.instrument_priority:
        sources = {"remission": REMISSION_SOURCES[code], **INSTRUMENT_SOURCES}
        rows += [
            _row(f"{code}.{name}", getattr(SCALES[code], name), provenance, usual=True)
            for name, provenance in sources.items()
        ]
    return rows


def _row(name: str, value: object, said: Provenance, *, usual: bool) -> dict[str, Any]:
    source, trust = said if usual else CHOSEN_HERE
    plain = list(value) if isinstance(value, tuple) else value
    return {
        "name": name,
        "value": dict(plain) if isinstance(plain, Mapping) else plain,
        "source": source,
        "version": METHOD_VERSION,
        "trust": trust,
    }
