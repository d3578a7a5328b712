"""What is told to whoever runs Afterglow when it can't do what they asked."""

from typing import ClassVar


class Failed(Exception):
    """Says in a sentence what was wrong, where, and what would be right. Never holds a secret."""

    code: ClassVar[int] = 1
    """What the command exits with."""


class Misused(Failed):
    """The question or the settings are wrong, whatever the state of things."""

    code = 2
