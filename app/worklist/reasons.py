"""Why a patient is on the list, in which order, and how that is told of a row."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Literal, get_args

Reason = Literal[
    "alert",
    "relief_lost",
    "fading",
    "window_open",
    "window_opening",
    "answers_overdue",
    "review_due",
]
"""What needs attention. With none of these, there is `nothing`."""

REASONS: tuple[Reason, ...] = get_args(Reason)

SEEN = "seen"
"""Instead of a level: every alert that is not closed was acknowledged by someone."""

ALERT_RANKS = {"emergency": 1, "stop": 2, "warn": 3, "info": 10, SEEN: 11}

RANKS: Mapping[Reason, int] = {
    "relief_lost": 4,
    "fading": 5,
    "window_open": 6,
    "window_opening": 7,
    "answers_overdue": 8,
    "review_due": 9,
}

NOTHING = 12
"""The rank of those who need nothing."""

COLUMNS: Mapping[Reason, tuple[str, str | None]] = {
    "alert": ("alert_from", None),
    "relief_lost": ("lost_from", "lost_until"),
    "fading": ("fading_from", "fading_until"),
    "window_open": ("window_opens_at", None),
    "window_opening": ("window_opening_from", "window_opens_at"),
    "answers_overdue": ("answers_overdue_from", "answers_overdue_until"),
    "review_due": ("review_due_from", None),
}
"""The instants from which and until which each holds."""


def holding(row: Mapping[str, Any], now: datetime) -> Iterator[Reason]:
    """The reasons that hold of a row, the most urgent first (alerts before all)."""
    for reason in REASONS:
        since, until = COLUMNS[reason]
        begun = row[since] is not None and row[since] <= now
        if begun and not (until and row[until] is not None and row[until] <= now):
            yield reason


def item(row: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    """A row as the list shows it."""
    told = row["told"] or {}
    return {
        **{name: row[name] for name in NAMED},
        "state": state(row, now),
        "reasons": [
            {"reason": reason, "since": row[COLUMNS[reason][0]], **told[reason]}
            for reason in holding(row, now)
        ],
        "alerts": row["alerts"] or {},
        "window_opens_at": row["window_opens_at"],
        "window_closes_at": row["window_closes_at"],
        "forecast": row["forecast"],
    }


NAMED = (
    "patient_id",
    "given_name",
    "family_name",
    "responsible_clinician_id",
    "rank",
    "score",
    "last_reading_at",
    "computed_at",
)
"""What is shown as it is kept."""


def state(row: Mapping[str, Any], now: datetime) -> str | None:
    """How the patient is doing; unknown once the reading is too old to tell."""
    stale_at: datetime | None = row["unknown_from"]
    if stale_at is not None and stale_at < now:
        return "unknown"
    told: str | None = row["state"]
    return told
