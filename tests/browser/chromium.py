"""The browser of this machine that the tests drive."""

import os
import shutil
from pathlib import Path

HERE = Path(__file__).parent

WANTED = "AFTERGLOW_TEST_BROWSER"
"""Names a Chromium; or says `required`, so that a machine without one fails."""

REQUIRED = "required"

NAMES = ("chromium", "chromium-browser", "google-chrome")

FLAGS = (
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

NOT_RUN = (
    "The browser suite did not run: there is no Chromium here. "
    f"Install chromium, or say where one is: {WANTED}=/path/to/chromium"
)


def wanted() -> str:
    return os.environ.get(WANTED, "")


def find() -> str | None:
    """Where Chromium is: the one that is named, else the first that is there."""
    names = NAMES if wanted() in {"", REQUIRED} else (wanted(),)
    return next(filter(None, map(shutil.which, names)), None)
