"""Answers and side effects: so many that those too close to be told apart share their words."""

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar
from xml.etree.ElementTree import Element

from app.picture.axes import Across, Down
from app.picture.panels import named
from app.picture.scene import Felt, Score
from app.picture.svg import add, mark, written

T = TypeVar("T")

RADIUS = 3.5
"""Of an answer's point, in pixels."""


def near(found: Sequence[T], x: Callable[[T], float], apart: float) -> Iterator[list[T]]:
    """What lies within so many pixels of the first of its like, together; with 0 each alone.

    >>> list(near([1, 2, 9, 20], float, 8)), list(near([1, 1], float, 0))
    ([[1, 2], [9], [20]], [[1], [1]])
    """
    together: list[T] = []
    for one in found:
        if together and x(one) - x(together[0]) >= apart:
            yield together
            together = []
        together.append(one)
    if together:
        yield together


def scores(into: Element, found: Sequence[Score], across: Across, down: Down) -> None:
    """The answers: their recall, the line that joins them, and a point for each."""
    shown = [one for one in found if across.shows(one.at)]
    if lines := recall(shown, across, down):
        add(into, "path", class_="recall", d=lines)
    points = " ".join(
        f"{across(one.at):g},{down(down.scale.severity(one.value)):g}" for one in shown
    )
    if points:
        add(into, "polyline", class_="curve", points=points)
    for together in near(shown, lambda one: across(one.at), across.apart):
        if len(together) > 1:
            points_of(into, together, across, down)
        else:
            point(into, together[0], across, down)


def point(into: Element, one: Score, across: Across, down: Down) -> None:
    """One answer."""
    told = f"{down.scale.code} {one.value:g} on {across.day(one.at)}"
    told += f", about the {one.recall_days:g} days before" if one.recall_days > 1 else ""
    mark(
        into,
        "circle",
        told,
        class_="score",
        cx=across(one.at),
        cy=down(down.scale.severity(one.value)),
        r=RADIUS,
        data_id=one.id,
        data_at=one.at,
        data_value=one.value,
    )


def points_of(into: Element, together: Sequence[Score], across: Across, down: Down) -> None:
    """Answers that lie close: a point for each, and their words once."""
    each = [f"{one.value:g} on {across.day(one.at)}" for one in together]
    dots = "".join(
        f"M{across(one.at):.1f} {down(down.scale.severity(one.value)):.1f}h0" for one in together
    )
    mark(into, "path", f"{down.scale.code} {'; '.join(each)}", class_="scores", d=dots)


def recall(found: Sequence[Score], across: Across, down: Down) -> str:
    """The days that each answer is about, as one path, as far as its point doesn't cover them."""
    each = (across.right - across.left) / across.days
    return "".join(
        f"M{max(across.left, across(one.at) - one.recall_days * each):.1f}"
        f" {down(down.scale.severity(one.value)):g}H{across(one.at):g}"
        for one in found
        if one.recall_days * each > (RADIUS + 1 if across.apart else 0)
    )


def effects(into: Element, found: Sequence[Felt], across: Across, y: float) -> None:
    """One side effect over the sessions: a bar by its severity, a hollow dot for its absence."""
    shown = [one for one in found if across.shows(one.at)]
    absent = [one for one in shown if not one.present]
    present = [one for one in shown if one.present]
    for together in near(absent, lambda one: across(one.at), across.apart):
        missed(into, together, across, y)
    for together in near(present, lambda one: across(one.at), across.apart):
        suffered(into, together, across, y)


def missed(into: Element, together: Sequence[Felt], across: Across, y: float) -> None:
    """What was asked and absent."""
    days = "; ".join(across.day(one.at) for one in together)
    told = f"{named(together[0].effect)}: asked and absent on {days}"
    if len(together) == 1:
        at = together[0].at
        mark(into, "circle", told, class_="absent", cx=across(at), cy=y, r=2, data_at=at)
        return
    rings = "".join(
        f"M{across(one.at) - 2:.1f} {y:g}a2 2 0 1 0 4 0a2 2 0 1 0-4 0" for one in together
    )
    mark(into, "path", told, class_="absent", d=rings)


def suffered(into: Element, together: Sequence[Felt], across: Across, y: float) -> None:
    """What was there, as high as it was bad."""
    first = together[0]
    each = "; ".join(f"{severity(one)}on {across.day(one.at)}" for one in together)
    bars = "".join(
        f"M{written(across(one.at))} {written(y + 6)}v-{written(height(one))}" for one in together
    )
    alone = len(together) == 1
    mark(
        into,
        "path",
        f"{named(first.effect)} {each}",
        class_="effect",
        d=bars,
        data_at=first.at if alone else None,
        data_effect=first.effect if alone else None,
    )


def severity(one: Felt) -> str:
    """How bad it was, where that was said."""
    return "" if one.severity is None else f"{one.severity:g} of 10 "


def height(one: Felt) -> float:
    """Pixels of a bar; in the middle where nobody said how bad it was."""
    return 3 + (5.0 if one.severity is None else one.severity)
