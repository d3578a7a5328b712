"""All that a clinic may choose: each number with its source, its unit and its bounds.

Whoever adds numbers adds their THRESHOLDS to `SETS`, one line each.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from app.science import chair, urgency
from app.science.relief import choices as relief
from app.science.thresholds import Threshold, fault

THIS_CLINIC = "each clinic's own"

OWN = {
    one.key: one
    for one in (
        Threshold(
            "clinic.open_weekdays",
            [1, 2, 3, 4, 5],
            "The days of the week on which the clinic treats: 1 is Monday, 7 is Sunday.",
            THIS_CLINIC,
            "default",
            least=1,
            most=7,
        ),
        Threshold(
            "clinic.closed_on",
            [],
            "Dates on which the clinic doesn't treat, whatever the day of the week.",
            THIS_CLINIC,
            "default",
            kind="day",
        ),
        Threshold(
            "clinic.second_factor_required",
            False,  # noqa: FBT003  # the value of a flag
            "Whether staff who sign in without a second factor may do nothing but set one up.",
            THIS_CLINIC,
            "default",
        ),
    )
}
"""What a clinic says of itself."""

SETS: tuple[Mapping[str, Threshold], ...] = (
    OWN,
    chair.THRESHOLDS,
    urgency.THRESHOLDS,
    relief.THRESHOLDS,
)
"""Where the numbers come from."""

CHOICES: dict[str, Threshold] = dict(sorted(chain.from_iterable(one.items() for one in SETS)))
"""By key, in the order in which they are listed."""

INTENDED_USE = "forecast.intended_use"
"""Kept as a setting is, with its history, and accepted rather than chosen."""


def judged(choice: Threshold, value: Any) -> Any:
    """A value as it is kept: 24.0 is 24 where wholes are counted. Raises ValueError."""
    wrong = fault(choice, value)
    if wrong:
        raise ValueError(wrong)
    if choice.made_of != "whole":
        return value
    return [int(one) for one in value] if choice.listed else int(value)
