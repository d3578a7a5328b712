import pytest

from tests.cli.processes import a_data_dir, serving


@pytest.fixture(scope="module")
def data_dir():
    """A data directory that the tests of a module share."""
    with a_data_dir() as folder:
        yield folder


@pytest.fixture(scope="module")
def service(data_dir):
    """A service that the tests of a module share, quick to lose patience."""
    limits = {"body_seconds": 1, "keep_alive_seconds": 1, "max_connections": 20}
    with serving(data_dir, max_body_bytes=5000, **limits) as running:
        yield running
