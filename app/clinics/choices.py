"""All that a clinic may choose: each number with its source, its unit and its bounds.

Whoever adds numbers adds their THRESHOLDS to `SETS`, one line each.
"""

from collections.abc import Mapping
from itertools import chain
from typing import Any

from app.science import chair, opening, safety, screenings, urgency
from app.science.forecast import window
from app.science.relief import choices as relief
from app.science.thresholds import Threshold, fault

OWN = {
    one.key: one
    for one in (
        Threshold(
            "clinic.second_factor_required",
            False,  # noqa: FBT003  # the value of a flag
            "Whether staff who sign in without a second factor may do nothing but set one up.",
            opening.SOURCE,
            "default",
        ),
        Threshold(
            "consents.required_for_enrolment",
            False,  # noqa: FBT003  # the value of a flag
            "Whether a phone is enrolled only where a consent of kind phone is recorded and holds.",
            opening.SOURCE,
            "default",
        ),
    )
}
"""What a clinic says of itself."""

SETS: tuple[Mapping[str, Threshold], ...] = (
    OWN,
    opening.THRESHOLDS,
    chair.THRESHOLDS,
    urgency.THRESHOLDS,
    screenings.THRESHOLDS,
    safety.THRESHOLDS,
    relief.THRESHOLDS,
    window.THRESHOLDS,
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
