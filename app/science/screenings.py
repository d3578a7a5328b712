"""How long the answers to a screening hold.

A checklist, a test or a look-up is about the day it was done on. "Contraindication checklists must
store who answered, when and which version, and expire" is what clinics ask for; no source says
when, so each number here is a default, not a guideline.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from app.science.thresholds import Threshold

UNSAID = "default, not guideline"

LONGEST_DAYS = 730


def _days(kind: str, days: int, about: str) -> Threshold:
    key = f"background.{kind}_expire_days"
    return Threshold(key, days, about, UNSAID, "default", unit="days", least=1, most=LONGEST_DAYS)


OF_KIND = {
    "contraindications": _days(
        "contraindications", 90, "How long the answers to a contraindication checklist hold."
    ),
    "pregnancy": _days("pregnancy", 30, "How long the result of a pregnancy test holds."),
    "prescription_monitoring": _days(
        "prescription_monitoring",
        90,
        "How long a look into the prescription monitoring programme holds.",
    ),
}
"""By kind of screening. A drug screen tells of the days before it, and expires by no rule."""

THRESHOLDS = {one.key: one for one in OF_KIND.values()}


def expires_on(kind: str, answered_on: date, chosen: Mapping[str, Any]) -> date | None:
    """The first day on which a screening holds no longer; None where it doesn't expire.

    `chosen` are the clinic's own numbers, by key.

    >>> expires_on("pregnancy", date(2026, 11, 23), {})
    datetime.date(2026, 12, 23)
    >>> expires_on("pregnancy", date(2026, 11, 23), {"background.pregnancy_expire_days": 7})
    datetime.date(2026, 11, 30)
    >>> expires_on("drug_screen", date(2026, 11, 23), {}) is None
    True
    """
    threshold = OF_KIND.get(kind)
    if threshold is None:
        return None
    return answered_on + timedelta(days=chosen.get(threshold.key, threshold.value))
