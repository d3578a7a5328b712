import tempfile
from pathlib import Path

import pytest

from tests.docs.demo import served


@pytest.fixture(scope="package")
def demo():
    """The demo clinic, as `make run` serves it."""
    # Not a folder of pytest's, which others may not pass through: root runs PostgreSQL as another.
    place = tempfile.TemporaryDirectory(prefix="afterglow-docs-")
    with place as folder, served(Path(folder)) as demo:
        yield demo
