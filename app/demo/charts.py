"""Who takes, has and must not be given what, in the made-up clinic. People go by their numbers.

Plausible doses of common drugs by generic name, chosen so that a chart has something to show and
little speaks against anybody's next session.
"""

from typing import NamedTuple


class Drug(NamedTuple):
    """A drug, as everybody here takes it."""

    drug_class: str
    dose_mg: float
    frequency: str
    daily_mg: float
    diazepam_mg: float | None = None


DRUGS = {
    "sertraline": Drug("ssri", 100, "in the morning", 100),
    "escitalopram": Drug("ssri", 20, "in the morning", 20),
    "fluoxetine": Drug("ssri", 40, "in the morning", 40),
    "venlafaxine": Drug("snri", 150, "in the morning", 150),
    "duloxetine": Drug("snri", 60, "in the morning", 60),
    "bupropion": Drug("other_antidepressant", 300, "in the morning", 300),
    "mirtazapine": Drug("other_antidepressant", 30, "at night", 30),
    "vortioxetine": Drug("other_antidepressant", 20, "in the morning", 20),
    "aripiprazole": Drug("antipsychotic", 5, "in the morning", 5),
    "lithium carbonate": Drug("lithium", 300, "three times a day", 900),
    "lamotrigine": Drug("lamotrigine", 100, "twice a day", 200),
    "lorazepam": Drug("benzodiazepine", 0.5, "at night", 0.5, diazepam_mg=5),
    "ondansetron": Drug("other", 4, "before an infusion", 4),
    "lisinopril": Drug("antihypertensive", 10, "in the morning", 10),
    "amlodipine": Drug("antihypertensive", 5, "in the morning", 5),
    "levothyroxine": Drug("other", 0.075, "in the morning", 0.075),
    "metformin": Drug("other", 500, "twice a day", 1000),
}

TAKES: dict[int, tuple[str, ...]] = {
    0: ("sertraline",),
    1: ("escitalopram", "ondansetron"),
    2: ("venlafaxine",),
    3: ("duloxetine", "levothyroxine"),
    4: ("bupropion",),
    5: ("sertraline",),
    6: ("fluoxetine",),
    7: ("duloxetine",),
    8: ("mirtazapine",),
    9: ("escitalopram",),
    10: ("venlafaxine", "aripiprazole"),
    11: ("sertraline", "ondansetron"),
    12: ("vortioxetine",),
    13: ("mirtazapine",),
    14: ("bupropion", "sertraline"),
    15: ("venlafaxine", "lamotrigine"),
    16: ("escitalopram",),
    18: ("sertraline",),
    19: ("fluoxetine",),
    20: ("bupropion",),
    21: ("duloxetine", "lithium carbonate"),
    22: ("sertraline", "aripiprazole"),
    24: ("vortioxetine",),
    25: ("mirtazapine",),
    26: ("venlafaxine",),
    27: ("sertraline",),
    28: ("bupropion",),
    30: ("escitalopram",),
    31: ("duloxetine", "metformin"),
    32: ("fluoxetine", "lorazepam"),
    33: ("vortioxetine",),
    34: ("venlafaxine", "mirtazapine"),
    35: ("escitalopram",),
    36: ("sertraline",),
    37: ("bupropion",),
    38: ("mirtazapine",),
    39: ("fluoxetine",),
}
"""From before the first visit. Who is not here takes nothing."""

AGAINST_PRESSURE = ("lisinopril", "amlodipine")
"""What people with a high blood pressure take besides, by turns."""

TAPERED: dict[int, tuple[str, int]] = {9: ("escitalopram", 27), 12: ("vortioxetine", 41)}
"""What came to its planned end so many days after the first visit."""

ADDED: dict[int, tuple[str, int]] = {
    1: ("aripiprazole", 483),
    9: ("venlafaxine", 28),
    12: ("duloxetine", 42),
    38: ("lorazepam", 7),
}
"""What was added so many days after the first visit, while relief was followed."""

CONDITIONS: dict[int, str] = {
    3: "hypothyroidism",
    13: "obstructive sleep apnoea, on CPAP",
    18: "asthma, mild",
    22: "obstructive sleep apnoea, on CPAP",
    28: "migraine",
    31: "type 2 diabetes",
}

HYPERTENSION = "hypertension, treated"


class Reaction(NamedTuple):
    """An allergy."""

    substance: str
    reaction: str
    severity: str


ALLERGIES: dict[int, Reaction] = {
    1: Reaction("penicillin", "rash", "mild"),
    9: Reaction("sulfamethoxazole", "hives", "moderate"),
    17: Reaction("latex", "contact dermatitis", "mild"),
    24: Reaction("penicillin", "rash", "moderate"),
    33: Reaction("peanut", "swelling of the lips", "severe"),
}

LAPSED = frozenset({20})
"""Whose last pregnancy test nobody has repeated."""

RAISED_ALT: dict[int, int] = {21: 68}
"""A liver enzyme above what is usual, U/L. Everybody else's is within it."""
