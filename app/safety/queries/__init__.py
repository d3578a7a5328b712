"""Every statement of the safety rules."""

from app.safety.queries.chart import chair, chart, effects_of, icsi_of
from app.safety.queries.review import review

__all__ = ["chair", "chart", "effects_of", "icsi_of", "review"]
