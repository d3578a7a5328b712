"""One session of a made-up patient: the dose, the vital signs, the side effects."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from app.science.simulator.figures import (
    ALWAYS_ASKED,
    DIASTOLIC_SHARE,
    INCIDENCE,
    MINUTES,
    PEAK_RISE_MMHG,
    PLANNED_MINUTES,
    READING_SD_MMHG,
    RESTING_MMHG,
    RESTING_SD_MMHG,
    RISE_PROFILE,
    STOP_REASON,
    STOPPED_AT_MINUTE,
    WEARS_OFF,
)
from app.science.simulator.shapes import Session, SideEffect, Vitals

LATE_AT_MOST_MINUTES = 12
ALERT, DROWSY = 5, 4


@dataclass(frozen=True, slots=True)
class Body:
    """What a patient brings to every session."""

    weight_kg: float
    resting_systolic_mmhg: float
    resting_diastolic_mmhg: float
    hypertensive: bool
    resting_heart_rate_bpm: float


def draw_body(random: Random, *, hypertensive: bool) -> Body:
    """A grown-up body, with raised pressure or without."""
    systolic, diastolic = RESTING_MMHG[hypertensive]
    return Body(
        weight_kg=round(min(max(random.gauss(76, 14), 48), 125), 1),
        resting_systolic_mmhg=random.gauss(systolic, RESTING_SD_MMHG),
        resting_diastolic_mmhg=random.gauss(diastolic, RESTING_SD_MMHG / 2),
        hypertensive=hypertensive,
        resting_heart_rate_bpm=random.gauss(72, 6),
    )


def plan(random: Random, body: Body, at: datetime, mg_per_kg: float) -> Session:
    """A session as it is booked."""
    weight = round(body.weight_kg + random.gauss(0, 0.7), 1)
    return Session(
        status="planned",
        scheduled_at=at,
        planned_mg_per_kg=mg_per_kg,
        planned_minutes=PLANNED_MINUTES,
        weight_kg=weight,
        planned_dose_mg=round(weight * mg_per_kg, 1),
    )


def give(random: Random, body: Body, planned: Session, number: int) -> Session:
    """The same session once it was given to its end. `number` counts the patient's from 1."""
    start = planned.scheduled_at + timedelta(minutes=random.randint(0, LATE_AT_MOST_MINUTES))
    effects = tuple(_effects(random, start, number))
    drowsy = any(effect.effect == "sedation" and effect.present for effect in effects)
    return replace(
        planned,
        status="completed",
        started_at=start,
        ended_at=start + timedelta(minutes=planned.planned_minutes),
        monitoring_ended_at=start + timedelta(minutes=MINUTES[-1]),
        dose_mg=planned.planned_dose_mg,
        vitals=tuple(_vitals(random, body, start, drowsy=drowsy)),
        side_effects=effects,
    )


def stop_early(given: Session) -> Session:
    """A session that was given, had it been stopped for distress."""
    assert given.started_at is not None
    stopped_at = given.started_at + timedelta(minutes=STOPPED_AT_MINUTE)
    anxiety = SideEffect(
        effect="anxiety",
        present=True,
        severity=8,
        onset_at=stopped_at - timedelta(minutes=4),
        resolved_at=stopped_at + timedelta(minutes=35),
        action_taken="stopped",
    )
    others = tuple(effect for effect in given.side_effects if effect.effect != "anxiety")
    return replace(
        given,
        status="stopped",
        ended_at=stopped_at,
        dose_mg=round(given.planned_dose_mg * STOPPED_AT_MINUTE / given.planned_minutes, 1),
        stop_reason=STOP_REASON,
        side_effects=(*others, anxiety),
    )


def _vitals(random: Random, body: Body, start: datetime, *, drowsy: bool) -> Iterator[Vitals]:
    """Readings on the grid, at most a minute late; pressure rises and falls as `RISE_PROFILE`."""
    mean, spread = PEAK_RISE_MMHG[body.hypertensive]
    peak = random.gauss(mean, spread)
    for minute, share in zip(MINUTES, RISE_PROFILE, strict=True):
        rise = peak * share
        diastolic = body.resting_diastolic_mmhg + DIASTOLIC_SHARE * rise
        yield Vitals(
            measured_at=start + timedelta(minutes=minute, seconds=random.randint(0, 59)),
            planned_minute=minute,
            systolic_mmhg=_near(random, body.resting_systolic_mmhg + rise, READING_SD_MMHG),
            diastolic_mmhg=_near(random, diastolic, READING_SD_MMHG),
            heart_rate_bpm=_near(random, body.resting_heart_rate_bpm + 5 * share, 3),
            spo2_percent=min(_near(random, 97.5, 0.8), 100),
            sedation_moaas=DROWSY if drowsy and share >= RISE_PROFILE[3] else ALERT,
        )


def _effects(random: Random, start: datetime, number: int) -> Iterator[SideEffect]:
    for effect, incidence in INCIDENCE.items():
        share = incidence * WEARS_OFF.get(effect, 1.0) ** (number - 1)
        if random.random() < share:
            onset = start + timedelta(minutes=random.randint(8, 35))
            resolved = onset + timedelta(minutes=random.randint(20, 80))
            severity = min(max(round(random.gauss(4, 1.8)), 1), 9)
            yield SideEffect(effect, True, severity, onset, resolved, "none")  # noqa: FBT003  a fact, not a switch
        elif effect in ALWAYS_ASKED:
            yield SideEffect(effect, False, None, None, None, "none")  # noqa: FBT003  as above


def _near(random: Random, middle: float, spread: float) -> int:
    return round(random.gauss(middle, spread))
