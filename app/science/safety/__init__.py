"""The safety rules: data, and pure functions that say in one sentence what they found.

Clinical reference, section 5. They show, warn and remember; they decide nothing.
"""

from app.science.safety.answers import RULE_OF, self_harm
from app.science.safety.courses import (
    BLADDER,
    bladder_score,
    exposure,
    no_response,
    symptom,
    worse,
)
from app.science.safety.facts import (
    Allergy,
    Answer,
    Chart,
    Condition,
    Course,
    Exposure,
    Medication,
    Person,
    Reading,
    Screening,
    Session,
    Unreviewed,
    Weight,
)
from app.science.safety.judging import of_home, of_readings, of_session, stands_in_way
from app.science.safety.model import LEVELS, Finding, Hold, Level, Rule, loudness
from app.science.safety.rules import RULES
from app.science.safety.sessions import rems_form
from app.science.safety.thresholds import THRESHOLDS, Numbers

__all__ = [
    "BLADDER",
    "LEVELS",
    "RULES",
    "RULE_OF",
    "THRESHOLDS",
    "Allergy",
    "Answer",
    "Chart",
    "Condition",
    "Course",
    "Exposure",
    "Finding",
    "Hold",
    "Level",
    "Medication",
    "Numbers",
    "Person",
    "Reading",
    "Rule",
    "Screening",
    "Session",
    "Unreviewed",
    "Weight",
    "bladder_score",
    "exposure",
    "loudness",
    "no_response",
    "of_home",
    "of_readings",
    "of_session",
    "rems_form",
    "self_harm",
    "stands_in_way",
    "symptom",
    "worse",
]
