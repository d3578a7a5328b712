"""Patients to forecast, with defaults for what doesn't matter."""

from datetime import UTC, datetime, timedelta

from app.science.forecast.history import Treatment, history_of
from app.science.relief import study

START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def on_day(day):
    return START + timedelta(days=day)


def record(name="ada", gap=25, last=(4, 6), repeats=3, baseline=18, **more):
    """Five infusions in three weeks, then `repeats` with relief that fades, then one with `last`.

    `last` are the scores 3 and 10, 17, ... days after the last infusion.
    """
    starts = [*range(0, 20, 4), *(20 + gap * number for number in range(1, repeats + 2))]
    infusions = [
        {"id": f"{name}-i{day}", "t": on_day(day).isoformat(), "dose_mg_per_kg": 0.5}
        for day in starts
    ]
    scores = [(-1, baseline), *((day + 3, 8) for day in starts[:5])]
    for start in starts[5:-1]:
        scores += [(start + 3, 4), (start + 10, 6), (start + 17, 8), (start + 24, 12)]
    scores += [(starts[-1] + 3 + 7 * week, value) for week, value in enumerate(last)]
    return {
        "patient_id": name,
        "infusions": infusions,
        "scores": [score(f"{name}-s{day}", day, value) for day, value in scores],
        "infused_on": starts[-1],
    } | more


def score(name, day, value, instrument="PHQ-9"):
    return {"id": name, "instrument": instrument, "t": on_day(day).isoformat(), "value": value}


def history(clinic=None, **about):
    return history_of(study(record(**about)), clinic)


def now(about=None, days=12):
    return on_day(record(**(about or {}))["infused_on"] + days)


def treatment(days=(), severities=(), index=8, **more):
    given = {"dose_mg_per_kg": 0.5, "instrument": "PHQ-9", "baseline": 18.0, "limit": 9.0}
    return Treatment(index_in_course=index, days=days, severities=severities, **given | more)
