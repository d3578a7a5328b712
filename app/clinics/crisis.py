"""What somebody in danger is shown, when their clinic has not written its own.

It names no number but the emergency one: lines differ by country, and a wrong number is worse than
none. A clinic sets its own text, contacts and hours.
"""

from typing import Any

DEFAULT: dict[str, Any] = {
    "text": (
        "If you are in danger, or might act on thoughts of ending your life, call your local "
        "emergency number now, or go to the nearest emergency department. This app is not "
        "watched around the clock; please also call your clinic."
    ),
    "contacts": [
        {"name": "Emergency (Europe)", "phone": "112"},
        {"name": "Emergency (United States, Canada)", "phone": "911"},
    ],
    "monitored": False,
    "monitored_hours": None,
    "language": "en",
    "version": "afterglow-1",
}


def text_of(own: dict[str, Any] | None) -> dict[str, Any]:
    """The clinic's own crisis text, with the default for what it leaves out."""
    return DEFAULT | (own or {})
