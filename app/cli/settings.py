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
        said = [
            f"{variable(found['loc'])}{found['msg'].removeprefix('Value error, ')}"
            for found in error.errors(include_input=False, include_url=False)
        ]
        raise Misused("; ".join(said)) from None


def variable(location: tuple[int | str, ...]) -> str:
    """The environment variable of a setting.

    >>> variable(("port",)), variable(())
    ('AFTERGLOW_PORT: ', '')
    """
    return f"AFTERGLOW_{str(location[0]).upper()}: " if location else ""
