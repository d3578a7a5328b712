"""Weights that can't be right: a pound figure sent as kilograms."""

from app.access.policy import Caller
from app.infusions import queries
from app.infusions.queries import DOUBTFUL
from app.infusions.tables import WeightKind
from app.kit.errors import WeightDoubtful
from app.records.kinds import Telling
from app.records.tables import EntryMode

FAR = 0.15
"""A weight further than this share from the last known one is doubted; API, section 1."""


async def judge(telling: Telling) -> None:
    """Doubt a weight far from the last known one, unless the caller says that it is meant.

    What nobody can be asked about (history, a phone's check-in) is kept and flagged. Raises
    WeightDoubtful.
    """
    sent, values, before = telling.sent, telling.values, telling.before
    if before is not None and before["weight_kg"] == sent.weight_kg:
        values["weight_confirmed"] = before["weight_confirmed"]
        return
    told = before["flags"] if before is not None else values["flags"]
    values["flags"] = [flag for flag in told if flag != DOUBTFUL]
    if sent.weight_confirmed or not await is_far(telling):
        return
    if not unattended(telling):
        text = "is over 15 % from the last known weight; if it is meant, send weight_confirmed true"
        raise WeightDoubtful(("/weight_kg", text))
    values["flags"].append(DOUBTFUL)


async def is_far(telling: Telling) -> bool:
    """Whether the weight sent is far from the last one known before it."""
    sent, values, before = telling.sent, telling.values, telling.before
    if sent.weight_kg is None or getattr(sent, "weight_kind", None) not in ACTUAL:
        return False
    row = values if before is None else dict(before) | values
    last = await queries.last_weight_kg(
        telling.db, telling.subject.id, row["effective_at"], row["id"]
    )
    return last is not None and abs(sent.weight_kg - last) > FAR * last + ROUNDING


ACTUAL = (None, WeightKind.ACTUAL)
"""An ideal or a capped weight says nothing about what the scales said."""

ROUNDING = 1e-9
"""Slack for comparing kilograms held as floats."""


def unattended(telling: Telling) -> bool:
    """Whether nobody stands by who could confirm: a phone's check-in, or avowed history.

    That an integration is late is not enough: a pound figure charted last week is still to be asked
    about.
    """
    before, caller = telling.before, telling.viewer.caller
    if before is None:
        brought = telling.sent.entry_mode is not None
    else:
        brought = before["entry_mode"] == EntryMode.IMPORT
    return (caller == Caller.CLIENT and brought) or caller == Caller.DEVICE
