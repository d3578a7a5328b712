"""Ratings from 0 to 10 in our own words: MOOD-10 and NAUSEA-10.

They run in opposite directions: mood is better up, nausea worse. No rating is no record, never 0.
"""

from app.science.instruments.model import (
    CutOff,
    Instrument,
    Licence,
    ReliefProfile,
    bands,
    no_blanks,
    numbered,
)
from app.science.instruments.sources import DEFAULT

_OWN = Licence(
    status="own",
    holder="Afterglow",
    notice=None,
    text_redistributable=True,
    evidence=DEFAULT,
)

MOOD_10 = Instrument(
    code="MOOD-10",
    name="Mood right now, 0 to 10",
    version="now",
    scoring_version="mood-10/1",
    administered_by="self",
    items=numbered(
        ("mood",),
        10,
        wording=(
            (
                "How is your mood right now, from 0 (the worst you can imagine) to 10 (the best you"
                " can imagine)?"
            ),
        ),
    ),
    structure=DEFAULT,
    minimum=0,
    maximum=10,
    direction="better",
    recall_hours=0,
    recall_evidence=DEFAULT,
    cut_offs=(
        CutOff("meaningful_change", "at_least", 1, "points", "A change of 1 to 2 points.", DEFAULT),
    ),
    missing=no_blanks(DEFAULT),
    licence=_OWN,
    sources=("AFTERGLOW",),
    relief=ReliefProfile(remission=2, same_day="mean", confirm=2, sem=1.3),
)
"""0 is the worst, 10 the best."""

NAUSEA_10 = Instrument(
    code="NAUSEA-10",
    name="Nausea right now, 0 to 10",
    version="now",
    scoring_version="nausea-10/1",
    administered_by="self",
    items=numbered(
        ("nausea",),
        10,
        wording=(
            (
                "How much nausea do you feel right now, from 0 (none) to 10 (the worst you can"
                " imagine)?"
            ),
        ),
    ),
    structure=DEFAULT,
    minimum=0,
    maximum=10,
    direction="worse",
    recall_hours=0,
    recall_evidence=DEFAULT,
    bands=bands(DEFAULT, 10, ("none", 0), ("mild", 1), ("moderate", 4), ("severe", 7)),
    missing=no_blanks(DEFAULT),
    licence=_OWN,
    sources=("AFTERGLOW",),
)
"""0 is none, 10 the worst. A 2 after an antiemetic is not a 2 without."""
