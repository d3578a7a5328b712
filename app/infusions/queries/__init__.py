"""Every statement about sessions, doses, vital signs and side effects."""

from app.infusions.queries.children import has_children, session_of, void_children
from app.infusions.queries.sessions import (
    NEAR,
    Like,
    events_of,
    nearest,
    place,
    running,
    session,
    sessions_of,
    twin,
)
from app.infusions.queries.shown import (
    DOSE_EVENT,
    INFUSION,
    MEDICATION_GIVEN,
    SIDE_EFFECT,
    VITALS,
    dose_event_columns,
    infusion_columns,
    side_effect_columns,
    vitals_columns,
)
from app.infusions.queries.weights import DOUBTFUL, last_weight_kg

__all__ = [
    "DOSE_EVENT",
    "DOUBTFUL",
    "INFUSION",
    "MEDICATION_GIVEN",
    "NEAR",
    "SIDE_EFFECT",
    "VITALS",
    "Like",
    "dose_event_columns",
    "events_of",
    "has_children",
    "infusion_columns",
    "last_weight_kg",
    "nearest",
    "place",
    "running",
    "session",
    "session_of",
    "sessions_of",
    "side_effect_columns",
    "twin",
    "vitals_columns",
    "void_children",
]
