"""A clinic's outcomes as the API tells them: filtered, and told apart where that is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from app.outcomes.curves import LAST_DAY, curves
from app.outcomes.responses import responses, side_effects
from app.outcomes.rules import rules
from app.outcomes.schemas import By, Wanted
from app.outcomes.study import Clinic, Episode, Given, Induction
from app.science.published import results
from app.science.relief import METHOD_VERSION, Policy, policy_provenance

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Known:
    """A clinic, worked out as of a moment."""

    clinic: Clinic
    at: datetime
    policy: Policy
    modelled: Mapping[str, npt.NDArray[np.float64]] | None
    """See outcomes.modelled; None where the joint model may not be used."""
    parameters_version: str | None


def told(known: Known, wanted: Wanted) -> Json:
    """The answer to one question."""
    clinic = known.clinic
    episodes = [one for one in clinic.episodes if _is_wanted(one.given, wanted)]
    inductions = [one for one in clinic.inductions if _is_wanted(one.given, wanted)]
    return {
        "as_of": known.at,
        "patients": clinic.patients,
        "days": list(range(LAST_DAY + 1)),
        "rules": rules(known.policy),
        "policy": policy_provenance(known.policy),
        "all": _stratum(known, episodes, inductions),
        "strata": list(_strata(known, episodes, inductions, wanted.by)) if wanted.by else [],
        "side_effects": side_effects((one.given for one in episodes), clinic.asked),
        "published": list(results()),
        "method_version": METHOD_VERSION,
        "parameters_version": known.parameters_version,
    }


def _is_wanted(given: Given, wanted: Wanted) -> bool:
    return (
        (wanted.since is None or given.at >= wanted.since)
        and (wanted.before is None or given.at < wanted.before)
        and (wanted.drug is None or given.drug == wanted.drug)
        and (wanted.route is None or given.route == wanted.route)
    )


def _strata(
    known: Known, episodes: Sequence[Episode], inductions: Sequence[Induction], by: By
) -> list[Json]:
    """One part for each value; what is judged by no instrument is left out there."""
    given = [*(one.given for one in episodes), *(one.given for one in inductions)]
    every = {getattr(one, by) for one in given} - {None}
    return [
        _stratum(
            known,
            [one for one in episodes if getattr(one.given, by) == value],
            [one for one in inductions if getattr(one.given, by) == value],
            by,
            value,
        )
        for value in sorted(every)
    ]


def _stratum(
    known: Known,
    episodes: Sequence[Episode],
    inductions: Sequence[Induction],
    by: By | None = None,
    value: str | None = None,
) -> Json:
    """A part, or all. Curves are of relief after induction unless phases are told apart."""
    kept = [one for one in episodes if by == "phase" or one.given.phase == "post_induction"]
    return {
        "by": by,
        "value": value,
        "responses": responses(inductions),
        "curves": curves(kept, known.modelled),
    }
