"""A device with a browser, watched: what it complains of, and whom it asks."""

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, Response

SHOTS = Path(__file__).parents[2] / ".screenshots"

SCREENS = {"laptop": (1280, ("dark", "light")), "phone": (390, ("light", "dark"))}
"""Their widths; each is left in the last of its themes, to be looked at."""

PATIENCE_MS = 15_000

AXE = Axe()

RULES = {
    "resultTypes": ["violations"],
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}

CONTRAST = {
    "resultTypes": ["violations"],
    "runOnly": {"type": "rule", "values": ["color-contrast"]},
}
"""What a theme can spoil in a page that has no other barrier."""

HEADINGS = """
    [...document.querySelectorAll("h1, h2, h3, h4")]
        .filter((one) => one.checkVisibility())
        .map((one) => Number(one.tagName[1]))
"""

TOO_WIDE = "document.documentElement.scrollWidth - innerWidth"


class Device:
    """One browser with one page. `wrong` is what should not have been."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.context = context
        self.host = urlsplit(url).netloc
        self.wrong: list[str] = []
        self.was_cut = False
        context.set_default_timeout(PATIENCE_MS)
        context.on("request", self._asked)
        context.on("response", self._answered)
        context.on("console", self._said)
        context.on("weberror", lambda error: self.wrong.append(str(error.error)))
        self.page = context.new_page()

    def _asked(self, request: Request) -> None:
        if urlsplit(request.url).netloc != self.host:
            self.wrong.append(f"asked another host: {request.url}")

    def _answered(self, response: Response) -> None:
        if response.status >= 500:
            self.wrong.append(f"{response.status} at {response.url}")

    def _said(self, message: ConsoleMessage) -> None:
        # Chromium itself notes a refusal, and what it could not load while the network was cut.
        noted = "the server responded with a status of 4" in message.text or (
            self.was_cut and "net::ERR" in message.text
        )
        if message.type in {"error", "warning"} and not noted:
            self.wrong.append(f"{message.type} at {self.page.url}: {message.text}")

    def cut(self) -> None:
        """Take the network away."""
        self.was_cut = True
        self.context.set_offline(True)

    def mend(self) -> None:
        """Give the network back."""
        self.context.set_offline(False)

    def open(self, path: str) -> int:
        """Go to a page; its status."""
        answer = self.page.goto(path)
        assert answer is not None, path
        return answer.status

    def sign_in(self, clinic: str, email: str, password: str, to: str = "/today") -> None:
        self.open(f"/sign-in?clinic={clinic}&next={to}")
        self.page.get_by_label("E-mail").fill(email)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda url: urlsplit(url).path == to)

    def shoot(self, name: str, *, whole: bool = True) -> None:
        """Keep how the page looks, for a person to look at."""
        SHOTS.mkdir(exist_ok=True)
        self.page.screenshot(path=SHOTS / f"{name}.png", full_page=whole)

    def barriers(self) -> list[str]:
        """What would be in somebody's way: what axe finds, headings, a page that is too wide."""
        told = self.broken(RULES)
        wide = self.page.evaluate(TOO_WIDE)
        if wide > 0:
            told.append(f"{wide} pixels wider than the screen")
        levels = self.page.evaluate(HEADINGS)
        steps = pairwise(levels)
        if levels[:1] != [1] or levels.count(1) > 1 or any(b - a > 1 for a, b in steps):
            told.append(f"headings out of order: {levels}")
        return told

    def broken(self, rules: dict) -> list[str]:
        """Which of axe's rules the page breaks, and where."""
        return [
            f"{one['id']} at {node['target']}: {node['failureSummary']}"
            for one in AXE.run(self.page, options=rules).response["violations"]
            for node in one["nodes"]
        ]


@contextmanager
def device_of(
    chromium: Browser, url: str, width: int = 1280, height: int = 900, **options
) -> Iterator[Device]:
    """A device that keeps nothing of any other. In the end nothing may have gone wrong at it."""
    size = {"width": width, "height": height}
    context = chromium.new_context(base_url=url, viewport=size, **options)
    device = Device(context, url)
    try:
        yield device
    finally:
        context.close()
    assert device.wrong == []
