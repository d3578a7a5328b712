"""Dissociation during a session: CADSS and CADSS-6.

Bremner JD et al. Measurement of dissociative states with the Clinician-Administered Dissociative
States Scale (CADSS). J Trauma Stress 1998;11(1):125-136. No wording: the items are numbers.
"""

from app.science.instruments.model import (
    CutOff,
    Group,
    Instrument,
    Licence,
    no_blanks,
    numbered,
)
from app.science.instruments.sources import DEFAULT, derived, found, recalled, secondhand

_LICENCE = Licence(
    status="permission",
    holder="J. Douglas Bremner, through Mapi Research Trust",
    notice=None,
    text_redistributable=False,
    evidence=secondhand("PSYB"),
)

_SUBSCALES = secondhand("PSYB")

CADSS = Instrument(
    code="CADSS",
    name="Clinician-Administered Dissociative States Scale, 23 subjective items",
    version="23-subjective-items",
    scoring_version="cadss/1",
    administered_by="clinician",
    items=numbered([f"item {number}" for number in range(1, 24)], 4),
    structure=secondhand("PSYB"),
    minimum=0,
    maximum=92,
    direction="worse",
    recall_hours=0,
    recall_evidence=recalled("BRE98"),
    subscales=(
        Group("depersonalization", (3, 4, 5, 6, 7, 20, 23), _SUBSCALES),
        Group("derealization", (1, 2, 8, 9, 10, 11, 12, 13, 16, 17, 18, 19, 21), _SUBSCALES),
        Group("amnesia", (14, 15, 22), _SUBSCALES),
    ),
    cut_offs=(
        CutOff(
            "dissociation_present",
            "above",
            4,
            "points",
            "A total above 4, as reports on esketamine count it. No cut-off is validated.",
            recalled(),
        ),
    ),
    missing=no_blanks(DEFAULT),
    licence=_LICENCE,
    sources=("BRE98",),
)
"""Twenty-three ratings from 0 to 4. The forms of 19 and 27 items are others."""

CADSS_6_ITEMS = (1, 2, 6, 7, 15, 22)
"""The items of the CADSS that the short form keeps, in its order (ROD21)."""

CADSS_6 = Instrument(
    code="CADSS-6",
    name="Clinician-Administered Dissociative States Scale, 6 items",
    version="6-items",
    scoring_version="cadss-6/1",
    administered_by="clinician",
    items=numbered([f"item {number} of the CADSS" for number in CADSS_6_ITEMS], 4),
    structure=found("ROD21"),
    minimum=0,
    maximum=24,
    direction="worse",
    recall_hours=0,
    recall_evidence=derived("ROD21"),
    missing=no_blanks(DEFAULT),
    licence=_LICENCE,
    sources=("ROD21", "BRE98"),
)
"""Six ratings from 0 to 4, chosen from the CADSS in hindsight and not validated."""
