"""The bladder, which ketamine can harm: ICSI and IPSS.

O'Leary MP et al. Urology 1997;49(5A):58-63. Barry MJ et al. J Urol 1992;148(5):1549-1557. Neither
is validated for early harm by ketamine: a low total is no reassurance.
"""

from app.science.instruments.model import (
    CutOff,
    Instrument,
    Item,
    Licence,
    bands,
    no_blanks,
    numbered,
)
from app.science.instruments.sources import DEFAULT, derived, recalled

MONTH_HOURS = 30 * 24
"""A month of recall, taken as 30 days."""

_ASK = Licence(
    status="permission",
    holder=None,
    notice=None,
    text_redistributable=False,
    evidence=recalled(),
)

ICSI = Instrument(
    code="ICSI",
    name="Interstitial Cystitis Symptom Index",
    version="past-month",
    scoring_version="icsi/1",
    administered_by="self",
    items=numbered(("urgency", "frequency", "nocturia", "pain or burning"), 5),
    structure=derived("ICSI05", "ALPF", "LUB00"),
    minimum=0,
    maximum=20,
    direction="worse",
    recall_hours=MONTH_HOURS,
    recall_evidence=recalled("OLE97"),
    bands=bands(recalled(), 20, ("mild", 0), ("moderate", 7), ("severe", 15)),
    missing=no_blanks(DEFAULT),
    licence=_ASK,
    sources=("OLE97",),
)
"""Four answers from 0 to 5."""

_QUALITY_OF_LIFE = Item(8, "quality of life", 0, 6, scored=False, loinc="81090-3")

_IPSS_NAMES = (
    "emptying",
    "frequency",
    "intermittency",
    "urgency",
    "weak stream",
    "straining",
    "nocturia",
)

IPSS = Instrument(
    code="IPSS",
    name="International Prostate Symptom Score (urinary symptoms)",
    version="past-month",
    scoring_version="ipss/1",
    administered_by="self",
    items=(*numbered(_IPSS_NAMES, 5), _QUALITY_OF_LIFE),
    structure=recalled("BAR92"),
    minimum=0,
    maximum=35,
    direction="worse",
    recall_hours=MONTH_HOURS,
    recall_evidence=recalled("BAR92"),
    bands=bands(recalled("BAR92"), 35, ("mild", 0), ("moderate", 8), ("severe", 20)),
    cut_offs=(
        CutOff(
            "meaningful_change",
            "at_least",
            3,
            "points",
            "A change of 3 points is noticed.",
            recalled(),
        ),
    ),
    missing=no_blanks(DEFAULT),
    total_loinc="80976-4",
    licence=_ASK,
    sources=("BAR92", "ECQM"),
)
"""Seven answers from 0 to 5, and quality of life from 0 to 6, which is not scored.

Validated in men; a screen for women should not speak of the prostate.
"""
