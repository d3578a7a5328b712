"""One session as it goes: pressure, pulse and saturation over minutes from its start. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element, tostring

from app.picture.svg import add, mark

Reading = Mapping[str, Any]

WIDTH, HEIGHT = 460, 300
LEFT, RIGHT = 42, 452
TOP, MIDDLE, LOW, BOTTOM = 12, 196, 220, 272
"""The upper panel has pressure and pulse, the lower one saturation."""

LEAST_MINUTES = (-15.0, 60.0)
"""Shown at least, so that the first readings don't fill the picture."""

PRESSURES = (40.0, 200.0)
SATURATIONS = (85.0, 100.0)

MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Plot:
    """Where minutes and values lie."""

    first: float
    last: float
    highest: float

    def x(self, minute: float) -> float:
        """Pixels from the left."""
        return LEFT + (minute - self.first) / (self.last - self.first) * (RIGHT - LEFT)

    def y(self, value: float) -> float:
        """Pixels from the top, of a pressure in mmHg or a pulse."""
        return scaled(max(value, PRESSURES[0]), PRESSURES[0], self.highest, MIDDLE, TOP)

    def low(self, value: float) -> float:
        """Pixels from the top, of a saturation."""
        return scaled(max(value, SATURATIONS[0]), *SATURATIONS, BOTTOM, LOW)


def scaled(value: float, least: float, most: float, bottom: float, top: float) -> float:
    """A value between two as pixels between two."""
    return bottom - (value - least) / (most - least) * (bottom - top)


def draw(readings: Sequence[Reading], start: datetime, now: datetime, end: datetime | None) -> str:
    """An SVG for a page: its classes are coloured by the page's style sheet.

    `start` is that of the session or, where it has not begun, when it is meant to. What was not
    measured leaves a gap; an infusion that runs is shaded up to `now`.
    """
    at = [(minutes(start, one["effective_at"]), one) for one in readings]
    plot = frame_of(at, minutes(start, now))
    root = Element(
        "svg",
        {
            "xmlns": "http://www.w3.org/2000/svg",
            "class": "session",
            "viewBox": f"0 0 {WIDTH} {HEIGHT}",
            "role": "img",
            "aria-label": told(at),
        },
    )
    if now >= start:
        ran = plot.x(min(plot.last, minutes(start, end or now)))
        add(
            root, "rect", class_="ran", x=plot.x(0.0), y=TOP, width=ran - plot.x(0.0), height=MIDDLE
        )
    grid(root, plot)
    pressures(root, plot, at)
    line(root, [(plot.x(x), plot.y(v), f"pulse {v:g}", x) for x, v in of(at, "heart_rate_bpm")], 0)
    spots = [(plot.x(x), plot.low(v), f"SpO₂ {v:g} %", x) for x, v in of(at, "spo2_percent")]
    line(root, spots, 1)
    return tostring(root, encoding="unicode")


def minutes(since: datetime, until: datetime) -> float:
    """Minutes from one instant to another."""
    return (until - since).total_seconds() / 60


def frame_of(at: Sequence[tuple[float, Reading]], now: float) -> Plot:
    """A frame that everything fits in."""
    x = [minute for minute, _ in at]
    tops = [one["systolic_mmhg"] or 0 for _, one in at] + [
        one["heart_rate_bpm"] or 0 for _, one in at
    ]
    last = max([LEAST_MINUTES[1], *x, min(now, 240.0)])
    return Plot(min([LEAST_MINUTES[0], *x]), last + 2, max([PRESSURES[1], *tops]) + 5)


def of(at: Sequence[tuple[float, Reading]], name: str) -> list[tuple[float, float]]:
    """Minutes and values of one measure, where it was taken."""
    return [(minute, float(one[name])) for minute, one in at if one[name] is not None]


def grid(root: Element, plot: Plot) -> None:
    """What the lines are read against."""
    for value in (60, 100, 140, 180):
        y = plot.y(value)
        add(root, "line", class_="grid", x1=LEFT, x2=RIGHT, y1=y, y2=y)
        add(root, "text", f"{value}", class_="quiet", x=LEFT - 6, y=y + 4, text_anchor="end")
    for value in (90, 100):
        y = plot.low(value)
        add(root, "line", class_="grid", x1=LEFT, x2=RIGHT, y1=y, y2=y)
        add(root, "text", f"{value}%", class_="quiet", x=LEFT - 6, y=y + 4, text_anchor="end")
    span = plot.last - plot.first
    step = next(one for one in (10, 20, 30, 60, 120, 240, 480, 10**6) if span / one <= MOST_TICKS)
    minute = -(-plot.first // step) * step
    while minute <= plot.last:
        words = "start" if minute == 0 else f"{minute:g}"
        add(
            root,
            "text",
            words,
            class_="quiet",
            x=plot.x(minute),
            y=HEIGHT - 8,
            text_anchor="middle",
        )
        minute += step


def pressures(root: Element, plot: Plot, at: Sequence[tuple[float, Reading]]) -> None:
    """Each pressure as a bar from the diastolic to the systolic."""
    for minute, one in at:
        high, low = one["systolic_mmhg"], one["diastolic_mmhg"]
        if high is None:
            continue
        x, words = plot.x(minute), f"{high}/{low}" if low is not None else f"{high}"
        bottom = plot.y(low) if low is not None else plot.y(high) + 2
        mark(
            root,
            "line",
            f"{words} mmHg at minute {minute:.0f}",
            class_="pressure",
            x1=x,
            x2=x,
            y1=plot.y(high),
            y2=bottom,
            data_minute=round(minute, 1),
            data_value=words,
        )


def line(root: Element, spots: Sequence[tuple[float, float, str, float]], kind: int) -> None:
    """Points joined by a line: a circle for the pulse, a square for the saturation."""
    name = ("pulse", "saturation")[kind]
    for one, other in pairwise(spots):
        add(root, "line", class_=f"{name} join", x1=one[0], y1=one[1], x2=other[0], y2=other[1])
    for x, y, words, minute in spots:
        shape: dict[str, Any] = (
            {"x": x - 3.5, "y": y - 3.5, "width": 7, "height": 7}
            if kind
            else {"cx": x, "cy": y, "r": 4}
        )
        text = f"{words} at minute {minute:.0f}"
        mark(root, "rect" if kind else "circle", text, class_=name, **shape)


def told(at: Sequence[tuple[float, Reading]]) -> str:
    """The picture in words; the table beside it has each reading."""
    if not at:
        return "No readings yet."
    return f"Pressure, pulse and saturation of {len(at)} readings; the table has each."
