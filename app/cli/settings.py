"""The settings, or a sentence about what is wrong with them."""

from typing import Any

from pydantic import ValidationError

from app.config import Settings
from app.kit.failed import Misused


def read_settings(**given: Any) -> Settings:
    """From the environment; what the command line gave comes first. Raises Misused."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        said = [told(found) for found in error.errors(include_input=False, include_url=False)]
        raise Misused("; ".join(said)) from None


def told(found: Any) -> str:
    """What is wrong, with the name of the variable if the words don't have it.

    >>> told({"loc": ("port",), "msg": "Input should be a valid integer"})
    'AFTERGLOW_PORT: Input should be a valid integer'
    """
    says = str(found["msg"]).removeprefix("Value error, ")
    if "AFTERGLOW_" in says or not found["loc"]:
        return says
    return f"AFTERGLOW_{str(found['loc'][0]).upper()}: {says}"
