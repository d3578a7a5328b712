import pytest

from app.science.safety import Numbers, of_session
from tests.science.safety.makers import chart, found, levels, reading


def pulses(*rates, apart=5):
    return chart(*(reading(place * apart, pulse=rate) for place, rate in enumerate(rates)))


@pytest.mark.parametrize(
    ("rates", "speaks"),
    [
        ((45,), False),
        ((45, 49), True),
        ((50, 50), False),
        ((120, 120), False),
        ((121, 130), True),
        ((45, 70, 45), False),
        ((45, 130), False),
    ],
)
def test_a_pulse_speaks_when_it_lasts(rates, speaks):
    assert levels(pulses(*rates)) == ({"HR": "warn"} if speaks else {})


def test_two_readings_within_the_minute_are_one():
    assert levels(pulses(45, 45, apart=0.5)) == {}
    assert levels(pulses(45, 45, 45, apart=0.5)) == {"HR": "warn"}


def saturations(*values, apart=1):
    return chart(*(reading(place * apart, saturation=one) for place, one in enumerate(values)))


def test_a_low_saturation_wants_two_readings_a_minute_apart_and_a_very_low_one_none():
    assert levels(saturations(91)) == {}
    assert levels(saturations(91, 91.5)) == {"SPO2": "warn"}
    assert levels(saturations(92, 92)) == {}
    assert levels(saturations(91, 97, 91)) == {}
    assert levels(saturations(90, apart=1)) == {}
    assert levels(saturations(89.5)) == {"SPO2": "emergency"}
    told = found(saturations(91, 91, 88))["SPO2"]
    assert (told.sentence, len(told.records)) == ("SpO2 88 % is below 90.", 3)


@pytest.mark.parametrize(
    ("breaths", "level"), [(10, None), (9, "warn"), (8, "warn"), (7, "emergency")]
)
def test_slow_breathing_is_graded(breaths, level):
    assert levels(chart(reading(breaths=breaths))) == ({"RR": level} if level else {})


@pytest.mark.parametrize(
    ("before", "now", "level"),
    [
        (5, 5, None),
        (5, 4, "info"),
        (4, 4, None),
        (None, 4, None),
        (5, 3, "warn"),
        (None, 3, "warn"),
        (5, 1, "emergency"),
        (5, 0, "emergency"),
        (1, 5, "emergency"),
    ],
)
def test_sedation_is_graded_by_its_depth_and_by_its_fall(before, now, level):
    earlier = [] if before is None else [reading(-5, moaas=before)]

    told = of_session(chart(*earlier, reading(20, moaas=now)), Numbers())

    assert [one.level for one in told if one.rule == "SED"] == ([level] if level else [])
    assert all(one.shown_only == (one.level == "info") for one in told)
