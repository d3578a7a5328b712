"""The rows of the picture, each drawn under the same axis of time."""

from collections.abc import Sequence
from datetime import datetime
from math import sqrt
from xml.etree.ElementTree import Element

from app.picture.axes import Across, Down
from app.picture.scene import Ahead, Flag, Given, Levels, Peak, Scene, Span
from app.picture.svg import add, mark

FADES = 5
"""Steps in which what is uncertain fades."""

STEP = 4
"""Pixels of a step that can be seen."""

FULL_MG_PER_KG = 1.0
"""The dose of the largest mark."""


def levels(into: Element, found: Sequence[Levels], across: Across, down: Down) -> None:
    """Response and remission as shaded levels, course by course."""
    for one in found:
        left, right = across.clipped(one.since), across.clipped(one.until or across.until)
        if right <= left:
            continue
        for name, severity in (("response", one.response), ("remission", one.remission)):
            if severity is not None:
                top = down(severity)
                add(
                    into,
                    "rect",
                    class_=name,
                    x=left,
                    y=top,
                    width=right - left,
                    height=down.bottom - top,
                )
                if one.until is None:
                    # To the right: there lies what is ahead, and no answer over the word.
                    x = right - 4
                    add(into, "text", name, class_="quiet", x=x, y=top + 11, text_anchor="end")


def infusions(into: Element, found: Sequence[Given], across: Across, y: float, top: float) -> None:
    """Each infusion by its dose for the weight, with a thin line up to the scores."""
    labelled = float("-inf")
    shown = [one for one in found if across.shows(one.at)]
    if shown:
        lines = "".join(f"M{across(one.at):g} {top:g}V{y:g}" for one in shown)
        add(into, "path", class_="drop", d=lines)
    for one in shown:
        x = across(one.at)
        share = None if one.mg_per_kg is None else min(1.5, one.mg_per_kg / FULL_MG_PER_KG)
        known = share is not None or one.dose_mg is not None
        mark(
            into,
            "circle",
            dose(one, across),
            class_="infusion" if known else "infusion unknown",
            cx=x,
            cy=y,
            r=4.0 if share is None else 2.5 + 5.5 * sqrt(share),
            data_id=one.id,
            data_at=one.at,
        )
        if x - labelled >= 34:  # noqa: PLR2004  # pixels that "0.75 IV" needs
            text = one.route.upper() if len(one.route) == 2 else one.route[:4]  # noqa: PLR2004
            add(into, "text", text, class_="quiet", x=x, y=y + 19, text_anchor="middle")
            labelled = x


def dose(one: Given, across: Across) -> str:
    """An infusion in words."""
    what = "dose not known" if one.dose_mg is None else f"{one.dose_mg:g} mg"
    by_weight = "" if one.mg_per_kg is None else f", {one.mg_per_kg:g} mg/kg"
    return f"{what}{by_weight}, {one.route}, on {across.day(one.at)}"


def relief(into: Element, found: Sequence[Span], across: Across, y: float, now: datetime) -> None:
    """How long each infusion's relief lasted, as sure as it is known."""
    for one in found:
        if not across.touches(one.given_at, one.lost_by or one.ends_at or now):
            continue
        shown = add(into, "g", data_id=one.infusion_id, data_status=one.status)
        add(shown, "title", told_of(one))
        end = one.ends_at or now
        if one.well_until is None or one.begins_at is None:
            if across.clipped(end) > across.clipped(one.given_at):
                add(
                    shown,
                    "line",
                    class_="none",
                    x1=across.clipped(one.given_at),
                    x2=across.clipped(end),
                    y1=y,
                    y2=y,
                )
            continue
        if across.touches(one.given_at, one.well_until):
            bar(shown, across.clipped(one.given_at), across.clipped(one.well_until), y, "well")
        if one.lost_by is not None and across.touches(one.well_until, one.lost_by):
            fading(shown, across.clipped(one.well_until), across.clipped(one.lost_by), y)
        elif one.lost_by is None and one.ends_at is None and across.shows(one.well_until):
            arrow(shown, across.clipped(one.well_until), y)


def told_of(one: Span) -> str:
    """An episode in words."""
    if one.well_until is None:
        return {
            "no_response": "No response seen",
            "indeterminate": "The first answer came too late to tell",
            "unobserved": "No answer before the next infusion",
        }.get(one.status, "Not evaluable")
    least = (one.well_until - one.given_at).total_seconds() / 86400
    if one.lost_by is None:
        return f"Relief for at least {least:.0f} days, no loss seen"
    most = (one.lost_by - one.given_at).total_seconds() / 86400
    return f"Relief for at least {least:.0f} days, lost by day {most:.0f}"


