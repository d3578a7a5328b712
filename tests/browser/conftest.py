"""A real browser. Its tests are plain functions: Playwright brings an event loop of its own."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect, sync_playwright

from tests.browser import chromium as program
from tests.browser.devices import PATIENCE_MS, Device, device_of
from tests.cli.processes import a_data_dir

collect_ignore_glob = [] if program.find() else ["test_*.py"]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """Ended with each module: its event loop would be in the way of other tests."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program.find(),
            args=list(program.FLAGS),
            chromium_sandbox=os.geteuid() != 0,
        )
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def data_dir() -> Iterator[Path]:
    with a_data_dir() as folder:
        yield folder


@pytest.fixture
def device(chromium, service) -> Iterator[Callable[..., Device]]:
    """Makes devices."""
    with ExitStack() as stack:
        yield lambda **how: stack.enter_context(device_of(chromium, service.url, **how))
