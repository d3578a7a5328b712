"""What the modules of the Patient Health Questionnaire and the GAD-7 share.

Kroenke K, Spitzer RL, Williams JBW. The PHQ-9: validity of a brief depression severity measure.
J Gen Intern Med 2001;16(9):606-613.
"""

from app.science.instruments.model import AnswerLabel, Licence
from app.science.instruments.sources import found

TWO_WEEKS_HOURS = 14 * 24
"""How far back the questions of the whole family look."""

STEM = "Over the last 2 weeks, how often have you been bothered by any of the following problems?"

LABELS = (
    AnswerLabel(0, "Not at all", "LA6568-5"),
    AnswerLabel(1, "Several days", "LA6569-3"),
    AnswerLabel(2, "More than half the days", "LA6570-1"),
    AnswerLabel(3, "Nearly every day", "LA6571-9"),
)
"""LOINC answer list LL358-3, shared with the GAD-7."""

PFIZER = Licence(
    status="free",
    holder="Pfizer Inc.",
    notice=(
        "Copyright © Pfizer Inc. All rights reserved. Developed by Drs. Robert L. Spitzer,"
        " Janet B.W. Williams, Kurt Kroenke and colleagues, with an educational grant from"
        " Pfizer Inc. No permission required to reproduce, translate, display or distribute."
    ),
    text_redistributable=True,
    evidence=found("USCORE"),
)

NAMES = (
    "interest",
    "mood",
    "sleep",
    "energy",
    "appetite",
    "self-worth",
    "concentration",
    "psychomotor change",
    "thoughts of death or self-harm",
)

WORDING = (
    "Little interest or pleasure in doing things",
    "Feeling down, depressed, or hopeless",
    "Trouble falling or staying asleep, or sleeping too much",
    "Feeling tired or having little energy",
    "Poor appetite or overeating",
    (
        "Feeling bad about yourself - or that you are a failure or have let yourself or your"
        " family down"
    ),
    "Trouble concentrating on things, such as reading the newspaper or watching television",
    (
        "Moving or speaking so slowly that other people could have noticed? Or the opposite"
        " - being so fidgety or restless that you have been moving around a lot more than"
        " usual"
    ),
    "Thoughts that you would be better off dead, or of hurting yourself in some way",
)

LOINC = (
    "44250-9",
    "44255-8",
    "44259-0",
    "44254-1",
    "44251-7",
    "44258-2",
    "44252-5",
    "44253-3",
    "44260-8",
)

SEVERITIES = (
    ("none", 0),
    ("mild", 5),
    ("moderate", 10),
    ("moderately_severe", 15),
    ("severe", 20),
)
