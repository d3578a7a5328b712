from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.picture.axes import Across
from app.picture.drawing import draw
from app.picture.scene import Ahead, Felt, Flag, Given, Levels, Peak, Scene, Score, Span
from app.science.relief import SCALES

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)

SVG = "{http://www.w3.org/2000/svg}"


def days(count):
    return NOW + timedelta(days=count)


def scene(code="PHQ-9", **fields):
    usual = {
        "scale": SCALES[code],
        "since": days(-60),
        "until": days(30),
        "now": NOW,
        "scores": [],
        "given": [],
        "spans": [],
        "levels": [],
        "felt": [],
        "peaks": [],
        "flags": [],
        "ahead": None,
        "summary": "Relief is holding.",
        "zone": "America/Denver",
    }
    return Scene(**(usual | fields))


def drawn(told, **how):
    return ET.fromstring(draw(told, **how))


def marks(root, name):
    return [one for one in root.iter() if name in one.get("class", "").split()]


def instant(root, x):
    """The instant at which something lies, read back from the picture."""
    left, right = float(root.get("data-left")), float(root.get("data-right"))
    since, until = (datetime.fromisoformat(root.get(f"data-{end}")) for end in ("from", "to"))
    return since + (until - since) * ((float(x) - left) / (right - left))


def severity(root, y, code):
    """The severity at which something lies, read back from the picture."""
    top, bottom = float(root.get("data-top")), float(root.get("data-bottom"))
    scale = SCALES[code]
    return (bottom - float(y)) / (bottom - top) * (scale.highest - scale.lowest)


@given(
    st.sampled_from(sorted(SCALES)),
    st.floats(-59, 0),
    st.floats(0, 1),
    st.integers(320, 2400),
)
def test_an_answer_lies_at_its_day_and_its_severity(code, ago, share, width):
    scale = SCALES[code]
    value = scale.lowest + share * (scale.highest - scale.lowest)
    root = drawn(scene(code, scores=[Score("a", days(ago), value, 14)]), width=width)

    (point,) = marks(root, "score")

    tolerance = timedelta(days=90 / (width - 108) * 0.02)
    assert abs(instant(root, point.get("cx")) - days(ago)) <= tolerance
    assert severity(root, point.get("cy"), code) == pytest.approx(
        scale.severity(value), abs=scale.highest / 100
    )


def test_better_is_down_whichever_way_the_points_run():
    for code, well, ill in (("PHQ-9", 3, 20), ("MOOD-10", 9, 2)):
        told = [Score("ill", days(-10), ill, 14), Score("well", days(-3), well, 14)]
        first, second = marks(drawn(scene(code, scores=told)), "score")

        assert float(second.get("cy")) > float(first.get("cy"))


def test_relief_is_solid_to_the_last_well_answer_and_fades_to_the_first_unwell():
    span = Span("i", days(-40), days(-10), "lost", days(-38), days(-25), days(-18))
    root = drawn(scene(spans=[span]))

    (well,) = marks(root, "well")
    fades = marks(root, "fade")

    def end(one):
        return instant(root, float(one.get("x")) + float(one.get("width")))

    near = timedelta(hours=2)
    assert abs(instant(root, well.get("x")) - days(-40)) < near
    assert abs(end(well) - days(-25)) < near
    assert abs(end(fades[-1]) - days(-18)) < near
    opacities = [float(one.get("opacity")) for one in fades]
    assert opacities == sorted(opacities, reverse=True)
    assert marks(root, "arrow") == []


def test_relief_that_still_holds_ends_in_an_arrow_and_only_the_last_does():
    last = Span("i", days(-20), None, "held", days(-18), days(-2), None)
    before = Span("h", days(-40), days(-20), "held", days(-38), days(-21), None)

    root = drawn(scene(spans=[before, last]))

    assert len(marks(root, "arrow")) == 1


