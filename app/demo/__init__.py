"""A made-up clinic, recorded through the same actions that the API uses, as if day by day.

The people come from science.simulator; the clock of kit is set back for each record, so that the
chart tells who knew what when. Ids are made of what they name: the same day makes the same clinic.
"""

from app.demo.filling import ZONE, Filled, fill

SLUG = "demo"
NAME = "Demo clinic (made-up patients)"

__all__ = ["NAME", "SLUG", "ZONE", "Filled", "fill"]
