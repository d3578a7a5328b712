"""Well-being: the WHO-5, on which higher is better.

Topp CW et al. The WHO-5 Well-Being Index. Psychother Psychosom 2015;84(3):167-176. The licence
forbids some commercial use, so the wording is left to a clinic that holds it.
"""

from app.science.instruments.model import CutOff, Instrument, Licence, bands, no_blanks, numbered
from app.science.instruments.sources import DEFAULT, found, recalled

TWO_WEEKS_HOURS = 14 * 24

_READ = found("VAL", "SAU")

WHO_5 = Instrument(
    code="WHO-5",
    name="WHO-5 Well-Being Index",
    version="past-2-weeks",
    scoring_version="who-5/1",
    administered_by="self",
    items=numbered(("mood", "calm", "activity", "rest", "interest"), 5),
    structure=_READ,
    multiplier=4,
    minimum=0,
    maximum=100,
    direction="better",
    recall_hours=TWO_WEEKS_HOURS,
    recall_evidence=_READ,
    bands=bands(_READ, 100, ("low", 0), ("adequate", 51)),
    cut_offs=(
        CutOff(
            "low_wellbeing",
            "at_most",
            50,
            "points",
            "A total of 50 or less (a raw sum below 13): poor well-being.",
            _READ,
        ),
        CutOff(
            "likely_depression",
            "at_most",
            28,
            "points",
            "A total of 28 or less: depression is likely.",
            recalled("TOP15"),
        ),
        CutOff(
            "meaningful_change",
            "at_least",
            10,
            "points",
            "A change of 10 points of 100.",
            _READ,
        ),
    ),
    missing=no_blanks(DEFAULT),
    licence=Licence(
        status="non_commercial",
        holder="World Health Organization",
        notice="CC BY-NC-SA 3.0 IGO",
        text_redistributable=False,
        evidence=recalled(),
    ),
    sources=("TOP15",),
)
"""Five answers from 0 to 5; the raw sum times 4 makes 0 to 100."""
