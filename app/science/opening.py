"""The days on which a clinic treats."""

from app.science.thresholds import Threshold

SOURCE = "each clinic's own"

WEEKDAYS = Threshold(
    "clinic.open_weekdays",
    [1, 2, 3, 4, 5],
    "The days of the week on which the clinic treats: 1 is Monday, 7 is Sunday.",
    SOURCE,
    "default",
    least=1,
    most=7,
)

CLOSED_ON = Threshold(
    "clinic.closed_on",
    [],
    "Dates on which the clinic doesn't treat, whatever the day of the week.",
    SOURCE,
    "default",
    kind="day",
)

THRESHOLDS = {one.key: one for one in (WEEKDAYS, CLOSED_ON)}
"""By key."""
