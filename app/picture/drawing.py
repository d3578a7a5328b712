"""The picture as a whole: which rows there are, and where each lies."""

from dataclasses import dataclass
from xml.etree.ElementTree import Element, tostring

from app.picture import crowds, panels
from app.picture.axes import Across, Down
from app.picture.colours import style
from app.picture.scene import Scene
from app.picture.svg import add, written

LEFT, RIGHT, TOP = 92, 16, 26
SCORES = 200
ROW, THIN = 34, 18

APART = 8
"""Pixels between marks that can be pointed at one by one, in a page."""

NARROWEST, WIDEST = 320, 2400


@dataclass(frozen=True, slots=True)
class Rows:
    """Where each row lies, in pixels from the top, under a plot of scores of fixed height."""

    infusions: float
    relief: float
    effects: dict[str, float]
    pressure: float | None
    bottom: float

    @property
    def height(self) -> float:
        """Of the whole picture."""
        return self.bottom + 22


def rows_of(scene: Scene) -> Rows:
    """Rows for what there is."""
    infusions = TOP + SCORES + ROW - 6
    relief = y = infusions + ROW + 2.0
    effects: dict[str, float] = {}
    for place, name in enumerate(panels.names(scene)):
        y += THIN if place else ROW - 8
        effects[name] = y
    pressure = y + ROW if scene.peaks else None
    return Rows(infusions, relief, effects, pressure, (pressure or y) + ROW - 10)


def draw(scene: Scene, width: int = 960, theme: str | None = "light") -> str:
    """The picture as SVG, `width` pixels wide, its height as its rows need.

    Without a theme it is a part of a page: that gives its colours, links to its records, and has to
    stay light.
    """
    rows = rows_of(scene)
    root = frame(scene, width, rows.height)
    if theme is not None:
        add(root, "style", style(theme))
    add(root, "rect", class_="ground", width=width, height=rows.height)
    apart = APART if theme is None else 0
    across = Across(scene.since, scene.until, LEFT, width - RIGHT, scene.zone, apart)
    down = Down(scene.scale, TOP, TOP + SCORES)
    panels.levels(add(root, "g"), scene.levels, across, down)
    grid(root, across, down, rows.bottom)
    labels(root, scene, rows)
    if scene.ahead is not None:
        panels.ahead(add(root, "g"), scene.ahead, across, TOP, rows.relief)
    facts(root, scene, rows, across, down)
    today(root, scene, across, rows.bottom)
    if theme is None:
        lighten(root)
    return tostring(root, encoding="unicode")


def facts(root: Element, scene: Scene, rows: Rows, across: Across, down: Down) -> None:
    """What happened, and what was measured and answered, each in its row."""
    panels.infusions(add(root, "g"), scene.given, across, rows.infusions, TOP)
    panels.relief(add(root, "g"), scene.spans, across, rows.relief, scene.now)
    for name, y in rows.effects.items():
        told = [one for one in scene.felt if one.effect == name]
        crowds.effects(add(root, "g"), told, across, y)
    if rows.pressure is not None:
        panels.pressures(add(root, "g"), scene.peaks, across, rows.pressure)
    crowds.scores(add(root, "g"), scene.scores, across, down)
    panels.flags(add(root, "g"), scene.flags, across, TOP - 12)


def lighten(root: Element) -> None:
    """Leave out what marks tell to programs; their words and where they lie stay."""
    for one in root.iter():
        if one is not root:
            for name in [name for name in one.attrib if name.startswith("data-")]:
                del one.attrib[name]


def frame(scene: Scene, width: int, height: float) -> Element:
    """The element that holds it all, and says in words what it shows."""
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "timeline",
            "role": "img",
            "aria-labelledby": "timeline-title timeline-summary",
            "viewBox": f"0 0 {width} {height:g}",
            "width": str(width),
            "height": f"{height:g}",
            "data-from": written(scene.since),
            "data-to": written(scene.until),
            "data-left": str(LEFT),
            "data-right": str(width - RIGHT),
            "data-top": str(TOP),
            "data-bottom": str(TOP + SCORES),
        },
    )
    add(root, "title", f"Timeline, {scene.scale.code}", id="timeline-title")
    add(root, "desc", scene.summary, id="timeline-summary")
    return root


def grid(root: Element, across: Across, down: Down, bottom: float) -> None:
    """The scale on the left, the dates below, and thin lines for both."""
    into = add(root, "g", aria_hidden="true")
    for severity, text in down.ticks():
        y = down(severity)
        add(into, "line", class_="grid", x1=across.left, x2=across.right, y1=y, y2=y)
        add(into, "text", text, class_="quiet", x=across.left - 6, y=y + 4, text_anchor="end")
    for at, text in across.ticks():
        x = across(at)
        add(into, "line", class_="grid", x1=x, x2=x, y1=down.bottom, y2=bottom)
        if x <= across.right - 20:
            add(into, "text", text, class_="quiet", x=x, y=bottom + 15, text_anchor="middle")


def labels(root: Element, scene: Scene, rows: Rows) -> None:
    """What each row is, on the left."""
    named = {scene.scale.code: TOP + 8.0, "Infusions": rows.infusions, "Relief": rows.relief}
    named |= {panels.named(name): y for name, y in rows.effects.items()}
    if rows.pressure is not None:
        named["Peak mmHg"] = rows.pressure
    for text, y in named.items():
        add(root, "text", text, x=4, y=y + 4)


def today(root: Element, scene: Scene, across: Across, bottom: float) -> None:
    """Where now is."""
    if across.shows(scene.now) and scene.until > scene.now:
        x = across(scene.now)
        add(root, "line", class_="now", x1=x, x2=x, y1=TOP, y2=bottom, data_at=scene.now)
        near = x > across.right - 40
        place = {"x": f"{x - 4 if near else x + 4:g}", "text_anchor": "end" if near else "start"}
        add(root, "text", "today", class_="quiet", y=TOP + 10, **place)
