"""What of the relief method a clinic may choose, and the policy that its choices make.

The values and their sources are the policy's own; here is what a clinic is told of each, and what
it may choose. `course_gap_days` and `merge_hours` are not among them: courses are numbered in the
record itself, and two clocks for one course would tell two stories.
"""

from collections.abc import Mapping
from typing import Any, get_args

from app.science.relief.policy import DEFAULT, PROVENANCE, Unconfirmed
from app.science.relief.scales import SCALES
from app.science.thresholds import Kind, Threshold

PREFIX = "relief."
LOSS = "relief.loss_absolute."


def _of_policy(
    name: str,
    about: str,
    least: float | None = None,
    most: float | None = None,
    *,
    unit: str | None = None,
    kind: Kind | None = None,
) -> Threshold:
    """A number of the policy, as a clinic sees it."""
    source, trust = PROVENANCE[name]
    words = get_args(Unconfirmed) if name == "unconfirmed" else ()
    return Threshold(
        PREFIX + name, getattr(DEFAULT, name), about, source, trust, unit, least, most, kind, words
    )


def _loss_of(code: str) -> Threshold:
    source, trust = PROVENANCE["loss_absolute"]
    span = SCALES[code].highest - SCALES[code].lowest
    about = f"On {code}, relief is lost at this severity or more, in place of a share of baseline."
    return Threshold(LOSS + code, None, about, source, trust, "points", 1, span, "number")


OWN = (
    _of_policy("response_fraction", "A response is this share of the baseline gone.", 0.1, 1),
    _of_policy(
        "loss_fraction", "Relief is lost when less than this share of the baseline is gone.", 0.1, 1
    ),
    _of_policy(
        "confirm",
        "Check-ins in a row that a loss needs, on every instrument; by default each has its own.",
        1,
        10,
        unit="check-ins",
        kind="whole",
    ),
    _of_policy("unconfirmed", "What a loss still unconfirmed is when the interval ends."),
    _of_policy(
        "max_gap_days",
        "A longer hole between check-ins ends the observation of relief.",
        1,
        365,
        unit="days",
    ),
    _of_policy(
        "response_window_days",
        "A first check-in later than this that is bad says nothing of a response.",
        1,
        90,
        unit="days",
    ),
    _of_policy(
        "baseline_window_days",
        "A score may be this old at the first infusion and still be the baseline.",
        0,
        365,
        unit="days",
    ),
    _of_policy(
        "min_baseline",
        "Least severity to judge a course by; by default one point more than remission.",
        1,
        63,
        unit="points",
        kind="number",
    ),
    _of_policy(
        "carry_baseline", "Whether a course without a baseline may use the one of the last course."
    ),
    _of_policy(
        "settle_hours",
        "Scores sooner than this after an infusion's start are ignored.",
        0,
        72,
        unit="hours",
    ),
    _of_policy(
        "stale_days",
        "A last reading older than this no longer tells the current state.",
        1,
        365,
        unit="days",
    ),
    _of_policy(
        "fading_fraction",
        "Relief fades once this share of the way from its best to its loss is given back.",
        0.05,
        1,
    ),
    _of_policy(
        "fading_sems",
        "And not before severity has risen by this many standard errors of measurement.",
        0,
        10,
        unit="standard errors",
    ),
)

THRESHOLDS = {one.key: one for one in (*OWN, *map(_loss_of, SCALES))}
"""By key."""


def policy_choices(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What a clinic chose, under the policy's own names; what is no concern of relief's is left.

    >>> policy_choices({"relief.stale_days": 30, "relief.loss_absolute.MADRS": 22, "a.b": 1})
    {'stale_days': 30, 'loss_absolute': {'MADRS': 22}}
    """
    own = {
        key.removeprefix(PREFIX): value
        for key, value in chosen.items()
        if key in THRESHOLDS and not key.startswith(LOSS)
    }
    limits = {
        key.removeprefix(LOSS): value for key, value in chosen.items() if key.startswith(LOSS)
    }
    return own | ({"loss_absolute": limits} if limits else {})
