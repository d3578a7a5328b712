"""What a password that somebody chooses must be: long, and none of the commonest. No other rule.

NIST SP 800-63B, 5.1.1.2: length and a list, and no rules of composition, which make passwords that
are hard to keep and easy to guess.
"""

from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field

SHORTEST, LONGEST = 12, 1000

LIST = Path(__file__).with_name("common_passwords.txt")
"""Well-known ones that are long enough to be let through by length alone, in small letters."""


@cache
def commonest() -> frozenset[str]:
    """The list, read when it is first asked for."""
    return frozenset(LIST.read_text("utf-8").splitlines())


def uncommon(password: str) -> str:
    """The password, or ValueError for one that is tried first by whoever guesses."""
    if password.casefold() in commonest():
        raise ValueError("is one of the commonest: choose another")
    return password


NewPassword = Annotated[
    str, Field(min_length=SHORTEST, max_length=LONGEST), AfterValidator(uncommon)
]
