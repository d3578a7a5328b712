"""What is due at the chair, and what should be true before somebody goes home."""

from app.science.chair.discharge import CRITERIA, Criterion, Evidence, criteria
from app.science.chair.monitoring import Due, Reading, State, plan, upcoming
from app.science.chair.thresholds import THRESHOLDS

__all__ = [
    "CRITERIA",
    "THRESHOLDS",
    "Criterion",
    "Due",
    "Evidence",
    "Reading",
    "State",
    "criteria",
    "plan",
    "upcoming",
]
