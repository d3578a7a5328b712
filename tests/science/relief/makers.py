"""Makers of patient records, with defaults for what doesn't matter."""

from datetime import UTC, datetime, timedelta

START = datetime(2026, 1, 5, 10, tzinfo=UTC)


def on_day(day):
    return (START + timedelta(days=day)).isoformat()


def infusion(day, name=None, **more):
    return {"id": name or f"i{day}", "t": on_day(day), "dose_mg_per_kg": 0.5} | more


def phq9(day, value, name=None, **more):
    return {"id": name or f"s{day}", "instrument": "PHQ-9", "t": on_day(day), "value": value} | more


def mood(day, value, name=None, **more):
    return phq9(day, value, name) | {"instrument": "MOOD-10"} | more


def patient(infusions, scores, **more):
    return {"patient_id": "ada", "infusions": infusions, "scores": scores} | more