def bar(into: Element, left: float, right: float, y: float, name: str, opacity: float = 1) -> None:
    """A piece of a span; as thin as a hair where it has no length."""
    add(
        into,
        "rect",
        class_=name,
        x=left,
        y=y - 5,
        width=max(1.0, right - left),
        height=10,
        opacity=None if opacity == 1 else opacity,
    )


def fading(into: Element, left: float, right: float, y: float) -> None:
    """From the last well answer to the first unwell one, fading in no more steps than are seen."""
    steps = max(1, min(FADES, int((right - left) / STEP)))
    step = (right - left) / steps
    for place in range(steps):
        start = left + place * step
        share = place / (steps - 1) if steps > 1 else 0.5
        bar(into, start, start + step, y, "fade", 0.7 - 0.52 * share)


def arrow(into: Element, x: float, y: float) -> None:
    """It still held when last seen."""
    add(into, "path", class_="arrow", d=f"M{x:g} {y - 8:g}l9 8l-9 8z")


def named(effect: str) -> str:
    """An effect as it is read.

    >>> named("blurred_vision")
    'Blurred vision'
    """
    return effect.replace("_", " ").capitalize()


def pressures(into: Element, found: Sequence[Peak], across: Across, y: float) -> None:
    """The highest pressure of each session, from 80 to 220 mmHg, over the one before the dose."""

    def height(mmhg: int) -> float:
        return y + 12 - 24 * (min(220, max(80, mmhg)) - 80) / 140

    shown = [one for one in found if across.shows(one.at)]
    following = [across(one.at) for one in shown[1:]] + [float("inf")]
    for one, after in zip(shown, following, strict=True):
        x = across(one.at)
        low = one.systolic if one.before is None else one.before
        below = "" if one.diastolic is None else f"/{one.diastolic}"
        told = f"Highest {one.systolic}{below} mmHg on {across.day(one.at)}"
        told += "" if one.before is None else f", {one.before} before the dose"
        group = add(into, "g", class_="pressure", data_at=one.at, data_systolic=one.systolic)
        add(group, "title", told)
        add(group, "line", class_="peak", x1=x, x2=x, y1=height(low), y2=height(one.systolic))
        add(group, "circle", class_="top", cx=x, cy=height(one.systolic), r=2.5)
        if after - x >= 28:  # noqa: PLR2004  # pixels that three digits need
            add(group, "text", f"{one.systolic}", x=x + 4, y=height(one.systolic) + 3)


def flags(into: Element, found: Sequence[Flag], across: Across, y: float) -> None:
    """Alerts as triangles, decisions as squares."""
    for one in found:
        if not across.shows(one.at):
            continue
        x = across(one.at)
        name = f"flag {one.kind if one.kind == 'decision' else one.what}"
        what = "Decision" if one.kind == "decision" else "Alert"
        told = f"{what}: {one.what.replace('_', ' ')} on {across.day(one.at)}"
        shape = f"M{x:g} {y - 6:g}l6 11h-12z"
        if one.kind == "decision":
            shape = f"M{x - 5:g} {y - 5:g}h10v10h-10z"
        mark(into, "path", told, class_=name, d=shape, data_id=one.id, data_at=one.at)


def ahead(into: Element, found: Ahead, across: Across, top: float, y: float) -> None:
    """The window to talk about, and when relief is expected to be lost, as far as it is shown."""
    opens, closes = found.opens_at, found.closes_at
    if opens is not None and closes is not None and across.touches(opens, closes):
        left, right = across.clipped(opens), across.clipped(closes)
        told = f"Window to talk about: {across.day(opens)} to {across.day(closes)}"
        place = {"x": left, "y": top, "width": max(2.0, right - left), "height": y + 8 - top}
        mark(into, "rect", told, class_="window", **place, data_from=opens, data_to=closes)
    if found.lower_at is not None and found.median_at is not None:
        last = found.upper_at or max(across.until, found.lower_at)
        if across.touches(found.lower_at, last):
            left, right = across.clipped(found.lower_at), across.clipped(last)
            add(into, "line", class_="expected", x1=left, x2=right, y1=y, y2=y)
        if across.shows(found.median_at):
            told = f"Relief expected to be lost around {across.day(found.median_at)}"
            x = across(found.median_at)
            mark(into, "circle", told, class_="median", cx=x, cy=y, r=4, data_at=found.median_at)


def names(scene: Scene) -> list[str]:
    """The side effects that get a row: those there most often, at most four."""
    counts: dict[str, int] = {}
    for one in scene.felt:
        counts[one.effect] = counts.get(one.effect, 0) + one.present
    ranked = sorted(counts, key=lambda name: (-counts[name], name))
    return [name for name in ranked if counts[name]][:4]
