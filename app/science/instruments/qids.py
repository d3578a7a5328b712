"""Depression: the QIDS-SR16, which counts the worst item of each of nine domains.

Rush AJ et al. The 16-item Quick Inventory of Depressive Symptomatology. Biol Psychiatry
2003;54(5):573-583. What its licence allows is contested: structure and scoring only, no wording.
"""

from dataclasses import replace

from app.science.instruments.model import (
    CutOff,
    Group,
    Instrument,
    Item,
    Licence,
    MissingRule,
    ReliefProfile,
    SafetyItem,
    Skip,
    bands,
    numbered,
)
from app.science.instruments.sources import (
    DEFAULT,
    found,
    partly_default,
    recalled,
    secondhand,
)

WEEK_HOURS = 7 * 24
TWO_WEEKS_HOURS = 14 * 24

_NAMES = (
    "sleep onset",
    "mid-nocturnal waking",
    "early waking",
    "hypersomnia",
    "sad mood",
    "appetite down",
    "appetite up",
    "weight down",
    "weight up",
    "concentration",
    "self-view",
    "thoughts of death or suicide",
    "interest",
    "energy",
    "slowed",
    "restless",
)

_OTHER_OF_PAIR = {6: 7, 7: 6, 8: 9, 9: 8}
"""Appetite went down or up, and weight did: one of each pair is answered."""

_WEIGHT_ITEMS = (8, 9)
"""These two look back two weeks, the rest one."""


def _qids_item(item: Item) -> Item:
    """The item with the blanks and the recall that are its own."""
    other = _OTHER_OF_PAIR.get(item.number)
    if other is None:
        return item
    return replace(
        item,
        skip=Skip(other, None, f"Left blank where item {other} was answered.", recalled("RUS03")),
        recall_hours=TWO_WEEKS_HOURS if item.number in _WEIGHT_ITEMS else None,
    )


_SUM = found("PSYB", "CLIOT", "GLC")

_DOMAINS: tuple[tuple[str, tuple[int, ...]], ...] = (
    ("sleep", (1, 2, 3, 4)),
    ("mood", (5,)),
    ("appetite_weight", (6, 7, 8, 9)),
    ("concentration", (10,)),
    ("self_view", (11,)),
    ("suicidal_ideation", (12,)),
    ("interest", (13,)),
    ("energy", (14,)),
    ("psychomotor", (15, 16)),
)

QIDS_SR16 = Instrument(
    code="QIDS-SR16",
    name="Quick Inventory of Depressive Symptomatology, self-report, 16 items",
    version="past-7-days",
    scoring_version="qids-sr16/1",
    administered_by="self",
    items=tuple(_qids_item(item) for item in numbered(_NAMES, 3)),
    structure=_SUM,
    domains=tuple(Group(name, items, _SUM) for name, items in _DOMAINS),
    minimum=0,
    maximum=27,
    direction="worse",
    recall_hours=WEEK_HOURS,
    recall_evidence=secondhand("PSYB", "GLC"),
    bands=bands(
        found("IDSQIDS", "HIBOOP"),
        27,
        ("none", 0),
        ("mild", 6),
        ("moderate", 11),
        ("severe", 16),
        ("very_severe", 21),
    ),
    cut_offs=(
        CutOff(
            "response",
            "at_least",
            50,
            "percent",
            "A fall of at least 50 % from baseline.",
            found("ANA23"),
        ),
        CutOff("remission", "at_most", 5, "points", "A total of 5 or less.", found("HIBOOP")),
    ),
    missing=MissingRule(
        0,
        None,
        "A domain counts its worst answered item; a domain with no answer leaves no total. A blank"
        " in one of 6 and 7, or one of 8 and 9, is how the form is filled in and nothing missing.",
        DEFAULT,
    ),
    safety_items=(
        SafetyItem(
            item=12,
            crisis_at=1,
            alert_at=1,
            stop_at=2,
            emergency_at=None,
            evidence=partly_default("PSYB"),
        ),
    ),
    licence=Licence(
        status="unclear",
        holder="UT Southwestern Medical Center and the authors",
        notice=None,
        text_redistributable=False,
        evidence=recalled("RUS03", "PSYB"),
    ),
    sources=("RUS03",),
    relief=ReliefProfile(remission=5, same_day="last", confirm=1, sem=2.2),
)
"""Sixteen answers from 0 to 3 in nine domains; each domain counts its worst item."""
