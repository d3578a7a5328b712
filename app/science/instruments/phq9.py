"""Depression: the PHQ-9.

Kroenke K, Spitzer RL, Williams JBW. The PHQ-9: validity of a brief depression severity measure.
J Gen Intern Med 2001;16(9):606-613.
"""

from app.science.instruments.model import (
    AnswerLabel,
    CutOff,
    Instrument,
    Item,
    MissingRule,
    ReliefProfile,
    SafetyItem,
    bands,
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
from app.science.instruments.sources import found, partly_default, recalled

DIFFICULTY_LABELS = (
    AnswerLabel(0, "Not difficult at all", "LA6572-7"),
    AnswerLabel(1, "Somewhat difficult", "LA6573-5"),
    AnswerLabel(2, "Very difficult", "LA6575-0"),
    AnswerLabel(3, "Extremely difficult", "LA6574-3"),
)
"""LOINC answer list LL359-1, whose codes are not in the order of the answers."""

_DIFFICULTY = Item(
    10,
    "functional difficulty",
    0,
    3,
    scored=False,
    loinc="69722-7",
    wording=(
        "If you checked off any problems, how difficult have these problems made it for you to do"
        " your work, take care of things at home, or get along with other people?"
    ),
    labels=DIFFICULTY_LABELS,
)

PHQ_9 = Instrument(
    code="PHQ-9",
    name="Patient Health Questionnaire, 9 items",
    version="past-2-weeks",
    scoring_version="phq-9/1",
    administered_by="self",
    items=(*numbered(NAMES, 3, loinc=LOINC, wording=WORDING), _DIFFICULTY),
    structure=found("USCORE", "PSYB"),
    stem=STEM,
    answer_labels=LABELS,
    minimum=0,
    maximum=27,
    direction="worse",
    recall_hours=TWO_WEEKS_HOURS,
    recall_evidence=found("USCORE", "LHCF"),
    bands=bands(found("FULLREM"), 27, *SEVERITIES),
    cut_offs=(
        CutOff(
            "positive_screen",
            "at_least",
            10,
            "points",
            "A total of 10 or more: sensitivity and specificity 88 and 88 % in the original study,"
            " 74 and 91 % in New Zealand primary care.",
            found("FULLREM", "ARR10"),
        ),
        CutOff(
            "response",
            "at_least",
            50,
            "percent",
            "A fall of at least 50 % from baseline.",
            found("MCI22", "PS19"),
        ),
        CutOff("remission", "below", 5, "points", "A total below 5.", found("MCI22", "PS19")),
        CutOff(
            "clinically_significant_change",
            "at_most",
            9,
            "points",
            "A total of 9 or less together with a fall of at least 50 % from baseline.",
            found("MCM10"),
        ),
        CutOff(
            "meaningful_change",
            "at_least",
            5,
            "points",
            "A change of 5 points: two standard errors of measurement, n = 434.",
            found("LOW04"),
        ),
        CutOff(
            "meaningful_change_trd_esketamine",
            "at_least",
            6,
            "points",
            "A fall of 6 points, anchored, in treatment-resistant depression on esketamine.",
            found("TUR21"),
        ),
        CutOff(
            "meaningful_change_relative",
            "at_least",
            20,
            "percent",
            "A fall of about 20 % (21 % at moderate severity, 95 % CI 14.9 to 26.7), n = 400.",
            found("KOU22"),
        ),
    ),
    missing=MissingRule(
        2,
        None,
        "With one or two of the nine answers blank, each takes the mean of the answered ones; with"
        " more there is no total. The total is kept unrounded. A blank item 9 leaves the self-harm"
        " state unknown, whatever the total.",
        recalled("PHQMAN"),
    ),
    safety_items=(
        SafetyItem(
            item=9,
            crisis_at=1,
            alert_at=1,
            stop_at=2,
            emergency_at=None,
            evidence=partly_default("PSYB"),
        ),
    ),
    panel_loinc="44249-1",
    total_loinc="44261-6",
    licence=PFIZER,
    sources=("KRO01", "USERMAN"),
    relief=ReliefProfile(remission=4, same_day="last", confirm=1, sem=2.2),
)
"""Nine answers from 0 to 3, and a tenth, functional difficulty, that is not scored."""
