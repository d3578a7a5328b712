"""What the outcomes of a clinic mean, with the numbers in force, and who says so."""

from typing import Any

from app.outcomes.curves import LAST_DAY
from app.outcomes.study import KEEPING_FROM, LONGEST_RUN, RUN_DAYS
from app.science.relief import METHOD_VERSION, Policy

METHOD = "Afterglow relief method, sections 1 to 4"


def rules(policy: Policy) -> list[dict[str, Any]]:
    """Each rule: `id`, `definition`, `source`, `version` and `trust`."""
    return [*_of_responses(policy), *_of_curves()]


def _of_responses(policy: Policy) -> list[dict[str, Any]]:
    window, share = policy.response_window_days, policy.response_fraction
    in_time = (
        f"A check-in within {window:g} days after the induction's last infusion, and before the"
        " next,"
    )
    return [
        _rule(
            "induction",
            f"The infusions that begin a course, each at most {RUN_DAYS:g} days after the one"
            f" before, {LONGEST_RUN} at most. It is over once another infusion follows, or"
            f" {window:g} days have passed.",
        ),
        _rule(
            "response",
            f"{in_time} with {share:.0%} of the baseline gone or more.",
            "MCI22, ALB18, LII23 for half of the baseline; " + METHOD,
            "found" if share == Policy().response_fraction else "clinic",
        ),
        _rule("remission", f"{in_time} at the instrument's cut-off or better; see policy."),
        _rule(
            "worst_case",
            "Whoever has no baseline or no check-in in time counts as no response.",
        ),
    ]


def _of_curves() -> list[dict[str, Any]]:
    return [
        _rule(
            "post_induction",
            f"Relief after the last infusion of an induction, and from a course's infusion"
            f" {KEEPING_FROM} on: what the curves are of. By phase, the others have a curve, too.",
        ),
        _rule(
            "loss_of_relief",
            "As in each patient's relief: see policy. Watching ends at the next infusion, the last"
            f" check-in or a longer hole; nothing is told after day {LAST_DAY}.",
        ),
        _rule(
            "side_effects",
            "Of the sessions in which the effect was asked about, those in which it was there; and"
            " at least, of all sessions.",
        ),
    ]


def _rule(
    name: str, definition: str, source: str = METHOD, trust: str = "default"
) -> dict[str, Any]:
    told = {"id": name, "definition": definition, "source": source}
    return {**told, "version": METHOD_VERSION, "trust": trust}
