"""How long relief lasts after each infusion, and how the patient is doing now.

The definitions are the Afterglow relief method, sections 1 to 3, whose version is
`METHOD_VERSION`; every threshold is in `Policy`, with its source in `policy_provenance`.
"""

from app.science.relief.co_treatment import co_treatment
from app.science.relief.episodes import Checkin, Course, Findings, Interval, study
from app.science.relief.policy import METHOD_VERSION, Policy, policy_from, policy_provenance
from app.science.relief.scales import SCALES, Scale
from app.science.relief.state import Current, State, current, current_state
from app.science.relief.wire import as_json, extract, lines

__all__ = [
    "METHOD_VERSION",
    "SCALES",
    "Checkin",
    "Course",
    "Current",
    "Findings",
    "Interval",
    "Policy",
    "Scale",
    "State",
    "as_json",
    "co_treatment",
    "current",
    "current_state",
    "extract",
    "lines",
    "policy_from",
    "policy_provenance",
    "study",
]
