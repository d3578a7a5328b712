"""Fixtures: a migrated PostgreSQL, emptied after each test, and callers who can ask things."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from app.config import Settings
from app.kit.migrate import run_migrate
from app.kit.postgres import ensure_database, running
from app.main import create_app
from tests.browser import chromium
from tests.contract import hold
from tests.database import Place, fresh, on_server
from tests.makers import Maker, Owner

LOGIN_PASSWORD = "only-for-tests"


def pytest_configure(config: pytest.Config) -> None:
    """Raise UsageError where a browser is asked for and there is none."""
    if chromium.wanted() and not chromium.find():
        raise pytest.UsageError(f"{chromium.WANTED} asks for a Chromium, and none was found")


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Say as the last thing that the browser suite did not run, where it would have."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    places = [(config.invocation_params.dir / arg).resolve() for arg in config.args]
    asked = any(chromium.HERE.is_relative_to(place) for place in places)
    if reporter and asked and not config.option.collectonly and not chromium.find():
        reporter.write_line(chromium.NOT_RUN, yellow=True)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def place(tmp_path_factory, worker_id="master") -> Iterator[Place]:
    """A database of this run's own: on the server that AFTERGLOW_TEST_URL names, or embedded."""
    name = f"afterglow_test_{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
    given = os.environ.get("AFTERGLOW_TEST_URL")
    if given:
        yield fresh(on_server(given, name), LOGIN_PASSWORD)
        return
    # One embedded server for all the workers of a run: each starts it or finds it.
    shared = (
        Path(tempfile.gettempdir())
        / f"afterglow-tests-{os.environ.get('PYTEST_XDIST_TESTRUNUID', os.getpid())}"
    )
    with running(shared, max_connections=200) as server:
        ensure_database(server, name)
        yield fresh(Place(name, server.url(name), server), LOGIN_PASSWORD)


@pytest.fixture(scope="session")
def settings(tmp_path_factory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("data"), pool_size=10)


@pytest.fixture(scope="session")
def migrated(place) -> Place:
    run_migrate(place.owner_url, place.login, LOGIN_PASSWORD)
    return place


@pytest.fixture
async def owner(migrated) -> AsyncIterator[Owner]:
    """The database seen by its owner, whom no policy holds; emptied when the test ends."""
    async with Owner.at(migrated.owner_url) as owner:
        yield owner
        await owner.empty()


@pytest.fixture(scope="session")
def built(settings, migrated) -> FastAPI:
    """The service, built once: FastAPI reads its routes anew for each that is built."""
    return create_app(settings, migrated.login_url)


@pytest.fixture
async def http(built, owner) -> AsyncIterator[httpx.AsyncClient]:
    """The service, in this process, started anew for each test."""
    async with built.router.lifespan_context(built) as state:

        async def with_state(scope, receive, send):
            await built({**scope, "state": dict(state)}, receive, send)

        transport = httpx.ASGITransport(with_state)
        async with httpx.AsyncClient(
            transport=transport, base_url="http://afterglow", event_hooks={"response": [hold]}
        ) as client:
            client.state = state
            yield client


@pytest.fixture
def make(owner) -> Maker:
    return Maker(owner)
