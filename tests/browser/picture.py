"""A patient's picture under somebody's hands."""

from playwright.sync_api import Locator, Page

SHIFTED = """
    (least) => new Promise((done) => {
        const told = [];
        const html = (one) => one.node?.outerHTML?.slice(0, 100);
        const seen = (list) => list.getEntries().filter((one) => one.value >= least).forEach(
            (one) => told.push(`${one.value} at ${one.startTime}: ${one.sources.map(html)}`));
        new PerformanceObserver(seen).observe({ type: "layout-shift", buffered: true });
        document.fonts.ready.then(() => setTimeout(() => done(told), 300));
    })
"""

SEEN = 0.002
"""The least shift that anybody sees: a digit that ticks is a tenth of it."""


def shifted(page: Page) -> list[str]:
    """What of a page moved since it was asked for, and by how much: its layout shifts."""
    told: list[str] = page.evaluate(SHIFTED, SEEN)
    return told


class Picture:
    """The timeline on a page. Shares run from the first shown day, 0, to the last, 1."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.region = page.get_by_role("region", name="Timeline picture")
        self.shown: Locator = page.locator("#shown")
        self.words: Locator = page.locator(".bubble")
        self.spoken: Locator = page.locator("#mark")

    def place(self, share: float, down: float = 0.25) -> tuple[float, float]:
        """Where a share of the shown days is on the screen."""
        svg = self.region.locator("svg")
        svg.scroll_into_view_if_needed()
        box = svg.bounding_box()
        assert box is not None
        left, right = (int(svg.get_attribute(f"data-{end}") or 0) for end in ("left", "right"))
        wide = box["width"] / int(svg.get_attribute("width") or 1)
        x = box["x"] + (left + share * (right - left)) * wide
        return x, box["y"] + down * box["height"]

    def drag(self, first: float, last: float) -> None:
        """With a mouse."""
        self.page.mouse.move(*self.place(first))
        self.page.mouse.down()
        self.page.mouse.move(*self.place(last), steps=4)
        self.page.mouse.up()

    def swipe(self, start: tuple[float, float], end: tuple[float, float]) -> None:
        """With a finger."""
        finger = self.page.context.new_cdp_session(self.page)
        for step in range(6):
            x, y = (a + (b - a) * step / 5 for a, b in zip(start, end, strict=True))
            kind = "touchMove" if step else "touchStart"
            points = [{"x": round(x), "y": round(y)}]
            finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        finger.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