def test_an_infusion_is_larger_the_larger_its_dose_for_the_weight():
    told = [Given(str(dose), days(-30 + dose), "iv", dose, 40) for dose in (0.25, 0.5, 1.0)]
    told.append(Given("?", days(-5), "iv", None, None))

    root = drawn(scene(given=told))

    radii = [float(one.get("r")) for one in marks(root, "infusion")[:3]]
    assert radii == sorted(radii)
    assert len(marks(root, "unknown")) == 1


def test_asked_and_absent_is_drawn_and_is_not_nothing():
    told = [Felt("nausea", days(-9), 6, True), Felt("nausea", days(-2), None, False)]
    root = drawn(scene(felt=told))

    assert len(marks(root, "effect")) == 1
    assert len(marks(root, "absent")) == 1


def test_the_window_and_what_is_expected_lie_ahead():
    told = Ahead(days(2), days(10), days(25), days(4), days(8))
    root = drawn(scene(ahead=told))

    (window,) = marks(root, "window")
    (median,) = marks(root, "median")
    assert abs(instant(root, window.get("x")) - days(4)) < timedelta(hours=3)
    assert abs(instant(root, median.get("cx")) - days(10)) < timedelta(hours=3)


def test_every_mark_says_what_it_is():
    root = drawn(
        scene(
            scores=[Score("a", days(-3), 7, 14)],
            given=[Given("i", days(-9), "iv", 0.5, 41)],
            peaks=[Peak(days(-9), 171, 96, 128)],
            flags=[Flag("f", days(-2), "alert", "stop"), Flag("d", days(-1), "decision", "wait")],
        )
    )

    told = {one.text for one in root.iter(f"{SVG}title")}
    assert told >= {
        "PHQ-9 7 on 20 Nov 2026, about the 14 days before",
        "41 mg, 0.5 mg/kg, iv, on 14 Nov 2026",
        "Highest 171/96 mmHg on 14 Nov 2026, 128 before the dose",
        "Alert: stop on 21 Nov 2026",
        "Decision: wait on 22 Nov 2026",
    }


def test_levels_are_each_courses_own():
    told = [Levels(days(-60), days(-20), 10, 4), Levels(days(-20), None, 7, 4)]
    root = drawn(scene(levels=told))

    tops = [severity(root, one.get("y"), "PHQ-9") for one in marks(root, "response")]
    assert tops == pytest.approx([10, 7], abs=0.1)


def test_nothing_outside_the_range_is_drawn():
    told = [Score("a", days(-61), 7, 14), Score("b", days(31), 7, 14)]

    assert marks(drawn(scene(scores=told)), "score") == []


@given(st.floats(1, 4000), st.integers(320, 2400))
def test_dates_on_the_axis_are_in_order_and_can_be_read(length, width):
    across = Across(NOW, NOW + timedelta(days=length), 92, width - 16, "Europe/Berlin")

    at = [across(tick) for tick, _ in across.ticks()]

    assert at == sorted(at)
    assert all(after - before >= 40 for before, after in pairwise(at))


def test_the_picture_is_the_same_every_time():
    told = scene(scores=[Score("a", days(-3), 7, 14)])

    assert draw(told) == draw(told)


def test_what_lies_before_or_after_the_range_leaves_nothing_at_its_edges():
    before = Span("a", days(-90), days(-70), "lost", days(-88), days(-80), days(-75))
    after = Ahead(days(41), days(45), days(50), days(42), days(44))

    root = drawn(scene(spans=[before], ahead=after))

    for name in ("well", "fade", "arrow", "window", "expected", "median"):
        assert marks(root, name) == []


def test_relief_that_began_before_the_range_is_shown_from_its_edge():
    span = Span("a", days(-90), days(-20), "held", days(-88), days(-30), None)

    root = drawn(scene(spans=[span]))

    (well,) = marks(root, "well")
    assert well.get("x") == root.get("data-left")


def test_a_mark_says_the_day_that_it_was_where_the_patient_is():
    evening = datetime(2026, 11, 17, 2, 15, tzinfo=UTC)

    root = drawn(scene(scores=[Score("a", evening, 5, 0)], zone="America/Denver"))

    assert "PHQ-9 5 on 16 Nov 2026" in {one.text for one in root.iter(f"{SVG}title")}
