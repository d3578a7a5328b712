import pytest

from tests.docs.demo import served


@pytest.fixture(scope="package")
def demo(tmp_path_factory):
    """The demo clinic, as `make run` serves it."""
    with served(tmp_path_factory.mktemp("docs")) as demo:
        yield demo
