"""A made-up clinic for demonstrations: people who do not exist, with plausible courses.

After the relief method, section 11, and published figures (`figures`). It shows how the product
behaves; it is evidence of nothing.
"""

from app.science.simulator.clinic import simulate
from app.science.simulator.figures import Archetype, Plan
from app.science.simulator.shapes import Checkin, Session, SideEffect, SimulatedPatient, Vitals
from app.science.simulator.today import with_today

__all__ = [
    "Archetype",
    "Checkin",
    "Plan",
    "Session",
    "SideEffect",
    "SimulatedPatient",
    "Vitals",
    "simulate",
    "with_today",
]
