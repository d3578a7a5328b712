import shutil
import tempfile
from pathlib import Path

import pytest

from app.kit.postgres import running
from tests.kit.postgres.visits import at_work


def a_folder() -> Path:
    """Not pytest's: it closes its folders to the user whom root runs PostgreSQL as."""
    return Path(tempfile.mkdtemp(prefix="afterglow-test-")).resolve()


@pytest.fixture
def data_dir():
    """An empty data directory, left by all who used it."""
    folder = a_folder()
    yield folder
    assert not at_work(folder)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def home():
    """The data directory of the server that tests share."""
    folder = a_folder()
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def server(home):
    """A server that tests share, who leave it as it is."""
    with running(home) as found:
        yield found
