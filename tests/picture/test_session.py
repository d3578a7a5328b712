from datetime import UTC, datetime, timedelta
from xml.etree.ElementTree import fromstring

import pytest

from app.picture.session import draw

START = datetime(2026, 11, 23, 16, tzinfo=UTC)
SVG = "{http://www.w3.org/2000/svg}"


def reading(minute, systolic=None, diastolic=None, pulse=None, saturation=None):
    return {
        "effective_at": START + timedelta(minutes=minute),
        "systolic_mmhg": systolic,
        "diastolic_mmhg": diastolic,
        "heart_rate_bpm": pulse,
        "spo2_percent": saturation,
    }


def drawn(*readings, now=30):
    svg = draw(readings, START, START + timedelta(minutes=now), None)
    return fromstring(svg)


def marks(root, name):
    return [one for one in root.iter() if one.get("class") == name]


def test_a_pressure_reaches_from_the_diastolic_to_the_systolic():
    root = drawn(reading(-15, 120, 80, 70, 98), reading(10, 160, 90, 80, 97))

    first, second = marks(root, "pressure")
    lengths = [float(one.get("y2")) - float(one.get("y1")) for one in (first, second)]
    assert first.get("data-value") == "120/80"
    assert lengths[1] / lengths[0] == pytest.approx(70 / 40, rel=0.001)
    assert float(second.get("x1")) > float(first.get("x1"))


def test_what_was_not_measured_is_not_drawn():
    root = drawn(reading(0, pulse=72), reading(10, 142))

    assert len(marks(root, "pulse")) == 1
    assert marks(root, "saturation") == []
    assert [one.get("data-value") for one in marks(root, "pressure")] == ["142"]


def test_every_mark_lies_in_the_picture_however_odd_its_value():
    root = drawn(reading(-300, 320, 250, 350, 100), reading(900, 30, 0, 0, 0), now=2000)

    width, height = map(float, root.get("viewBox").split()[2:])
    for one in [*marks(root, "pulse"), *marks(root, "saturation"), *marks(root, "ran")]:
        x = float(one.get("cx") or one.get("x"))
        y = float(one.get("cy") or one.get("y"))
        assert 0 <= x <= width
        assert 0 <= y <= height
