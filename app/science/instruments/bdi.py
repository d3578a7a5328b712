"""Depression: the Beck Depression Inventory-II.

Beck AT, Steer RA, Brown GK. Manual for the Beck Depression Inventory-II. 1996. Its wording is
never shipped, not even in a test: the items are numbers here.
"""

from dataclasses import replace

from app.science.instruments.model import (
    CutOff,
    Instrument,
    Licence,
    ReliefProfile,
    SafetyItem,
    bands,
    no_blanks,
    numbered,
)
from app.science.instruments.sources import DEFAULT, found, recalled

TWO_WEEKS_HOURS = 14 * 24

_SUICIDE_ITEM = 9
_NAMED = {2: "hopelessness", _SUICIDE_ITEM: "suicidal thoughts"}

BDI_II = Instrument(
    code="BDI-II",
    name="Beck Depression Inventory-II",
    version="past-2-weeks",
    scoring_version="bdi-ii/1",
    administered_by="self",
    items=tuple(
        replace(item, name=_NAMED.get(item.number, item.name))
        for item in numbered([f"item {number}" for number in range(1, 22)], 3)
    ),
    structure=found("MIIPRO", "MIIDOC"),
    minimum=0,
    maximum=63,
    direction="worse",
    recall_hours=TWO_WEEKS_HOURS,
    recall_evidence=recalled("BEC96"),
    bands=bands(
        recalled("BEC96"), 63, ("minimal", 0), ("mild", 14), ("moderate", 20), ("severe", 29)
    ),
    cut_offs=(
        CutOff(
            "response",
            "at_least",
            50,
            "percent",
            "A fall of at least 50 % from baseline.",
            recalled(),
        ),
        CutOff("remission", "at_most", 13, "points", "A total of 13 or less.", recalled()),
        CutOff("remission_strict", "below", 10, "points", "A total below 10.", recalled()),
        CutOff(
            "meaningful_change_relative",
            "at_least",
            17.5,
            "percent",
            "A fall of 17.5 % from baseline.",
            recalled("BUT15"),
        ),
        CutOff(
            "meaningful_change_relative_moderate",
            "at_least",
            23,
            "percent",
            "A fall of 23 % (18.0 to 27.8) from baseline at moderate severity.",
            found("KOU22"),
        ),
        CutOff(
            "meaningful_change",
            "at_least",
            3.5,
            "points",
            "A change of 3.5 points.",
            found("KOU22"),
        ),
    ),
    missing=no_blanks(recalled("BEC96")),
    safety_items=(
        SafetyItem(
            item=_SUICIDE_ITEM,
            crisis_at=1,
            alert_at=1,
            stop_at=None,
            emergency_at=None,
            evidence=DEFAULT,
        ),
    ),
    total_loinc="89209-1",
    licence=Licence(
        status="permission",
        holder="Pearson",
        notice=None,
        text_redistributable=False,
        evidence=found("MIIDOC"),
    ),
    sources=("BEC96",),
    relief=ReliefProfile(remission=12, same_day="last", confirm=1, sem=3.5),
)
"""Twenty-one answers from 0 to 3; items 16 and 18 offer seven options, still scored 0 to 3."""
