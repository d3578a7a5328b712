"""How long relief lasts in a clinic, as curves over the days since an infusion. Pure.

What was observed is known only between check-ins: there it is drawn as boxes that the curve passes
through somewhere (Turnbull), never as a line. Two other readings of the same episodes are lines,
told apart by their dashes and their labels.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any
from xml.etree.ElementTree import Element, tostring

from app.picture.svg import add, mark

Json = Mapping[str, Any]
Values = Sequence[float | None]

LEFT, RIGHT = 92, 18
LEGEND, PLOT, AXIS, ROW = 17, 240, 34, 16

TICKS_DAYS = 14
"""As often are days named, and those at risk counted."""

LINES = {"at_detection": "detected", "noise_aware": "modelled"}
"""Which readings are lines, and their class."""

NAMES = {
    "observed": "Observed: the curve passes through the boxes",
    "at_detection": "As if lost when that was first seen (Kaplan-Meier)",
    "noise_aware": "With the noise of the scores (joint model)",
}
BAND = "95% band of the observed curve, over patients"

SHORT = {"observed": "Observed", "at_detection": "When seen"}
"""What the rows of those at risk are called."""


@dataclass(frozen=True, slots=True)
class Plot:
    """Where days and shares lie."""

    last: float
    right: float
    top: float

    def x(self, day: float) -> float:
        """Pixels from the left."""
        return round(LEFT + day / self.last * (self.right - LEFT), 2)

    def y(self, share: float) -> float:
        """Pixels from the top: all at the top, nobody at the bottom."""
        return round(self.bottom - share * PLOT, 2)

    @property
    def bottom(self) -> float:
        """Where nobody has relief any more."""
        return self.top + PLOT


def draw(curves: Json, days: Sequence[int], width: int, title: str, name: str) -> str:
    """The curves that there are, as SVG for a page whose style sheet colours it.

    `curves` is as the API tells it, with an observed curve; `name` makes its ids its own.
    """
    told = [code for code in NAMES if curves[code] is not None]
    counted = [code for code in told if curves[code]["at_risk"] is not None]
    plot = Plot(days[-1], width - RIGHT, (len(told) + 1) * LEGEND + 10)
    height = plot.bottom + AXIS + ROW * (len(counted) + 1)
    root = frame(plot, width, height, name)
    add(root, "title", title, id=f"{name}-title")
    add(root, "desc", summary(curves), id=f"{name}-summary")
    legend(root, told)
    grid(root, plot)
    observed = curves["observed"]
    band(root, plot, observed["lower"], observed["upper"])
    boxes(root, plot, observed["least"], observed["most"])
    for code in told:
        if code in LINES:
            line(root, plot, code, curves[code]["survival"])
    for place, code in enumerate(counted):
        at_risk(root, plot, place, SHORT[code], curves[code]["at_risk"])
    return tostring(root, encoding="unicode")


def frame(plot: Plot, width: int, height: float, name: str) -> Element:
    """The element that holds it all."""
    told = {
        "xmlns": "http://www.w3.org/2000/svg",
        "class": "curves",
        "role": "img",
        "aria-labelledby": f"{name}-title {name}-summary",
        "viewBox": f"0 0 {width} {height:g}",
        "width": str(width),
        "height": f"{height:g}",
        "data-left": str(LEFT),
        "data-right": f"{plot.right:g}",
        "data-top": f"{plot.top:g}",
        "data-bottom": f"{plot.bottom:g}",
        "data-last-day": f"{plot.last:g}",
    }
    return Element("svg", told)


def summary(curves: Json) -> str:
    """The picture in words; the table beside it has the numbers."""
    lost, held = curves["lost"], curves["held"]
    return (
        f"{curves['episodes']} episodes of relief in {curves['patients']} patients: "
        f"{lost} were lost and {held} held when last seen. The table has the numbers."
    )


def legend(root: Element, told: Sequence[str]) -> None:
    """Each reading with a piece of its line, the band last."""
    for place, code in enumerate([*told, "band"]):
        y = 8 + place * LEGEND
        if code in LINES:
            add(root, "line", class_=LINES[code], x1=4, x2=38, y1=y, y2=y)
        else:
            name = "band" if code == "band" else "open"
            add(root, "rect", class_=f"{name} key", x=4, y=y - 5, width=34, height=10)
        add(root, "text", NAMES.get(code, BAND), x=46, y=y + 4)


def grid(root: Element, plot: Plot) -> None:
    """Quarters to the left, days below."""
    into = add(root, "g", aria_hidden="true")
    for percent in (0, 25, 50, 75, 100):
        y = plot.y(percent / 100)
        add(into, "line", class_="grid", x1=LEFT, x2=plot.right, y1=y, y2=y)
        add(into, "text", f"{percent}%", class_="quiet", x=LEFT - 6, y=y + 4, text_anchor="end")
    for day in range(0, int(plot.last) + 1, TICKS_DAYS):
        x = plot.x(day)
        add(into, "line", class_="grid", x1=x, x2=x, y1=plot.top, y2=plot.bottom + 4)
        y = plot.bottom + 16
        add(into, "text", f"{day}", class_="quiet", x=x, y=y, text_anchor="middle")
    add(into, "text", "Day", class_="quiet", x=4, y=plot.bottom + 16)


def band(root: Element, plot: Plot, lower: Values, upper: Values) -> None:
    """Between the limits, as far as both are known."""
    known = [
        (day, low, high)
        for day, (low, high) in enumerate(zip(lower, upper, strict=True))
        if low is not None and high is not None
    ]
    over = [f"{plot.x(day):g},{plot.y(high):g}" for day, _, high in known]
    under = [f"{plot.x(day):g},{plot.y(low):g}" for day, low, _ in reversed(known)]
    add(root, "polygon", class_="band", points=" ".join(over + under))


@dataclass(frozen=True, slots=True)
class Run:
    """Days on which the curve is held to the same bounds."""

    first: float
    last: float
    least: float
    most: float

    @property
    def known(self) -> bool:
        """Whether the curve is at one place."""
        return self.least == self.most


def runs(least: Values, most: Values) -> list[Run]:
    """The days as runs, as far as anything is known."""
    days = [
        (day, (low, high))
        for day, (low, high) in enumerate(zip(least, most, strict=True))
        if low is not None and high is not None
    ]
    grouped = [(bounds, [day for day, _ in of]) for bounds, of in groupby(days, lambda one: one[1])]
    return [Run(of[0], of[-1], *bounds) for bounds, of in grouped]


def opened(found: Sequence[Run]) -> Iterator[Run]:
    """The boxes: the runs that are not known, grown to the days on which it is known again.

    A fall from one day to the next, both known, lies somewhere between them: that is a box, too.
    """
    for before, run, after in around(found):
        if not run.known:
            left = run.first - 0.5 if before is None or not before.known else before.last
            right = run.last if after is None else run.last + 0.5
            right = after.first if after is not None and after.known else right
            most = max(run.most, before.most if before is not None and before.known else run.most)
            least = min(run.least, after.least if after is not None and after.known else run.least)
            yield Run(max(0.0, left), right, least, most)
    for run, after in pairwise(found):
        if run.known and after.known:
            yield Run(run.last, after.first, after.least, run.most)


def around(found: Sequence[Run]) -> Iterator[tuple[Run | None, Run, Run | None]]:
    """Each run with the one before and the one after."""
    ends: list[Run | None] = [None, *found, None]
    return zip(ends, found, ends[2:], strict=False)


def boxes(root: Element, plot: Plot, least: Values, most: Values) -> None:
    """What was observed: lines where it is known, boxes where it is not."""
    found = runs(least, most)
    for one in sorted(opened(found), key=lambda run: run.first):
        mark(
            root,
            "rect",
            f"Somewhere between {100 * one.least:.0f} and {100 * one.most:.0f}%"
            f" from day {one.first:g} to {one.last:g}",
            class_="open",
            x=plot.x(one.first),
            y=plot.y(one.most),
            width=round(plot.x(one.last) - plot.x(one.first), 2),
            height=round(plot.y(one.least) - plot.y(one.most), 2),
        )
    for one in found:
        if one.known:
            x = {"x1": plot.x(one.first), "x2": max(plot.x(one.last), plot.x(one.first) + 1)}
            y = plot.y(one.most)
            told = f"{100 * one.most:.0f}% from day {one.first:g} to {one.last:g}"
            mark(root, "line", told, class_="known", y1=y, y2=y, **x)


def line(root: Element, plot: Plot, code: str, survival: Values) -> None:
    """A reading that is a line: in steps where each loss has a day, else from day to day."""
    known = [(day, share) for day, share in enumerate(survival) if share is not None]
    points = list(known[:1])
    for (_, before), (day, share) in pairwise(known):
        points += [(day, before), (day, share)] if code == "at_detection" else [(day, share)]
    written = " ".join(f"{plot.x(day):g},{plot.y(share):g}" for day, share in points)
    mark(root, "polyline", NAMES[code], class_=LINES[code], points=written)


def at_risk(root: Element, plot: Plot, place: int, name: str, counts: Sequence[int]) -> None:
    """A row of how many were watched so long, under the days that are named."""
    y = plot.bottom + AXIS + ROW * (place + 1)
    if place == 0:
        add(root, "text", "Episodes known to have held so long", class_="quiet", x=4, y=y - ROW)
    add(root, "text", name, class_="quiet", x=4, y=y)
    for day in range(0, int(plot.last) + 1, TICKS_DAYS):
        count = counts[day]
        add(
            root,
            "text",
            f"{count}",
            class_="risk",
            x=plot.x(day),
            y=y,
            text_anchor="middle",
            data_day=day,
        )
