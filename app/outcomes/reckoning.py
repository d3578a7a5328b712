"""From the rows of a clinic to what its outcomes are told from. Slow: run it in a thread."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from app.outcomes.answer import Known
from app.outcomes.curves import DAYS
from app.outcomes.modelled import SAMPLE, chances_lost
from app.outcomes.study import study
from app.science.forecast.parameters import shipped
from app.science.relief.choices import policy_choices
from app.science.relief.policy import policy_from


def studied(
    rows: Sequence[Mapping[str, Any]],
    choices: Mapping[str, Any],
    instruments: Sequence[str],
    now: datetime,
    *,
    is_modelled: bool,
) -> Known:
    """A clinic as of a moment; with the joint model where that may be used."""
    clinic = study(rows, choices, instruments, now, SAMPLE if is_modelled else 0)
    policy = policy_from({**policy_choices(choices), "instrument_priority": tuple(instruments)})
    if not is_modelled:
        return Known(clinic, now, policy, None, None)
    parameters = shipped()
    modelled = chances_lost(clinic.sampled, parameters, DAYS)
    return Known(clinic, now, policy, modelled, parameters.version)
