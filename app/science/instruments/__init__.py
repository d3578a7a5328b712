"""Questionnaires and ratings: what each is, how it is scored, and who says so.

An instrument is data. `score` turns answers into a total or a tier, `describe` shows everything
that is known of the instrument, and how far each number can be trusted.
"""

from app.science.instruments.change import at_least_halved, more_than_halved
from app.science.instruments.checks import Disagrees, InvalidAnswers
from app.science.instruments.description import describe
from app.science.instruments.model import (
    AnswerLabel,
    Band,
    Criteria,
    CutOff,
    Group,
    Instrument,
    Item,
    Licence,
    MissingRule,
    ReliefProfile,
    SafetyItem,
    Skip,
)
from app.science.instruments.registry import INSTRUMENTS, find, get
from app.science.instruments.scoring import Scored, score
from app.science.instruments.sources import SOURCES, Evidence, Source

__all__ = [
    "INSTRUMENTS",
    "SOURCES",
    "AnswerLabel",
    "Band",
    "Criteria",
    "CutOff",
    "Disagrees",
    "Evidence",
    "Group",
    "Instrument",
    "InvalidAnswers",
    "Item",
    "Licence",
    "MissingRule",
    "ReliefProfile",
    "SafetyItem",
    "Scored",
    "Skip",
    "Source",
    "at_least_halved",
    "describe",
    "find",
    "get",
    "more_than_halved",
    "score",
]
