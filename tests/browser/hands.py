"""Whoever holds the device, and what it takes them."""

from playwright.sync_api import Locator, Page


class Hands:
    """Counts what a person does to get something done."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.taps = 0
        self.keys = 0

    def tap(self, what: Locator) -> None:
        what.click()
        self.taps += 1

    def type(self, *values: str) -> None:
        """Type where the page put the focus, value after value."""
        for value in values:
            self.page.keyboard.type(value)
            self.keys += len(value)
