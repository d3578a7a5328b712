from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.picture.curves import draw

DAYS = list(range(92))

SVG = "{http://www.w3.org/2000/svg}"


def until(values):
    """A value a day; nothing is known after them."""
    return [*values, *[None] * (len(DAYS) - len(values))]


def reading(survival, least=None, most=None, at_risk=None):
    return {
        "survival": until(survival),
        "least": until(least or survival),
        "most": until(most or survival),
        "lower": until([max(0, one - 0.1) for one in survival]),
        "upper": until([min(1, one + 0.1) for one in survival]),
        "at_risk": at_risk,
    }


FLAT = reading([1.0] * 92, at_risk=[7] * 92)


def drawn(observed=FLAT, at_detection=None, noise_aware=None, width=720):
    told = {"patients": 7, "episodes": 9, "lost": 5, "held": 4, "observed": observed}
    told |= {"at_detection": at_detection, "noise_aware": noise_aware}
    return ET.fromstring(draw(told, DAYS, width, "Relief", "all"))


def marks(root, name):
    found = [one for one in root.iter() if name in one.get("class", "").split()]
    return [one for one in found if "key" not in one.get("class")]


def place(root):
    """From pixels back to days, and to shares."""
    left, right, top, bottom, last = (
        float(root.get(f"data-{name}")) for name in ("left", "right", "top", "bottom", "last-day")
    )
    return (
        lambda x: (float(x) - left) / (right - left) * last,
        lambda y: (bottom - float(y)) / (bottom - top),
    )


def bounds_at(root, at):
    """The least and the most at a day, as the picture shows them."""
    day, share = place(root)
    found = []
    for one in marks(root, "open"):
        x, y, width, height = (float(one.get(name)) for name in ("x", "y", "width", "height"))
        if day(x) - 0.05 < at < day(x + width) + 0.05:
            found += [share(y), share(y + height)]
    for one in marks(root, "known"):
        if day(one.get("x1")) - 0.05 < at < day(one.get("x2")) + 0.05:
            found.append(share(one.get("y1")))
    return min(found), max(found)


@given(
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9), st.floats(0, 0.2)), max_size=6),
    st.integers(380, 1200),
)
def test_the_curve_lies_within_what_is_drawn_on_every_day(falls, width):
    least, most, now = [1.0], [1.0], 1.0
    for known, unknown, fall in falls:
        after = max(0.0, now - fall)
        least += [now] * known + [after] * unknown
        most += [now] * (known + unknown)
        now = after
        least, most = [*least, now], [*most, now]
    root = drawn(reading(most, least, most, [3] * 92), width=width)

    for day, (low, high) in enumerate(zip(least, most, strict=True)):
        drawn_low, drawn_high = bounds_at(root, day)
        assert drawn_low <= low + 0.005
        assert drawn_high >= high - 0.005


def test_where_the_data_leave_it_open_there_is_a_box_and_no_line():
    most = [1.0] * 21 + [0.0]
    least = [1.0] * 15 + [0.0] * 7
    root = drawn(reading(most, least, most, [5] * 92))

    (box,) = marks(root, "open")
    day, share = place(root)
    right = float(box.get("x")) + float(box.get("width"))
    assert (round(day(box.get("x"))), round(day(right))) == (14, 21)
    assert share(box.get("y")) == pytest.approx(1)
    assert marks(root, "curve") == []


def test_losses_that_were_dated_are_steps_and_the_model_is_a_line():
    steps = reading([1.0] * 10 + [0.5] * 5, at_risk=[9] * 92)
    root = drawn(at_detection=steps, noise_aware=reading([1.0, 0.9, 0.8]))
    day, share = place(root)

    (detected,) = [one for one in marks(root, "detected") if one.tag == f"{SVG}polyline"]
    (modelled,) = [one for one in marks(root, "modelled") if one.tag == f"{SVG}polyline"]
    points = [one.split(",") for one in detected.get("points").split()]
    told = [(round(day(x), 1), round(share(y), 2)) for x, y in points]
    assert (10, 1.0) in told
    assert (10, 0.5) in told
    assert told[-1] == (14, 0.5)
    assert len(modelled.get("points").split()) == 3


def test_each_reading_that_is_there_is_named_and_those_at_risk_are_counted():
    risk = list(range(100, 8, -1))
    root = drawn(reading([1.0] * 92, at_risk=risk), at_detection=FLAT)

    texts = [one.text for one in root.iter(f"{SVG}text")]
    counts = {one.get("data-day"): one.text for one in marks(root, "risk")[:7]}
    assert sum("Kaplan-Meier" in one for one in texts) == 1
    assert not any("joint model" in one for one in texts)
    assert counts == {str(day): str(100 - day) for day in range(0, 92, 14)}


def test_nothing_is_told_by_colour_alone():
    root = drawn(at_detection=FLAT, noise_aware=reading([1.0] * 92))

    classes = [{one.get("class") for one in marks(root, name)} for name in ("detected", "modelled")]
    assert classes == [{"detected"}, {"modelled"}]
    assert "9 episodes of relief in 7 patients" in next(root.iter(f"{SVG}desc")).text
