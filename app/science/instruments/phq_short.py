"""Depression: the short forms PHQ-8 and PHQ-2.

Kroenke K et al. The PHQ-8. J Affect Disord 2009;114(1-3):163-173. Kroenke K, Spitzer RL, Williams
JBW. The PHQ-2. Med Care 2003;41(11):1284-1292.
"""

from app.science.instruments.model import (
    CutOff,
    Instrument,
    MissingRule,
    ReliefProfile,
    bands,
    no_blanks,
    numbered,
)
from app.science.instruments.phq import (
    LABELS,
    LOINC,
    NAMES,
    PFIZER,
    SEVERITIES,
    STEM,
    TWO_WEEKS_HOURS,
    WORDING,
)
from app.science.instruments.sources import DEFAULT, derived, found, recalled

PHQ_8 = Instrument(
    code="PHQ-8",
    name="Patient Health Questionnaire, 8 items",
    version="past-2-weeks",
    scoring_version="phq-8/1",
    administered_by="self",
    items=numbered(NAMES[:8], 3, wording=WORDING[:8]),
    structure=recalled("KRO09"),
    stem=STEM,
    answer_labels=LABELS,
    minimum=0,
    maximum=24,
    direction="worse",
    recall_hours=TWO_WEEKS_HOURS,
    recall_evidence=recalled("KRO09"),
    bands=bands(recalled("KRO09"), 24, *SEVERITIES),
    cut_offs=(
        CutOff(
            "positive_screen", "at_least", 10, "points", "A total of 10 or more.", recalled("KRO09")
        ),
        CutOff(
            "response", "at_least", 50, "percent", "A fall of at least 50 % from baseline.", DEFAULT
        ),
        CutOff("remission", "below", 5, "points", "A total below 5, as in the PHQ-9.", DEFAULT),
    ),
    missing=MissingRule(
        2,
        None,
        "As in the PHQ-9: one or two blanks take the mean of the answered items; with more there is"
        " no total.",
        DEFAULT,
    ),
    licence=PFIZER,
    sources=("KRO09",),
    relief=ReliefProfile(remission=4, same_day="last", confirm=1, sem=2.1),
)
"""The PHQ-9 without the question about self-harm, so it cannot say anything about it."""

PHQ_2 = Instrument(
    code="PHQ-2",
    name="Patient Health Questionnaire, 2 items",
    version="past-2-weeks",
    scoring_version="phq-2/1",
    administered_by="self",
    items=numbered(NAMES[:2], 3, loinc=LOINC[:2], wording=WORDING[:2]),
    structure=found("LOINCUSE"),
    stem=STEM,
    answer_labels=LABELS,
    minimum=0,
    maximum=6,
    direction="worse",
    recall_hours=TWO_WEEKS_HOURS,
    recall_evidence=derived("USCORE", "LHCF"),
    bands=bands(found("ARR10"), 6, ("negative", 0), ("positive", 3)),
    cut_offs=(
        CutOff(
            "positive_screen",
            "at_least",
            3,
            "points",
            "A total of 3 or more: sensitivity 61, specificity 92 %. A screen only; no response is"
            " computed on it.",
            found("ARR10"),
        ),
        CutOff(
            "sensitive_screen",
            "at_least",
            2,
            "points",
            "A total of 2 or more: sensitivity 86, specificity 78 %.",
            found("ARR10"),
        ),
    ),
    missing=no_blanks(DEFAULT),
    panel_loinc="55757-9",
    total_loinc="55758-7",
    licence=PFIZER,
    sources=("KRO03",),
)
"""The first two items of the PHQ-9: a screen."""
